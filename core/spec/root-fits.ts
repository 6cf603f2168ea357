// Which keys under `root:` go with which file system: one that does not is refused, never ignored.
import { layoutWords } from "../disk-layouts.ts";

/** As the schema has it; loose, because it is looked at before everything in it is known to be right. */
export interface StatedRoot {
  filesystem?: string | undefined;
  layout?: string | undefined;
  system?: string | undefined;
  datasets?: Record<string, object | undefined> | undefined;
  [key: string]: unknown;
}

export interface Misfit {
  path: string[];
  message: string;
}

const OF_ZFS = ["pool", "special", "log", "cache", "spare", "pool-options"] as const;
const ZFS_WORDS: readonly string[] = [
  "single",
  "stripe",
  "mirror",
  "raid10",
  "raidz",
  "raidz1",
  "raidz2",
  "raidz3",
  "draid",
];
/** What other file systems call it. */
const SAME_AS: Readonly<Record<string, string>> = {
  ...{ mirror: "raid1", raidz: "raid5", raidz1: "raid5", raidz2: "raid6" },
  ...{ raid1: "mirror", raid5: "raidz1", raid6: "raidz2" },
};

/** Every key that does not go with the stated file system. */
export function misfits(root: StatedRoot): Misfit[] {
  const { filesystem = "zfs" } = root;
  if (filesystem === "zfs")
    return [...wrongLayout(root, "zfs", ZFS_WORDS), ...has(root, ["lvm"], "goes with ext4 and xfs; ZFS has data sets")];
  if (filesystem !== "ext4" && filesystem !== "xfs" && filesystem !== "btrfs") return [];
  const plain = filesystem !== "btrfs";
  return [
    ...has(root, OF_ZFS, "goes with ZFS only"),
    ...wrongLayout(root, filesystem, layoutWords(filesystem)),
    ...(plain
      ? has(root, ["generations", "datasets"], `goes with ZFS and btrfs: ${filesystem} has one generation`)
      : []),
    ...(plain ? [] : has(root, ["lvm"], "goes with ext4 and xfs; btrfs has subvolumes")),
    ...(plain ? [] : propertiesOnBtrfs(root)),
    ...longSystem(root, filesystem),
  ];
}

const has = (root: StatedRoot, keys: readonly string[], message: string): Misfit[] =>
  keys.filter((key) => root[key] !== undefined).map((key) => ({ path: [key], message }));

function wrongLayout({ layout }: StatedRoot, filesystem: string, words: readonly string[]): Misfit[] {
  if (layout === undefined || words.includes(layout)) return [];
  const same = SAME_AS[layout];
  const hint = same !== undefined && words.includes(same) ? `; there it is called ${same}` : "";
  return [{ path: ["layout"], message: `goes not with ${filesystem}, which has ${words.join(", ")}${hint}` }];
}

function propertiesOnBtrfs({ datasets = {} }: StatedRoot): Misfit[] {
  return Object.entries(datasets).flatMap(([name, about]) =>
    Object.keys(about ?? {})
      .filter((key) => key !== "mountpoint")
      .map((key) => ({ path: ["datasets", name, key], message: "goes with ZFS only; a subvolume has a mountpoint" })),
  );
}

/** It becomes the name of an array, an opened lock and a volume group (mdadm(8), --name). */
function longSystem({ system }: StatedRoot, filesystem: string): Misfit[] {
  if (system === undefined || /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/.test(system)) return [];
  return [{ path: ["system"], message: `must be at most 32 letters, digits and _ . - with ${filesystem}` }];
}
