// Makes of a log of writes the disk that a power cut would have left: what was flushed is there, what was not is lost.
import { open } from "node:fs/promises";
import type { LoggedWrite, WriteLog } from "./write-log.ts";

/** Which of the writes that were not flushed are on the medium all the same; a cache may lose any of them. */
export type Survives = (index: number) => boolean;

const NONE: Survives = () => false;

/**
 * The entries that are on the medium when the power is cut after `count` entries: all before the last flush, those that
 * were forced by themselves (FUA), and of the rest those that `survives`. In the log's order. Pure.
 */
export function durableWrites(
  writes: readonly LoggedWrite[],
  count: number = writes.length,
  survives: Survives = NONE,
): LoggedWrite[] {
  const logged = writes.slice(0, count);
  const flushed = logged.findLastIndex(({ flush }) => flush);
  return logged.filter((write, index) => index < flushed || write.fua || survives(index));
}

const CHUNK = 1024 * 1024;
const ZEROS = Buffer.alloc(CHUNK);

/** Writes them to a raw image, which must hold what the disk held when the log began. A discarded range reads as zeros. */
export async function replayWrites({ file }: WriteLog, writes: readonly LoggedWrite[], image: string): Promise<void> {
  const log = await open(file, "r");
  const disk = await open(image, "r+");
  try {
    const buffer = Buffer.alloc(CHUNK);
    for (const { kind, offset, length, data } of writes) {
      if (kind !== "write" && kind !== "discard") continue;
      for (let done = 0; done < length; done += CHUNK) {
        const bytes = Math.min(CHUNK, length - done);
        if (kind === "write") await log.read(buffer, 0, bytes, data + done);
        await disk.write(kind === "write" ? buffer : ZEROS, 0, bytes, offset + done);
      }
    }
  } finally {
    await log.close();
    await disk.close();
  }
}
