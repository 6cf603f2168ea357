// The part `load`: processors, memory and swap, from procfs. Why not from systeminformation: docs/status-sources.md.
import type { Load } from "../status/health-facts.ts";
import type { MakeSource } from "../status/source.ts";

export const makeSourceLoad: MakeSource<"load"> = () => {
  let before: CpuTime | null = null;
  return {
    part: "load",
    every: 5_000,
    patience: 3_000,
    triggers: [],
    async read(ports) {
      const cpu = parseCpuTime((await ports.read("/proc/stat")) ?? "");
      const memory = parseMeminfo((await ports.read("/proc/meminfo")) ?? "");
      if (cpu === null || memory === null) throw new Error("/proc/stat and /proc/meminfo cannot be read.");
      const busyPercent = before === null ? null : busyBetween(before, cpu);
      before = cpu;
      return { cores: cpu.cores, busyPercent, ...memory };
    },
  };
};

export interface CpuTime {
  cores: number;
  /** Ticks since the start, of all processors together. */
  busy: number;
  total: number;
}

/** The line `cpu` of proc_stat(5). Time of guests is in `user` already; a processor that waits for a disk is idle. */
export function parseCpuTime(stat: string): CpuTime | null {
  const line = /^cpu +([0-9 ]+)$/m.exec(stat)?.[1];
  const cores = [...stat.matchAll(/^cpu[0-9]+ /gm)].length;
  if (line === undefined || cores === 0) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/ +/)
    .map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { cores, busy, total: busy + idle + iowait };
}

/** 0 to 100 with one digit; null where no time has passed, or where counters went back (iowait does: proc_stat(5)). */
export function busyBetween(before: CpuTime, now: CpuTime): number | null {
  const total = now.total - before.total;
  if (total <= 0) return null;
  return Math.min(100, Math.max(0, Math.round(((now.busy - before.busy) / total) * 1_000) / 10));
}

/** proc_meminfo(5), in bytes. MemAvailable is what can be used without swapping: the page cache is no memory in use. */
export function parseMeminfo(text: string): Pick<Load, "memory" | "swap"> | null {
  const bytes = (name: string) => {
    const kib = new RegExp(`^${name}: +([0-9]+) kB$`, "m").exec(text)?.[1];
    return kib === undefined ? null : Number(kib) * 1_024;
  };
  const [total, available] = [bytes("MemTotal"), bytes("MemAvailable")];
  if (total === null || available === null) return null;
  return { memory: { total, available }, swap: { total: bytes("SwapTotal") ?? 0, free: bytes("SwapFree") ?? 0 } };
}
