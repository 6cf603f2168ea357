// `npm run bench -- screens`: measures the screens on this machine and writes their part of docs/benchmarks.md.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineWithDisks } from "./many-disks.ts";
import {
  measureIdle,
  measureKeys,
  measureStart,
  measureStatus,
  type ScreenFigures,
  type StatusFigures,
} from "./measure-screens.ts";
import { writePart } from "./page.ts";

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

function statusSection({ floor, frame, cpu, bytes, rss }: StatusFigures): string {
  const start = quantile(frame, 0.5) / quantile(floor, 0.5);
  return `
### The status of a host
| what | measured | wanted | |
|---|---|---|---|
| from spawn to the first full frame while no source answers, over \`node -e 0\` | ${start.toFixed(2)} (${quantile(frame, 0.5).toFixed(0)} ms over ${quantile(floor, 0.5).toFixed(0)} ms) | ≤ 6 | ${verdict(start, 6)} |
| idle at 80×24: share of a core | ${(cpu.small * 100).toFixed(2)} % | ≤ 0.5 % | ${verdict(cpu.small * 100, 0.5)} |
| idle at 160×50 | ${(cpu.large * 100).toFixed(2)} % | ≤ 0.5 % | ${verdict(cpu.large * 100, 0.5)} |
| idle: sent to a serial terminal | ${bytes.toFixed(0)} B/s | ≤ 300 B/s | ${verdict(bytes, 300)} |
| memory (RSS), the larger of the two | ${(rss / 1e6).toFixed(0)} MB | ≤ 100 MB | ${verdict(rss / 1e6, 100)} |

With the real multiversed on this machine, from 45 s after the last key. The image's Node has no symbols and is smaller: in a booted host the screen held 89 MB and the daemon 49 MB (\`npm run vm -- login-tty1\`).
`;
}

const folder = await mkdtemp(join(tmpdir(), "multiverse-bench-"));
const machine = join(tmpdir(), `multiverse-${process.pid}-${DISKS}-disks.json`);
try {
  await writeFile(machine, JSON.stringify(await machineWithDisks(DISKS)));
  const figures: ScreenFigures = {
    disks: DISKS,
    ...(await measureStart(15)),
    ...(await measureKeys(machine, 300)),
    ...(await measureIdle(20)),
  };
  const text = section(figures) + statusSection(await measureStatus(folder, 15, 60));
  process.stdout.write(text);
  await writePart("screens", text);
} finally {
  await rm(machine, { force: true });
  await rm(folder, { recursive: true, force: true });
}
process.exit();
