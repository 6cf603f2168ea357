// Moves what must outlive a boot from g2 to its data sets and mounts them in their places.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { dataset, ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "fill-data" }>;

const SIDE = "/run/multiverse/data";

export const fillData: StepKind<Data> = {
  kind: "fill-data",
  actions({ pool, system, data, files }) {
    const mount = (name: string, at: string) =>
      run("mount", "-t", "zfs", "-o", "zfsutil", dataset(pool, system, name), at);
    return [
      ...files.map(({ path, content, mode }): Action => ({ do: "write", path: `${ROOT}${path}`, content, mode })),
      run("mkdir", "-p", SIDE),
      ...data.flatMap(({ name, mountpoint }) => [
        run("mkdir", "-p", `${ROOT}${mountpoint}`),
        mount(name, SIDE),
        { do: "run", argv: ["cp", "-a", `${ROOT}${mountpoint}/.`, SIDE], seconds: 1800 } satisfies Action,
        run("umount", SIDE),
        mount(name, `${ROOT}${mountpoint}`),
      ]),
      toDisk,
    ];
  },
  redo: ({ data }) => [
    tidy("umount", SIDE),
    ...[...data].reverse().map(({ mountpoint }) => tidy("umount", `${ROOT}${mountpoint}`)),
  ],
  release: () => [tidy("umount", SIDE)],
  restore: ({ pool, system, data }) =>
    data.map(({ name, mountpoint }) =>
      run("mount", "-t", "zfs", "-o", "zfsutil", dataset(pool, system, name), `${ROOT}${mountpoint}`),
    ),
};
