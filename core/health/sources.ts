// All sources of this folder: the list that the daemon's own is made with.
import type { PartName } from "../status/snapshot.ts";
import type { MakeSource, StatusSource } from "../status/source.ts";
import { makeSourceDisks } from "./disks.ts";
import { makeSourceHost } from "./host.ts";
import { makeSourceLoad } from "./load.ts";
import { makeSourcePools } from "./pools.ts";
import { makeSourceSensors } from "./sensors.ts";
import { makeSourceUnfinished } from "./unfinished.ts";
import { makeSourceUnits } from "./units.ts";
import { makeSourceUpdate } from "./update.ts";

/** A maker and a source of one part, whichever. */
type MakeAny = { [Name in PartName]: MakeSource<Name> }[PartName];
type AnySource = { [Name in PartName]: StatusSource<Name> }[PartName];

/** `version` is Multiverse's. */
export function healthMakers({ version }: { version: string }): readonly MakeAny[] {
  return [
    ...[makeSourceHost({ version }), makeSourcePools, makeSourceDisks, makeSourceSensors],
    ...[makeSourceLoad, makeSourceUnits, makeSourceUpdate, makeSourceUnfinished],
  ];
}

/** Sources remember, so each call makes new ones. */
export function healthSources(options: { version: string }): readonly AnySource[] {
  return healthMakers(options).map((make) => make());
}
