// What the kernel counts of a process that is measured.
import { readFileSync } from "node:fs";

/** USER_HZ, which is 100 on every architecture that Debian has. */
export const TICKS = 100;

/** utime, stime, and those of the children that have ended: proc_pid_stat(5). */
export function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
}

/** Resident bytes. */
export function memoryOf(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
