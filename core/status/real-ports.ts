// The outside as sources see it on a real machine: text files, folders, links, programs and two clocks.
import { constants } from "node:fs";
import { open, readdir, readlink, stat } from "node:fs/promises";
import type { Run } from "../tools/run.ts";
import { monotonicNow } from "./monotonic.ts";
import type { SourcePorts } from "./source.ts";

/** Longer text is not what a source reads: sysfs gives a page, procfs and configuration little more. */
const MOST_BYTES = 1024 * 1024;

export function realPorts(run: Run): SourcePorts {
  return {
    run,
    read: readText,
    list: (path) => readdir(path).then((names) => names.sort(), () => []), // biome-ignore format: one thought
    link: (path) => readlink(path).catch(() => null),
    monotonic: monotonicNow,
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
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
