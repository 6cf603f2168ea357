// Creates the data sets of one system: what daily life needs under one key, the recovery root under another.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type SecretName, type StepKind, tidy } from "./action.ts";
import { dataset } from "./places.ts";

type Data = Extract<StepData, { kind: "create-datasets" }>;

const UNMOUNTED = ["-o", "canmount=off", "-o", "mountpoint=none"];

function container(name: string, secret: SecretName | null): Action {
  if (secret === null) return run("zfs", "create", ...UNMOUNTED, name);
  const encryption = ["-o", "encryption=aes-256-gcm", "-o", "keyformat=passphrase", "-o", "keylocation=prompt"];
  return { do: "run", argv: ["zfs", "create", ...encryption, ...UNMOUNTED, name], secret };
}

export const createDatasets: StepKind<Data> = {
  kind: "create-datasets",
  actions({ pool, system, encryption, data }) {
    const at = (...names: string[]) => dataset(pool, system, ...names);
    const locked = encryption === "passphrase";
    return [
      container(at(), locked ? "passphrase" : null),
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
  redo: ({ pool, system }) => [tidy("zfs", "destroy", "-r", dataset(pool, system))],
  restore({ pool, system, encryption }) {
    if (encryption === "none") return [];
    return [
      { do: "run", argv: ["zfs", "load-key", dataset(pool, system)], secret: "passphrase" },
      { do: "run", argv: ["zfs", "load-key", dataset(pool, system, "rec")], secret: "recovery-passphrase" },
    ];
  },
};
