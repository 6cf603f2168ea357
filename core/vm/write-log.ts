// What a machine wrote to a disk and when it flushed: QEMU's blklogwrites log, in the format of Linux' dm-log-writes.
import { open } from "node:fs/promises";
import { ActionableError, EXIT } from "../errors.ts";

/**
 * Documentation/admin-guide/device-mapper/log-writes.rst and drivers/md/dm-log-writes.c of Linux; block/blklogwrites.c of
 * QEMU. All numbers are little endian; sectors are those of the log.
 */
const MAGIC = 0x6a736677736872n;
const VERSION = 1n;
const ENTRY_BYTES = 32;
const FLAG = { flush: 1n, fua: 2n, discard: 4n, mark: 8n, metadata: 16n } as const;
const KNOWN = 31n;

export interface LoggedWrite {
  kind: "write" | "discard" | "flush" | "mark";
  /** Of the disk, in bytes. */
  offset: number;
  length: number;
  /** Everything before it was on the medium when it began. */
  flush: boolean;
  /** It was on the medium when it ended, without a flush. */
  fua: boolean;
  /** Where its bytes are in the log. */
  data: number;
}

export interface WriteLog {
  file: string;
  writes: LoggedWrite[];
}

/** How many entries the log says it has: what has been logged when a machine that still runs is looked at. */
export async function countWrites(file: string): Promise<number> {
  const handle = await open(file, "r");
  try {
    return (await readHead(handle, file)).count;
  } finally {
    await handle.close();
  }
}

/**
 * Every entry of a log. One of a machine that was killed may end in an entry that is announced and not there: it is left
 * out with all behind it. @throws ActionableError `write-log-damaged` (exit 5)
 */
export async function readWriteLog(file: string): Promise<WriteLog> {
  const handle = await open(file, "r");
  try {
    const { count, sector } = await readHead(handle, file);
    const { size } = await handle.stat();
    const writes: LoggedWrite[] = [];
    const buffer = Buffer.alloc(ENTRY_BYTES);
    let at = sector;
    while (writes.length < count && at + sector <= size) {
      await handle.read(buffer, 0, ENTRY_BYTES, at);
      const entry = readEntry(buffer, at + sector, sector);
      if (entry === null || entry.data + bytesBehind(entry) > size) break;
      writes.push(entry);
      at = entry.data + bytesBehind(entry);
    }
    return { file, writes };
  } finally {
    await handle.close();
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

async function readHead(handle: Handle, file: string): Promise<{ count: number; sector: number }> {
  const head = Buffer.alloc(ENTRY_BYTES);
  const { bytesRead } = await handle.read(head, 0, ENTRY_BYTES, 0);
  const sector = head.readUInt32LE(24);
  if (
    bytesRead < ENTRY_BYTES ||
    head.readBigUInt64LE(0) !== MAGIC ||
    head.readBigUInt64LE(8) !== VERSION ||
    sector < 512 ||
    sector > 65_536
  ) {
    throw new ActionableError({
      code: "write-log-damaged",
      exit: EXIT.stepFailed,
      message: `${file} is no log of writes in the format of dm-log-writes, version 1.`,
      evidence: [head.toString("hex")],
      hint: "Was the machine started with the disk's log?",
    });
  }
  return { count: Number(head.readBigUInt64LE(16)), sector };
}

/** Null for what cannot be an entry: zeros, where the machine was killed before it wrote one that it had counted. */
function readEntry(buffer: Buffer, data: number, sector: number): LoggedWrite | null {
  const flags = buffer.readBigUInt64LE(16);
  const length = Number(buffer.readBigUInt64LE(8)) * sector;
  const has = (flag: bigint) => (flags & flag) !== 0n;
  if (flags > KNOWN || (flags === 0n && length === 0)) return null;
  const kind = has(FLAG.mark) ? "mark" : has(FLAG.discard) ? "discard" : length === 0 ? "flush" : "write";
  const offset = Number(buffer.readBigUInt64LE(0)) * sector;
  return { kind, offset, length, flush: has(FLAG.flush), fua: has(FLAG.fua), data };
}

/** A discard has no data, and a mark's is in its own sector. */
const bytesBehind = ({ kind, length }: LoggedWrite): number => (kind === "write" ? length : 0);
