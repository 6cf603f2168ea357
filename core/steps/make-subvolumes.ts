// Makes the subvolumes of one system on btrfs and mounts the recovery root, which the system is copied to.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { ROOT } from "./places.ts";
import { mountSubvolume, subvolume, topToDisk } from "./subvolumes.ts";

type Data = Extract<StepData, { kind: "make-subvolumes" }>;

const all = ({ system, data }: Data): string[] => [
  subvolume(system, "rec", "g1"),
  ...data.map(({ name }) => subvolume(system, name)),
];

export const makeSubvolumes: StepKind<Data> = {
  kind: "make-subvolumes",
  actions: (data): Action[] => [
    run("mkdir", "-p", ROOT, ...["os", "rec", "data"].map((name) => subvolume(data.system, name))),
    ...all(data).map((path) => run("btrfs", "subvolume", "create", path)),
    topToDisk,
    mountSubvolume(data.fs, data.system, "rec", "g1"),
  ],
  redo: (data) => [tidy("umount", ROOT), ...all(data).map((path) => tidy("btrfs", "subvolume", "delete", path))],
  restore: (data) => [tidy("umount", ROOT), mountSubvolume(data.fs, data.system, "rec", "g1")],
  release: () => [tidy("umount", "-R", ROOT)],
};
