// The pictures that the documentation shows (docs/screens.md, README.md): the only single ones kept with the sources.

const SCREENS: readonly string[] = [
  ...["unfinished-one", "language-english", "target-choice", "spec-choice", "disks-choice", "storage-choice"],
  ...["source-two-media", "identity-wrong", "network-fixed", "values-one", "review-top", "running-copy"],
  ...["failed-source-gone", "done-warnings"],
  ...["status-healthy", "status-broken-cable", "status-failed-controller", "status-sick", "status-lost", "status-slow"],
  ...["controller-running", "menu-locked", "unlock-code", "signature-kill"],
];

/** Names of files. */
export const KEPT: readonly string[] = [
  "console-font-all-glyphs-80x24.png",
  ...SCREENS.map((state) => `${state}-80x24.png`),
];
