// Moves what has a place of its own (a subvolume, a logical volume) there, and mounts it in its place.
import type { MountRef, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "fill-mounts" }>;

const SIDE = "/run/multiverse/data";

const mountAt = ({ filesystem, options, device }: MountRef, at: string): Action =>
  run("mount", "-t", filesystem, "-o", options, device, at);

/** In the order of the plan, which has outer places first. */
export const mountAll = (mounts: readonly MountRef[]): Action[] =>
  mounts.map((mount) => mountAt(mount, `${ROOT}${mount.mountpoint}`));

export const unmountAll = (mounts: readonly MountRef[]): Action[] =>
  [...mounts].reverse().map(({ mountpoint }) => tidy("umount", `${ROOT}${mountpoint}`));

export const fillMounts: StepKind<Data> = {
  kind: "fill-mounts",
  actions: ({ mounts, files }) => [
    ...files.map(({ path, content, mode }): Action => ({ do: "write", path: `${ROOT}${path}`, content, mode })),
    run("mkdir", "-p", SIDE),
    ...mounts.flatMap((mount): Action[] => [
      run("mkdir", "-p", `${ROOT}${mount.mountpoint}`),
      mountAt(mount, SIDE),
      { do: "run", argv: ["cp", "-a", `${ROOT}${mount.mountpoint}/.`, SIDE], seconds: 1800 },
      run("sync", "--file-system", SIDE),
      run("umount", SIDE),
      mountAt(mount, `${ROOT}${mount.mountpoint}`),
    ]),
    toDisk,
  ],
  redo: ({ mounts }) => [tidy("umount", SIDE), ...unmountAll(mounts)],
  restore: ({ mounts }) => mountAll(mounts),
  release: () => [tidy("umount", SIDE)],
};
