// The words for joining disks below ext4 and xfs (md arrays) and within btrfs: how many disks each takes, what it survives.

export type DiskFilesystem = "ext4" | "xfs" | "btrfs";

/** md(4), and the profiles of mkfs.btrfs(8); raid10: pairs of mirrors. */
export type DiskLayout = "single" | "raid1" | "raid5" | "raid6" | "raid10";

interface Rule {
  least: number;
  /** And not more. */
  only?: true;
  /** In pairs. */
  even?: true;
  words: string;
  mayFail: (members: number) => number;
}

/** Raid5 and raid6 of btrfs lose data in a power cut (btrfs(5), "RAID56 status and recommended practices"): not offered. */
const ARRAY_RULES: Readonly<Record<DiskLayout, Rule>> = {
  single: { least: 1, only: true, words: "exactly one disk", mayFail: () => 0 },
  raid1: { least: 2, words: "at least 2 disks, each holding everything", mayFail: (members) => members - 1 },
  raid5: { least: 3, words: "at least 3 disks, one of them for parity", mayFail: () => 1 },
  raid6: { least: 4, words: "at least 4 disks, two of them for parity", mayFail: () => 2 },
  raid10: { least: 4, even: true, words: "an even number of disks, at least 4: pairs of mirrors", mayFail: () => 1 },
};

const BTRFS_RULES: Readonly<Partial<Record<DiskLayout, Rule>>> = {
  single: ARRAY_RULES.single,
  raid1: { least: 2, words: "at least 2 disks, two of which hold each block", mayFail: () => 1 },
  raid10: ARRAY_RULES.raid10,
};

const rulesOf = (filesystem: DiskFilesystem): Readonly<Partial<Record<DiskLayout, Rule>>> =>
  filesystem === "btrfs" ? BTRFS_RULES : ARRAY_RULES;

function ruleOf(filesystem: DiskFilesystem, layout: DiskLayout): Rule {
  const rule = rulesOf(filesystem)[layout];
  if (rule === undefined) throw new Error(`${layout} of ${filesystem} was not refused`);
  return rule;
}

/** Every word that goes with the file system. */
export const layoutWords = (filesystem: DiskFilesystem): DiskLayout[] =>
  (Object.keys(rulesOf(filesystem)) as DiskLayout[]).sort();

/** "at least 3 disks, one of them for parity" */
export const diskLayoutRule = (filesystem: DiskFilesystem, layout: DiskLayout): string =>
  ruleOf(filesystem, layout).words;

/** The fewest disks that a layout takes. */
export const diskLayoutLeast = (filesystem: DiskFilesystem, layout: DiskLayout): number =>
  ruleOf(filesystem, layout).least;

export function diskLayoutTakes(filesystem: DiskFilesystem, layout: DiskLayout, disks: number): boolean {
  const { least, only, even } = ruleOf(filesystem, layout);
  return disks >= least && !(only && disks > least) && !(even && disks % 2 !== 0);
}

/** Every word that so many disks can be joined by. */
export const diskLayoutsFor = (filesystem: DiskFilesystem, disks: number): DiskLayout[] =>
  layoutWords(filesystem).filter((layout) => diskLayoutTakes(filesystem, layout, disks));

/** Whether it outlives the loss of a disk: then every member can start the machine. */
export const outlivesADisk = (layout: DiskLayout): boolean => layout !== "single";

/** The number of members whose room holds data. */
export function roomyDisks(filesystem: DiskFilesystem, layout: DiskLayout, members: number): number {
  if (layout === "single") return members;
  if (layout === "raid10") return members / 2;
  if (layout === "raid1") return filesystem === "btrfs" ? members / 2 : 1;
  return members - ruleOf(filesystem, layout).mayFail(members);
}
