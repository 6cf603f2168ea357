// The pictures that the documentation shows: the only single ones that are kept with the sources.

export const KEPT: readonly string[] = [
  "console-font-all-glyphs-80x24.png",
  "disks-choice-80x24.png",
  "review-top-80x24.png",
];
