// Makes an LVM volume group with its volumes on one device.
import { volumeDevice } from "../plan/device-paths.ts";
import type { GroupRef, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";

type Data = Extract<StepData, { kind: "make-volumes" }>;

/** `--devices`: lvm(8) looks at no other disk, so another group of the same name does no harm and is not touched. */
const only = ({ device }: GroupRef): string[] => ["--devices", device];

function makeVolume(group: GroupRef, { name, size }: GroupRef["volumes"][number]): Action {
  const room = size === "rest" ? ["--extents", "100%FREE"] : ["--size", `${size}b`];
  return run("lvcreate", ...only(group), "--yes", "--wipesignatures", "y", "--name", name, ...room, group.name);
}

const appear = ({ name, volumes }: GroupRef): Action[] => [
  run("udevadm", "settle", "--timeout=60"),
  ...volumes.map(
    (volume): Action => ({
      ...{ do: "wait", path: volumeDevice(name, volume.name), seconds: 60 },
      otherwise: {
        code: "volume-missing",
        message: "The logical volumes did not appear.",
        hint: "Look at `lvs` and `dmesg`, then use --resume.",
      },
    }),
  ),
];

export const activate = (group: GroupRef): Action[] => [
  run("vgchange", ...only(group), "--activate", "y", group.name),
  ...appear(group),
];

export const deactivate = (group: GroupRef): Action => tidy("vgchange", ...only(group), "--activate", "n", group.name);

export const makeVolumes: StepKind<Data> = {
  kind: "make-volumes",
  actions: ({ group }) => [
    run("pvcreate", ...only(group), "--yes", "--uuid", group.pvUuid, "--norestorefile", group.device),
    run("vgcreate", ...only(group), group.name, group.device),
    // The one that takes the rest comes last.
    ...[
      ...group.volumes.filter(({ size }) => size !== "rest"),
      ...group.volumes.filter(({ size }) => size === "rest"),
    ].map((volume) => makeVolume(group, volume)),
    ...appear(group),
  ],
  redo: ({ group }) => [deactivate(group), run("wipefs", "--all", "--force", group.device)],
  restore: ({ group }) => activate(group),
  release: ({ group }) => [deactivate(group)],
};
