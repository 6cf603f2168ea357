// A raw disk whose writes and flushes are logged, and what a power cut leaves of it.
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { VmDisk } from "../../core/vm/machine-options.ts";
import { durableWrites, replayWrites, type Survives } from "../../core/vm/replay-writes.ts";
import { readWriteLog } from "../../core/vm/write-log.ts";
import type { Context } from "./scenario.ts";

export interface LoggedDisk {
  disk: VmDisk & { log: string };
  /** What it held before the machine was started. */
  base: string;
}

/** A machine's disk for one run: a copy of `base`, which stays, and an empty log. */
export async function loggedDisk(context: Context, disk: VmDisk, base: string, run: number): Promise<LoggedDisk> {
  const [file, log] = [join(context.work, `${disk.id}-${run}.raw`), join(context.work, `${disk.id}-${run}.log`)];
  await context.tools.run(["cp", "--sparse=always", base, file], { timeoutMs: 600_000 });
  await (await open(log, "w")).close();
  return { disk: { ...disk, file, log, format: "raw" }, base };
}

export async function blankRaw(context: Context, name: string, bytes: number): Promise<string> {
  const path = join(context.work, `${name}.raw`);
  const file = await open(path, "w");
  await file.truncate(bytes);
  await file.close();
  return path;
}

export interface AfterCut {
  image: string;
  /** How many writes were on the medium, and how many were lost. */
  kept: number;
  lost: number;
}

/** The disk as a power cut after `count` entries of its log leaves it. The base becomes that disk. */
export async function afterPowerCut({ disk, base }: LoggedDisk, count: number, survives?: Survives): Promise<AfterCut> {
  const log = await readWriteLog(disk.log);
  const durable = durableWrites(log.writes, count, survives);
  await replayWrites(log, durable, base);
  const changes = (writes: typeof durable) =>
    writes.filter(({ kind }) => kind === "write" || kind === "discard").length;
  return { image: base, kept: changes(durable), lost: changes(log.writes.slice(0, count)) - changes(durable) };
}
