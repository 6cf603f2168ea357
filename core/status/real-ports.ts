// The outside as sources see it on a real machine: text files, folders, links, programs and two clocks.
import { constants } from "node:fs";
import { open, readdir, readlink, stat } from "node:fs/promises";
import type { Run } from "../tools/run.ts";
import { monotonicNow } from "./monotonic.ts";
import type { SourcePorts } from "./source.ts";

/** Longer text is not what a source reads: sysfs gives a page, procfs and configuration little more. */
const MOST_BYTES = 1024 * 1024;

// The real outside of the status sources: small reads of text files, and the clocks. Programs come through the Run passed in.
import { constants } from "node:fs";
import { open, readdir, readlink } from "node:fs/promises";
import type { Run } from "../tools/run.ts";
import type { SourcePorts } from "./source.ts";

/** Far above every file of sysfs, procfs and configuration that is read; a log or a device that is named by mistake is cut off here. */
const MOST_BYTES = 1024 * 1024;
const CHUNK = 64 * 1024;

/**
 * Files that are missing, unreadable, folders or longer than 1 MiB are null: what that means is for each source to judge.
 * O_NONBLOCK keeps a pipe or a terminal at that path from holding up one of the four threads that read files.
 */
export function realPorts(run: Run): SourcePorts {
  return {
    run,
    read: readText,
    list: (path) => readdir(path).then((names) => names.sort(), () => []), // biome-ignore format: one thought
    link: (path) => readlink(path).catch(() => null),
    monotonic: monotonicNow,
    async list(path) {
      try {
        return (await readdir(path)).sort();
      } catch {
        return [];
      }
    },
    async link(path) {
      try {
        return await readlink(path);
      } catch {
        return null;
      }
    },
    // performance.now() begins with the process; CLOCK_MONOTONIC, which hrtime reads, with the machine.
    monotonic: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
    wall: () => Date.now(),
  };
}

/** Null as well where the kernel refuses, as it does for the speed of a link that is down. */
async function readText(path: string): Promise<string | null> {
  try {
    // Before it is opened: opening a tape or a serial line does something.
    if (!(await stat(path)).isFile()) return null;
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      // The size that procfs and sysfs give says nothing; what is longer ends here.
      const parts: Buffer[] = [];
      let left = MOST_BYTES;
      while (left > 0) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(left, 16_384)));
        if (bytesRead === 0) break;
        parts.push(buffer.subarray(0, bytesRead));
        left -= bytesRead;
      }
      return Buffer.concat(parts).toString("utf8");
async function readText(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return null;
      // procfs and sysfs say that their files are empty, so the size tells nothing: read until nothing comes.
      const chunks: Buffer[] = [];
      for (let length = 0; ; ) {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
        if (bytesRead === 0) return Buffer.concat(chunks).toString("utf8");
        length += bytesRead;
        if (length > MOST_BYTES) return null;
        chunks.push(buffer.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
