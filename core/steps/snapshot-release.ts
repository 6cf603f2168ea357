// Makes the first release of g2 on btrfs, a read-only snapshot, and names it the current one: from here on the disk boots.
import type { Evidence, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { mountAll, unmountAll } from "./fill-mounts.ts";
import { ROOT } from "./places.ts";
import { mountSubvolume, subvolume, topToDisk } from "./subvolumes.ts";

type Data = Extract<StepData, { kind: "snapshot-release" }>;

/** What ZFS would keep as properties (docs/formats/subvolume-tree.md). `safe` is missing: it moves only to what has booted. */
function generations({ release, kernel }: Evidence): string {
  return [
    ...[`current=${release}`, "tries=0"],
    ...[`kernel@${release}=${kernel.version}`, `booted@${release}=no`, ""],
  ].join("\n");
}

export const snapshotRelease: StepKind<Data> = {
  kind: "snapshot-release",
  actions({ system, mounts }, evidence): Action[] {
    const g2 = subvolume(system, "os", "g2");
    return [
      run("sync"),
      ...[...mounts].reverse().map(({ mountpoint }) => run("umount", `${ROOT}${mountpoint}`)),
      run("umount", ROOT),
      run("btrfs", "subvolume", "snapshot", "-r", g2, `${g2}@${evidence.release}`),
      {
        ...{ do: "write", path: subvolume(system, "data/lib-multiverse", "generations") },
        ...{ content: generations(evidence), mode: "0644" },
      },
      topToDisk,
    ];
  },
  redo: ({ fs, system, mounts }, evidence) => [
    tidy("btrfs", "subvolume", "delete", `${subvolume(system, "os", "g2")}@${evidence.release}`),
    // What is unmounted already must be mounted for `actions` to unmount: bring all of it back.
    ...unmountAll(mounts),
    tidy("umount", ROOT),
    mountSubvolume(fs, system, "os", "g2"),
    ...mountAll(mounts),
  ],
  restore: ({ mounts }) => [...unmountAll(mounts), tidy("umount", ROOT)],
};
