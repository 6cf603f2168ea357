// Reads the end of a file that may be long and still grows; never waits for a pipe or a device.
import { constants, open } from "node:fs/promises";

export interface Tail {
  text: string;
  /** Bytes of the whole file. */
  size: number;
  /** Milliseconds since 1970. */
  changedAt: number;
}

/** The last `bytes` of a regular file, or null where there is none or `known` says that it is what was read before. */
export type ReadTail = (path: string, bytes: number, known: Omit<Tail, "text"> | null) => Promise<Tail | null>;

export const readTail: ReadTail = async (path, bytes, known) => {
  // A pipe that somebody put in its place must not hold us up.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY).catch(() => null);
  if (file === null) return null;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return null;
    if (known !== null && known.size === stat.size && known.changedAt === stat.mtimeMs) return null;
    const length = Math.min(bytes, stat.size);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, stat.size - length);
    return { text: buffer.toString("utf8", 0, bytesRead), size: stat.size, changedAt: stat.mtimeMs };
  } finally {
    await file.close();
  }
};
