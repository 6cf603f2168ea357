// `npm run bench -- screens`: measures the screens on this machine and writes their part of docs/benchmarks.md.
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineWithDisks } from "./many-disks.ts";
import { measureIdle, measureKeys, measureStart, type ScreenFigures } from "./measure-screens.ts";
import { PAGE, readPage, replacePart } from "./page.ts";

const DISKS = 500;

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function verdict(measured: number, limit: number): string {
  return measured <= limit ? "met" : `missed by ${(measured - limit).toFixed(2)}`;
}

function section(figures: ScreenFigures): string {
  const { floor, frame, echo, key, rss, idleCpu, idleBytes, disks } = figures;
  const start = quantile(frame, 0.5) / quantile(floor, 0.5);
  const over = quantile(key, 0.99) - quantile(echo, 0.99);
  return `## Screens
Written by \`npm run bench -- screens\`, on the machine itself and not emulated.

| what | measured | wanted | |
|---|---|---|---|
| from spawn to the first full frame, over \`node -e 0\` in the same run | ${start.toFixed(2)} (${quantile(frame, 0.5).toFixed(0)} ms over ${quantile(floor, 0.5).toFixed(0)} ms) | ≤ 6, better 4 | ${verdict(start, 6)} |
| from a key to its frame with ${disks} disks, p99, over a program that only echoes | ${over.toFixed(1)} ms (${quantile(key, 0.99).toFixed(1)} over ${quantile(echo, 0.99).toFixed(1)}) | ≤ 16 ms | ${verdict(over, 16)} |
| memory (RSS) after that | ${(rss / 1e6).toFixed(0)} MB | ≤ 100 MB | ${verdict(rss / 1e6, 100)} |
| idle: share of a core | ${(idleCpu * 100).toFixed(2)} % | ≤ 0.5 % | ${verdict(idleCpu * 100, 0.5)} |
| idle: sent to a serial terminal | ${idleBytes.toFixed(0)} B/s | ≤ 300 B/s | ${verdict(idleBytes, 300)} |

The first two are taken in turns on a real terminal (a pty); ${frame.length} starts, ${key.length} keys.
`;
}

const machine = join(tmpdir(), `multiverse-${process.pid}-${DISKS}-disks.json`);
try {
  await writeFile(machine, JSON.stringify(await machineWithDisks(DISKS)));
  const figures: ScreenFigures = {
    disks: DISKS,
    ...(await measureStart(15)),
    ...(await measureKeys(machine, 300)),
    ...(await measureIdle(20)),
  };
  const text = section(figures);
  process.stdout.write(text);
  await writeFile(PAGE, replacePart(await readPage(), "screens", text));
} finally {
  await rm(machine, { force: true });
}
process.exit();
