// Exports the pool, reads it back without writing, and takes the mark of an unfinished install off the disk.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { detachSource } from "./attach-source.ts";
import { searched } from "./create-pool.ts";
import { closeEsps, markFinished, STILL_OPEN, sameOnAll } from "./finished-esps.ts";
import { dataset, ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "finish" }>;

const NOT_READ_BACK = {
  code: "not-read-back",
  message: "The pool that was written cannot be read back as planned.",
  hint: "Do not trust this disk: look at `dmesg` and `smartctl -a`, then install again.",
};

function readBack({ pool, system, encryption }: Data, release: string): Action[] {
  const has = (name: string): Action => ({
    do: "check",
    argv: ["zfs", "list", "-H", "-o", "name", name],
    expect: { exit: "zero" },
    otherwise: NOT_READ_BACK,
  });
  const locked: Action[] =
    encryption === "none"
      ? []
      : [
          { do: "run", argv: ["zfs", "load-key", "-n", dataset(pool, system)], secret: "passphrase" },
          { do: "run", argv: ["zfs", "load-key", "-n", dataset(pool, system, "rec")], secret: "recovery-passphrase" },
        ];
  return [
    run(
      ...(["zpool", "import", "-N", "-o", "readonly=on", "-R", ROOT, "-o", "cachefile=none"] as const),
      ...[...searched(pool), "-t", pool.guid, pool.importName],
    ),
    ...locked,
    has(dataset(pool, system, "rec", "g1@recovery")),
    has(dataset(pool, system, "os", `g2@${release}`)),
    run("zpool", "export", pool.importName),
  ];
}

export const finish: StepKind<Data> = {
  kind: "finish",
  actions: (data, evidence) => [
    ...closeEsps(data),
    tidy("zpool", "export", data.pool.importName),
    {
      do: "check",
      argv: ["zpool", "list", "-H", data.pool.importName],
      expect: { exit: "not-zero" },
      otherwise: STILL_OPEN,
    },
    ...readBack(data, evidence.release),
    ...(evidence.sources.medium === undefined ? [] : detachSource()),
    ...sameOnAll(data),
    ...markFinished(data),
  ],
};
