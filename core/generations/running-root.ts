// Tells which generation and release a host runs, and why not the current one, from its mounts, its pool and the hook's note.
import { scrub } from "../inventory/scrub.ts";
import type { HostFacts } from "../status/host-facts.ts";

export type RootFacts = HostFacts["root"];

export const OTHER_ROOT: RootFacts = {
  ...{ generation: "other", release: null, current: null, safe: null, trial: null, fellBack: null },
};

/** A root of ours on a file system that has no other generations. */
export const ONE_ROOT: RootFacts = { ...OTHER_ROOT, generation: "one" };

/** Written by initramfs-hooks/scripts/multiverse-generations at every start (docs/formats/dataset-tree.md). */
export const BOOT_NOTE = "/run/multiverse/boot/generation";

export interface RootDataset {
  filesystem: "zfs" | "btrfs";
  /** Data set, or subvolume as a path from the top of its file system. */
  dataset: string;
  generation: RootFacts["generation"];
  /** The data set or subvolume whose snapshots are the releases; null where the root is none of ours. */
  g2: string | null;
}

/**
 * The data set or subvolume that is mounted at /, from /proc/self/mounts (proc_pid_mounts(5)); null where / is something
 * else.
 */
export function rootDataset(mounts: string): RootDataset | null {
  const fields = mounts.split("\n").map((line) => line.split(" "));
  // A later mount at the same place covers the former one.
  const root = fields.findLast(([, point]) => point === "/");
  const [source = "", , filesystem, options = ""] = root ?? [];
  if ((filesystem !== "zfs" && filesystem !== "btrfs") || source === "") return null;
  const name = filesystem === "zfs" ? source : (/(?:^|,)subvol=\/([^,]*)/.exec(options)?.[1] ?? "");
  const dataset = name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  const [, system, place] = /^(.+)\/(os\/g2|os\/g3(?:\.prev-[0-9]+)?|rec\/g1[^/]*)$/.exec(dataset) ?? [];
  if (system === undefined || place === undefined) return { filesystem, dataset, generation: "other", g2: null };
  const generation = place.startsWith("rec/") ? "g1" : place === "os/g2" ? "g2" : "g3";
  return { filesystem, dataset, generation, g2: `${system}/os/g2` };
}

/** `zfs get -H -o name,property,value …` (zfs-get(8)): properties of each data set by name; "-" is one that is not set. */
export function parseProperties(output: string): Map<string, Map<string, string>> {
  const sets = new Map<string, Map<string, string>>();
  for (const line of output.split("\n")) {
    const [name = "", property = "", value = "-"] = line.split("\t");
    if (property === "") continue;
    const properties = sets.get(name) ?? new Map<string, string>();
    if (value !== "-" && value !== "") properties.set(property, scrub(value));
    sets.set(name, properties);
  }
  return sets;
}

/** The hook's note: what the boot menu asked for, what was taken, and what was current then. */
export interface BootNote {
  asked: string;
  taken: string;
  /** Empty where none was named. */
  current: string;
}

/** Null where there is no note, or a part of it is missing: then nothing is said rather than something wrong. */
export function parseBootNote(text: string | null): BootNote | null {
  const field = (name: string) => scrub(new RegExp(`^${name}=(.*)$`, "m").exec(text ?? "")?.[1]);
  const note = { asked: field("asked"), taken: field("taken"), current: field("current") };
  return note.asked === "" || note.taken === "" ? null : note;
}

/** The note of a start from ext4 or xfs. */
export const saysOne = (text: string | null): boolean => /^generation=one$/m.test(text ?? "");

export interface RootSources {
  /** Of the root's own data set. */
  own: ReadonlyMap<string, string>;
  /** Of g2. */
  g2: ReadonlyMap<string, string>;
  /** Of the release that runs, and of the one that was current at the start; empty where they are not known. */
  running: ReadonlyMap<string, string>;
  wanted: ReadonlyMap<string, string>;
  note: BootNote | null;
  /** /proc/sys/kernel/osrelease. */
  kernel: string;
}

/** What the properties mean together. */
export function rootFacts(root: RootDataset, sources: RootSources): RootFacts {
  const { own, g2, note } = sources;
  const release = own.get("multiverse:release") ?? (root.generation === "g3" ? (note?.taken ?? null) : null);
  const current = g2.get("multiverse:current") ?? null;
  const tries = Number(g2.get("multiverse:tries") ?? 0);
  return {
    generation: root.generation,
    release,
    current,
    safe: g2.get("multiverse:safe") ?? null,
    trial:
      root.generation === "g3" && sources.running.get("multiverse:booted") === "no"
        ? { tries: release === current && Number.isSafeInteger(tries) ? tries : 0 }
        : null,
    fellBack: root.generation === "g3" ? fellBack(sources) : null,
  };
}

/** By the note only: that `current` is another one now may also mean that an update was made since the start. */
function fellBack({ note, wanted, kernel }: RootSources): RootFacts["fellBack"] {
  if (note === null || note.current === "" || note.current === note.taken) return null;
  return { from: note.current, why: why(note, wanted.get("multiverse:kernel"), kernel) };
}

function why(note: BootNote, needed: string | undefined, kernel: string): string {
  if (note.asked === "safe") return "the safe release was chosen in the boot menu";
  if (note.asked !== "auto") return `release ${note.asked} was chosen in the boot menu`;
  if (needed === undefined) return `release ${note.current} is not there, or does not say which kernel it needs`;
  if (needed !== kernel) return `it needs kernel ${needed}, and ${kernel} was started`;
  return "the start chose another release";
}
