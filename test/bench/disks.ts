// `npm run bench -- disks`: probe, resolve and plan on machines with 2, 100 and 1,000 disks; writes its part of docs/benchmarks.md.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineWithDisks } from "./many-disks.ts";
import type { DiskTimes } from "./measure-disks.ts";
import { writePart } from "./page.ts";

const COUNTS = [2, 100, 1000] as const;
const PROCESSES = 9;
const LIMIT_MS = 50;

const SPEC = `version: 1
host: {name: jupiter}
disks: {system: {match: {serial: MVDISK1, size: ">= 1 GB", empty: true}}}
root: {encryption: none}
users: [{name: root, password: "$6$abc$def"}]
`;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const folder = await mkdtemp(join(tmpdir(), "multiverse-bench-"));
try {
  const spec = join(folder, "spec.yml");
  await writeFile(spec, SPEC);
  const rows: { count: number; times: DiskTimes[] }[] = [];
  for (const count of COUNTS) {
    await writeFile(join(folder, `${count}.json`), JSON.stringify(await machineWithDisks(count)));
    rows.push({ count, times: [] });
  }
  // In turns, so that a machine that gets slower or faster counts for all.
  for (let at = 0; at < PROCESSES; at += 1)
    for (const { count, times } of rows) {
      const program = join(import.meta.dirname, "measure-disks.ts");
      const said = execFileSync(process.execPath, [program, join(folder, `${count}.json`), spec], { encoding: "utf8" });
      times.push(JSON.parse(said) as DiskTimes);
    }
  const of = (times: readonly DiskTimes[], what: keyof DiskTimes) => median(times.map((each) => each[what]));
  const lines = rows.map(({ count, times }) => {
    const all = median(times.map(({ probe, resolve, plan }) => probe + resolve + plan));
    const verdict = all <= LIMIT_MS ? "met" : `missed by ${(all - LIMIT_MS).toFixed(0)} ms`;
    return `| ${count.toLocaleString("en")} disks | ${all.toFixed(1)} ms | ${(["probe", "resolve", "plan"] as const).map((what) => of(times, what).toFixed(1)).join(" + ")} | ≤ ${LIMIT_MS} ms | ${verdict} |`;
  });
  const text = `## Many disks
Written by \`npm run bench -- disks\`, on the machine itself and not emulated.

| | probe, resolve and plan | each | wanted | |
|---|---|---|---|---|
${lines.join("\n")}

Processor time of the first time in a fresh process, over loading the program, the recording and the spec; medians of ${PROCESSES} processes in turns. The programs that the probe starts (\`lsblk\`, \`udevadm\` …) are not in it.
`;
  process.stdout.write(text);
  await writePart("disks", text);
} finally {
  await rm(folder, { recursive: true });
}
