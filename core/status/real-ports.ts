// The real outside of the status sources: small reads of text files, and the clocks. Programs come through the Run passed in.
import { constants } from "node:fs";
import { open, readdir, readlink } from "node:fs/promises";
import type { Run } from "../tools/run.ts";
import type { SourcePorts } from "./source.ts";

/** Far above every file of sysfs, procfs and configuration that is read; a log or a device that is named by mistake is cut off here. */
const MOST_BYTES = 1024 * 1024;
const CHUNK = 16 * 1024;

/**
 * Files that are missing, unreadable, folders or longer than 1 MiB are null: what that means is for each source to judge.
 * O_NONBLOCK keeps a pipe or a terminal at that path from holding up one of the four threads that read files.
 */
export function realPorts(run: Run): SourcePorts {
  return {
    run,
    read: readText,
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
