// All sources of this folder: the list that the daemon's own is made with.
import type { MakeSource, StatusSource } from "../status/source.ts";
import { makeSourceDisks } from "./disks.ts";
import { makeSourceHost } from "./host.ts";
import { makeSourceLoad } from "./load.ts";
import { makeSourcePools } from "./pools.ts";
import { makeSourceSensors } from "./sensors.ts";
import { makeSourceUnfinished } from "./unfinished.ts";
import { makeSourceUnits } from "./units.ts";
import { makeSourceUpdate } from "./update.ts";

/** Sources remember, so each call makes new ones. `version` is Multiverse's. */
export function healthSources({ version }: { version: string }): readonly StatusSource[] {
  const makers: readonly MakeSource[] = [
    ...[makeSourceHost({ version }), makeSourcePools, makeSourceDisks, makeSourceSensors],
    ...[makeSourceLoad, makeSourceUnits, makeSourceUpdate, makeSourceUnfinished],
  ];
  return makers.map((make) => make());
}
