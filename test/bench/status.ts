// `npm run bench -- status`: measures the daemon on this machine and writes its part of docs/benchmarks.md.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleDaemon, measureReadings, measureReal, measureSnapshot, type StatusFigures } from "./measure-status.ts";
import { writePart } from "./page.ts";

const CONTROLLERS = 200;
const READINGS = 10_000;
/** Each takes some 25 ms of a processor, as it does once in ten seconds. */
const LIBVIRT_READINGS = 2_000;

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function verdict(measured: number, limit: number): string {
  return measured <= limit ? "met" : `missed by ${(measured - limit).toFixed(2)}`;
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(0);
const percent = (share: number) => (share * 100).toFixed(2);

function section(figures: StatusFigures): string {
  const { controllers, readings, rssEarly, rssLate, rssMost, snapshot, snapshotBytes, idleMany, idleReal, rssReal } =
    figures;
  const { libvirtReadings, libvirtRss, libvirtGrowth } = figures;
  const growth = rssLate / rssEarly;
  const slowest = quantile(snapshot, 0.99);
  return `## Daemon
Written by \`npm run bench -- status\`, on the machine itself and not emulated.

| what | measured | wanted | |
|---|---|---|---|
| memory (RSS) with ${controllers} controllers, the most in ${readings} readings, one reader reading and one not | ${mb(rssMost)} MB | ≤ 90 MB | ${verdict(rssMost / 1e6, 90)} |
| its median in the last fifth of them, over that in the second | ${growth.toFixed(2)} (${mb(rssLate)} over ${mb(rssEarly)} MB) | ≤ 1.05 | ${verdict(growth, 1.05)} |
| memory (RSS) with ${controllers} controllers that all run, read as libvirt's own words, the most in ${libvirtReadings} readings | ${mb(libvirtRss)} MB | ≤ 90 MB | ${verdict(libvirtRss / 1e6, 90)} |
| its growth, as above | ${libvirtGrowth.toFixed(2)} | ≤ 1.05 | ${verdict(libvirtGrowth, 1.05)} |
| from connecting to the whole snapshot with ${controllers} controllers (${(snapshotBytes / 1000).toFixed(0)} kB), p99 of ${snapshot.length} | ${slowest.toFixed(1)} ms (median ${quantile(snapshot, 0.5).toFixed(1)}) | ≤ 50 ms | ${verdict(slowest, 50)} |
| ${controllers} controllers, all other at each reading, every 5 s, one reader: share of a core | ${percent(idleMany)} % | ≤ 0.5 % | ${verdict(idleMany * 100, 0.5)} |
| the program with the sources it has, on this machine, one reader: share of a core, with the programs it starts | ${percent(idleReal)} % | ≤ 0.5 % | ${verdict(idleReal * 100, 0.5)} |
| its memory (RSS) | ${mb(rssReal)} MB | ≤ 90 MB | ${verdict(rssReal / 1e6, 90)} |

The first four with a clock that goes a thousand times as fast, and a source that hangs. RSS goes up and down by some megabytes of garbage that V8 has not collected yet; with a collection forced every thousand readings (\`--expose-gc\`, measured once) its heap was 6.54 to 6.57 MB throughout.
`;
}

const folder = await mkdtemp(join(tmpdir(), "multiverse-bench-"));
try {
  const bundle = await bundleDaemon(join(folder, "bundle"), "status-daemon");
  const libvirt = await bundleDaemon(join(folder, "bundle"), "controllers-daemon");
  const socket = (name: string) => join(folder, `${name}.sock`);
  const real = await measureReadings(libvirt, socket("libvirt"), CONTROLLERS, LIBVIRT_READINGS);
  const text = section({
    ...{ libvirtReadings: LIBVIRT_READINGS, libvirtRss: real.rssMost, libvirtGrowth: real.rssLate / real.rssEarly },
    ...{ controllers: CONTROLLERS, readings: READINGS },
    ...(await measureReadings(bundle, socket("many"), CONTROLLERS, READINGS)),
    ...(await measureSnapshot(bundle, socket("snapshot"), CONTROLLERS, 100)),
    ...(await measureReal(join(folder, "run"))),
  });
  process.stdout.write(text);
  await writePart("status", text);
} finally {
  await rm(folder, { recursive: true, force: true });
}
