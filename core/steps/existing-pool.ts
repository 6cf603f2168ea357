// How a pool that exists is imported and left: as the host that may, never by force, under a name of ours.
import type { PoolRef } from "../plan/step.ts";
import { type Action, run, tidy } from "./action.ts";
import { ROOT } from "./places.ts";

const HOSTID = "/sys/module/spl/parameters/spl_hostid";

/**
 * What ZFS takes this machine for from now on (spl(4)). It lets in only the host that has used a pool last, or anybody
 * where it was exported: with that host's id no force is needed, and another one's pool stays shut. Other than `-f`, this
 * holds after a power cut, too.
 */
const beHost = (hostid: string): Action => ({
  ...{ do: "run", argv: ["dd", `of=${HOSTID}`, "status=none"] },
  stdin: `0x${hostid}\n`,
});

/** Devices are looked for everywhere, as by a person: each then keeps the path that it had in the pool. */
export const importExisting = (pool: PoolRef, hostid: string): Action[] => [
  run("modprobe", "zfs"),
  beHost(hostid),
  run("zpool", "import", "-N", "-R", ROOT, "-o", "cachefile=none", "-t", pool.guid, pool.importName),
];

/** Exported in good order, and the machine is nobody again. */
export const leaveExisting = (pool: PoolRef): Action[] => [
  tidy("zpool", "export", pool.importName),
  { ...beHost("00000000"), anyExit: true } as Action,
];
