// How fast a disk reads: a bounded number of bytes straight from the device, past the kernel's cache. Nothing is written,
// unless a folder is named: then one new file there, which is taken away again.
import { ProgramError } from "../../errors.ts";
import type { Argv, Run } from "../../tools/run.ts";
import { lastLine } from "../ask-program.ts";
import type { Bytes } from "../inventory.ts";

export interface Measured {
  /** MB/s (10^6) of blocks of 4 MiB, one after the other. */
  sequential: number;
  /** Milliseconds for 4 KiB anywhere: the median. */
  latency: number;
  /** What was read for it. */
  bytes: Bytes;
}

export interface Limits {
  /** Read at most, in the blocks that follow each other. */
  bytes: Bytes;
  /** Places that are read from, each 4 KiB. */
  places: number;
  /** For one disk; a slower one gives the figures of what was read by then. */
  ms: number;
}

export const LIMITS: Limits = { bytes: 256 * 2 ** 20, places: 64, ms: 10_000 };

const BLOCK = 4 * 2 ** 20;
const PAGE = 4096;
/** A disk that needs longer for one piece does not answer. */
const PIECE_MS = 30_000;

export interface Measuring {
  run: Run;
  signal?: AbortSignal;
  limits?: Limits;
  /** 0 to 1. */
  onProgress?: (done: number) => void;
  /** Milliseconds since some moment. */
  clock?: () => number;
}

/**
 * Reads 16 MiB at places spread over the whole disk, for a disk that spins is faster at its beginning; then single pages.
 * @throws Error with one sentence when the disk cannot be read in this way
 */
export async function measureDisk(path: string, size: Bytes, measuring: Measuring): Promise<Measured> {
  const { run, signal, limits = LIMITS, onProgress = () => {}, clock = () => performance.now() } = measuring;
  const began = clock();
  const late = () => clock() - began > limits.ms;
  const blocks = Math.floor(size / BLOCK);
  if (blocks < 1) throw new Error("it is smaller than 4 MiB");
  const perPiece = Math.min(4, blocks);
  const pieces = Math.max(1, Math.min(Math.floor(limits.bytes / (perPiece * BLOCK)), Math.floor(blocks / perPiece)));
  const total = pieces + limits.places;
  let done = 0;
  const read = async (block: number, count: number, skip: number): Promise<Copied> => {
    const copied = await copy(run, readFrom(path, { block, count, skip }), signal);
    done += 1;
    onProgress(done / total);
    return copied;
  };
  const sequential: Copied = { bytes: 0, seconds: 0 };
  for (const place of spread(pieces, blocks - perPiece)) {
    const { bytes, seconds } = await read(BLOCK, perPiece, place);
    sequential.bytes += bytes;
    sequential.seconds += seconds;
    if (late()) break;
  }
  const times: number[] = [];
  // One after the other along the disk would let its own cache answer: every second place from the other half.
  const pages = spread(limits.places, Math.floor(size / PAGE) - 1);
  const half = Math.ceil(pages.length / 2);
  for (let at = 0; at < half && (times.length < 3 || !late()); at += 1) {
    for (const page of [pages[at], pages[at + half]]) {
      if (page === undefined) continue;
      times.push((await read(PAGE, 1, page)).seconds * 1000);
    }
  }
  onProgress(1);
  return {
    sequential: sequential.seconds === 0 ? 0 : sequential.bytes / sequential.seconds / 1e6,
    latency: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0,
    bytes: sequential.bytes + times.length * PAGE,
  };
}

/** dd(1) opens what it reads from read-only; direct: past the page cache. */
export function readFrom(path: string, { block, count, skip }: { block: number; count: number; skip: number }): Argv {
  return [
    "dd",
    `if=${path}`,
    "of=/dev/null",
    `bs=${block}`,
    `count=${count}`,
    `skip=${skip}`,
    "iflag=direct,fullblock",
  ];
}

/** So many whole numbers from 0 to `most`, as far apart as they can be. */
function spread(count: number, most: number): number[] {
  const places = Array.from({ length: count }, (_, at) =>
    count === 1 ? 0 : Math.floor((at * Math.max(0, most)) / (count - 1)),
  );
  return [...new Set(places)];
}

/** Bytes that are written to a folder that was named for it. */
export const WRITTEN: Bytes = 64 * 2 ** 20;

/**
 * MB/s of writing a new file in a folder, until it is on the disk. What is written cannot be compressed, and the file is
 * removed whatever happens.
 * @throws Error with one sentence when nothing can be written there
 */
export async function measureWriting(
  folder: string,
  { run, signal }: Pick<Measuring, "run" | "signal">,
): Promise<number> {
  const file = `${folder.replace(/\/+$/, "")}/.multiverse-profile-${process.pid}`;
  // excl: a file that is there is never written to.
  const argv: Argv = [
    "dd",
    "if=/dev/urandom",
    `of=${file}`,
    `bs=${BLOCK}`,
    `count=${WRITTEN / BLOCK}`,
    "iflag=fullblock",
    "conv=excl,fsync",
  ];
  try {
    const { bytes, seconds } = await copy(run, argv, signal);
    return bytes / Math.max(seconds, 1e-9) / 1e6;
  } finally {
    await run(["rm", "-f", file]);
  }
}

export interface Copied {
  bytes: Bytes;
  seconds: number;
}

/** Runs a dd and reads its last line: "67108864 bytes (67 MB, 64 MiB) copied, 0.0312 s, 2.2 GB/s"; small times as "8.9e-05 s". */
export async function copy(run: Run, argv: Argv, signal?: AbortSignal): Promise<Copied> {
  try {
    const { stderr } = await run(argv, { timeoutMs: PIECE_MS, ...(signal === undefined ? {} : { signal }) });
    const [, bytes, seconds] = /^([0-9]+) bytes? .*copied, ([0-9.e+-]+) s,/m.exec(stderr) ?? [];
    if (bytes === undefined || seconds === undefined)
      throw new Error(`dd did not say how long it took: ${lastLine(stderr)}`);
    return { bytes: Number(bytes), seconds: Number(seconds) };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ProgramError)) throw error;
    if (error.reason === "timeout") throw new Error(`it did not answer within ${PIECE_MS / 1000} s`);
    throw new Error(lastLine(error.stderr) || error.message);
  }
}
