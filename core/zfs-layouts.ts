// The words for joining disks into a ZFS pool: how many disks each takes, and what it survives.

/** zpoolconcepts(7); raid10: pairs of mirrors. */
export type ZfsLayout = "single" | "stripe" | "mirror" | "raid10" | "raidz1" | "raidz2" | "raidz3";

interface Rule {
  /** Disks at least; `only`: and not more; `even`: in pairs. */
  least: number;
  only?: true;
  even?: true;
  words: string;
  /** Disks of each vdev that may fail. */
  mayFail: (members: number) => number;
}

/**
 * zpoolconcepts(7), "Virtual Devices (vdevs)". It would take a raidz of two disks, too; that is a mirror which is slower,
 * so besides those for parity at least two disks are asked for.
 */
const RULES: Readonly<Record<ZfsLayout, Rule>> = {
  single: { least: 1, only: true, words: "exactly one disk", mayFail: () => 0 },
  stripe: { least: 2, words: "at least 2 disks, none of which may fail", mayFail: () => 0 },
  mirror: { least: 2, words: "at least 2 disks, each holding everything", mayFail: (members) => members - 1 },
  raid10: { least: 4, even: true, words: "an even number of disks, at least 4: pairs of mirrors", mayFail: () => 1 },
  raidz1: { least: 3, words: "at least 3 disks, one of them for parity", mayFail: () => 1 },
  raidz2: { least: 4, words: "at least 4 disks, two of them for parity", mayFail: () => 2 },
  raidz3: { least: 5, words: "at least 5 disks, three of them for parity", mayFail: () => 3 },
};

const WORDS = Object.keys(RULES) as ZfsLayout[];

/** Whether the pool outlives the loss of a disk: then every member can start the machine. */
export const isRedundant = (layout: ZfsLayout): boolean => RULES[layout].mayFail(RULES[layout].least) > 0;

/** The number of members whose room holds data, for "how large does each have to be". */
export function dataDisks(layout: ZfsLayout, members: number): number {
  if (layout === "mirror") return 1;
  return layout === "raid10" ? members / 2 : members - RULES[layout].mayFail(members);
}

/** "an even number of disks, at least 4: pairs of mirrors" */
export const layoutRule = (layout: ZfsLayout): string => RULES[layout].words;

export function layoutTakes(layout: ZfsLayout, disks: number): boolean {
  const { least, only, even } = RULES[layout];
  return disks >= least && !(only && disks > least) && !(even && disks % 2 !== 0);
}

/** Every word that so many disks can be joined by. */
export const layoutsFor = (disks: number): ZfsLayout[] => WORDS.filter((layout) => layoutTakes(layout, disks));

/** The fewest disks that a layout takes. */
export const disksNeeded = (layout: ZfsLayout): number => RULES[layout].least;
