// Imports a pool that exists under a temporary name. Never by force; changes nothing in it.
import type { StepData } from "../plan/step.ts";
import { type Action, type StepKind, tidy } from "./action.ts";
import { importExisting, leaveExisting } from "./existing-pool.ts";
import { dataset } from "./places.ts";

type Data = Extract<StepData, { kind: "import-pool" }>;

/** Somebody may have made it since the plan was confirmed. */
const nameIsFree = ({ pool, system }: Data): Action => ({
  do: "check",
  argv: ["zfs", "list", "-H", "-o", "name", dataset(pool, system)],
  expect: { exit: "not-zero" },
  otherwise: {
    code: "system-exists",
    message: `${pool.name}/${system} has come to be since the plan was made, and is not touched.`,
    hint: "Nothing was written. Give the new system another name, then make the plan again.",
  },
});

export const importPool: StepKind<Data> = {
  kind: "import-pool",
  actions: (data) => [...importExisting(data.pool, data.hostid), nameIsFree(data)],
  redo: ({ pool }) => [tidy("zpool", "export", pool.importName)],
  restore: ({ pool, hostid }) => [tidy("zpool", "export", pool.importName), ...importExisting(pool, hostid)],
  release: ({ pool }) => leaveExisting(pool),
};
