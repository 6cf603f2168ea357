// Asks the mounts, zfs (or the file that btrfs has for it) and the hook's note for what tells the running generation.
import type { AskBriefly } from "../health/ask-briefly.ts";
import type { SourcePorts } from "../status/source.ts";
import type { Argv } from "../tools/run.ts";
import {
  BOOT_NOTE,
  ONE_ROOT,
  OTHER_ROOT,
  parseBootNote,
  parseProperties,
  type RootFacts,
  rootDataset,
  rootFacts,
  saysOne,
} from "./running-root.ts";
import { GENERATIONS_FILE, parseGenerations } from "./subvolume-properties.ts";

const ZFS_MS = 5_000;

const getProperties = (properties: string, sets: readonly string[]): Argv => [
  ...(["zfs", "get", "-H", "-o", "name,property,value", properties] as const),
  ...sets,
];

/** A zfs that hangs or is missing leaves what the mounts and the note say; rejects only when the signal is aborted. */
export async function askRoot(ports: SourcePorts, ask: AskBriefly, signal: AbortSignal): Promise<RootFacts> {
  const root = rootDataset((await ports.read("/proc/self/mounts")) ?? "");
  const noted = await ports.read(BOOT_NOTE);
  if (root === null && saysOne(noted)) return ONE_ROOT;
  if (root?.g2 == null) return OTHER_ROOT;
  const { dataset, g2 } = root;
  const note = parseBootNote(noted);
  const kernel = ((await ports.read("/proc/sys/kernel/osrelease")) ?? "").trim();
  if (root.filesystem === "btrfs") {
    const { g2: own, releases } = parseGenerations(await ports.read(GENERATIONS_FILE));
    const of = (release: string | undefined) => releases.get(release ?? "") ?? new Map<string, string>();
    return rootFacts(root, {
      ...{ own: new Map(), note, kernel, g2: own },
      ...{ running: of(note?.taken), wanted: of(note?.current) },
    });
  }
  /** One data set that is gone makes zfs end with 1, after it has told of the others. */
  const get = async (properties: string, sets: readonly string[]) =>
    parseProperties((await ask(ports.run, getProperties(properties, sets), ZFS_MS, signal)).stdout);

  const sets = await get("multiverse:release,multiverse:current,multiverse:safe,multiverse:tries", [dataset, g2]);
  const own = sets.get(dataset) ?? new Map<string, string>();
  const running = own.get("multiverse:release") ?? note?.taken;
  const asked = [running, note?.current].filter((name) => name !== undefined && /^[A-Za-z0-9_.:-]+$/.test(name));
  const snapshots = [...new Set(asked)].map((name) => `${g2}@${name}`);
  const releases = snapshots.length === 0 ? new Map() : await get("multiverse:booted,multiverse:kernel", snapshots);
  return rootFacts(root, {
    ...{ own, note, kernel, g2: sets.get(g2) ?? new Map() },
    running: releases.get(`${g2}@${running}`) ?? new Map(),
    wanted: releases.get(`${g2}@${note?.current}`) ?? new Map(),
  });
}
