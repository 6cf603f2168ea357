// Creates the data sets of one system: what daily life needs under one key, the recovery root under another.
import type { PoolRef, StepData } from "../plan/step.ts";
import { type Action, run, type SecretName, type StepKind, tidy } from "./action.ts";
import { importExisting, leaveExisting } from "./existing-pool.ts";
import { dataset, ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "create-datasets" }>;

const UNMOUNTED = ["-o", "canmount=off", "-o", "mountpoint=none"];

/** The property of `<pool>/<system>` that stays until the install on a pool that exists is finished. */
export const MARK = "multiverse:unfinished";

function container(name: string, secret: SecretName | null, properties: Readonly<Record<string, string>> = {}): Action {
  const options = [...UNMOUNTED, ...Object.entries(properties).flatMap(([key, is]) => ["-o", `${key}=${is}`])];
  if (secret === null) return run("zfs", "create", ...options, name);
  const encryption = ["-o", "encryption=aes-256-gcm", "-o", "keyformat=passphrase", "-o", "keylocation=prompt"];
  return { do: "run", argv: ["zfs", "create", ...encryption, ...options, name], secret };
}

/** Makes way for a new beginning: on a pool that exists only for a tree with our mark, or for none. */
function destroyOwn({ pool, system, added }: Data): Action[] {
  const name = dataset(pool, system);
  const ours: Action[] =
    added === undefined
      ? []
      : [
          {
            ...{ do: "check", argv: ["zfs", "list", "-H", "-o", MARK, name], expect: { oneOf: ["", added.mark] } },
            otherwise: {
              code: "not-ours",
              message: `${pool.name}/${system} is not what this install has made, and is not touched.`,
              hint: "Look at it (`zfs list -r`). Where it is of no use, destroy it yourself, then use --resume.",
            },
          },
        ];
  return [
    ...ours,
    // A held snapshot would keep the tree.
    tidy("zfs", "release", "-r", "multiverse", `${name}/rec/g1@recovery`),
    // Never -R: a clone of it elsewhere would be somebody's work.
    tidy("zfs", "destroy", "-r", name),
  ];
}

const GONE = (pool: PoolRef, system: string): Action => ({
  ...{ do: "check", argv: ["zfs", "list", "-H", "-o", "name", dataset(pool, system)], expect: { exit: "not-zero" } },
  otherwise: {
    code: "not-destroyed",
    message: `${pool.name}/${system} could not be destroyed.`,
    hint: "Leave every shell that stands in /mnt, then use --undo again.",
  },
});

export const createDatasets: StepKind<Data> = {
  kind: "create-datasets",
  actions({ pool, system, encryption, data, properties, added }) {
    const at = (...names: string[]) => dataset(pool, system, ...names);
    const locked = encryption === "passphrase";
    return [
      container(at(), locked ? "passphrase" : null, {
        ...properties,
        ...(added === undefined ? {} : { [MARK]: added.mark }),
      }),
      container(at("os"), null),
      container(at("data"), null),
      // Mounted by the system's own fstab: `zfs mount -a` would mount another system's /home over it.
      ...data.map(({ name, mountpoint, properties = {} }) => {
        const all = { canmount: "noauto", mountpoint, ...properties };
        return run(
          "zfs",
          "create",
          "-u",
          ...Object.entries(all).flatMap(([key, is]) => ["-o", `${key}=${is}`]),
          at(name),
        );
      }),
      container(at("rec"), locked ? "recovery-passphrase" : null),
      run("zfs", "create", "-u", "-o", "canmount=noauto", "-o", "mountpoint=/", at("rec", "g1")),
      run("zfs", "snapshot", at("rec", "g1@empty")),
    ];
  },
  redo: destroyOwn,
  undo: (data) =>
    data.added === undefined
      ? []
      : [
          tidy("umount", "-R", ROOT),
          tidy("zpool", "export", data.pool.importName),
          ...importExisting(data.pool, data.added.hostid),
          ...destroyOwn(data),
          GONE(data.pool, data.system),
          ...leaveExisting(data.pool),
        ],
  restore({ pool, system, encryption }) {
    if (encryption === "none") return [];
    return [
      { do: "run", argv: ["zfs", "load-key", dataset(pool, system)], secret: "passphrase" },
      { do: "run", argv: ["zfs", "load-key", dataset(pool, system, "rec")], secret: "recovery-passphrase" },
    ];
  },
};
