// Makes the first release of g2 and names it the current one: from here on the disk boots.
import type { StepData } from "../plan/step.ts";
import { run, type StepKind, tidy } from "./action.ts";
import { dataset, ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "release" }>;

export const release: StepKind<Data> = {
  kind: "release",
  actions({ pool, system, data }, evidence) {
    const g2 = dataset(pool, system, "os", "g2");
    return [
      run("sync"),
      ...[...data].reverse().map(({ mountpoint }) => run("umount", `${ROOT}${mountpoint}`)),
      run("umount", ROOT),
      run(
        ...(["zfs", "snapshot", "-o", `multiverse:kernel=${evidence.kernel.version}`] as const),
        ...["-o", "multiverse:booted=no", `${g2}@${evidence.release}`],
      ),
      // `safe` stays unset: it moves only to a release that has booted.
      run("zfs", "set", `multiverse:current=${evidence.release}`, "multiverse:tries=0", g2),
    ];
  },
  redo: ({ pool, system, data }, evidence) => [
    tidy("zfs", "destroy", `${dataset(pool, system, "os", "g2")}@${evidence.release}`),
    // What is unmounted already must be mounted for `actions` to unmount: bring all of it back.
    ...[...data].reverse().map(({ mountpoint }) => tidy("umount", `${ROOT}${mountpoint}`)),
    tidy("umount", ROOT),
    run("mount", "-t", "zfs", "-o", "zfsutil", dataset(pool, system, "os", "g2"), ROOT),
    ...data.map(({ name, mountpoint }) =>
      run("mount", "-t", "zfs", "-o", "zfsutil", dataset(pool, system, name), `${ROOT}${mountpoint}`),
    ),
  ],
  restore: ({ data }) => [
    ...[...data].reverse().map(({ mountpoint }) => tidy("umount", `${ROOT}${mountpoint}`)),
    tidy("umount", ROOT),
  ],
};
