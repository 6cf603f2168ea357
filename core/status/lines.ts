// The lines of the status socket, made of pieces: a value's JSON is made once, however many read it (docs/formats/status-messages.md).
import { type Board, PART_NAMES } from "./board.ts";
import type { PartName } from "./snapshot.ts";

/** Everything but the value, which comes last so that it can be a piece of its own. */
function partHead(board: Board, name: PartName): string {
  const { at, failure, live } = board.part(name);
  return JSON.stringify({ at, failure, live }).slice(0, -1);
}

export function snapshotLine(board: Board, now: number, boot: string): readonly (string | Buffer)[] {
  const head = JSON.stringify({ type: "snapshot", version: 1, now, boot }).slice(0, -1);
  const parts = PART_NAMES.flatMap((name, at) => [
    `${at === 0 ? "" : "},"}"${name}":${partHead(board, name)},"value":`,
    board.bytes(name),
  ]);
  return [`${head},"parts":{`, ...parts, "}}}\n"];
}

/** `withValue` is for a reader that was not told this value yet. */
export function partLine(board: Board, now: number, name: PartName, withValue: boolean): readonly (string | Buffer)[] {
  const head = `${JSON.stringify({ type: "part", now, name }).slice(0, -1)},"part":${partHead(board, name)}`;
  return withValue ? [`${head},"value":`, board.bytes(name), "}}\n"] : [`${head}}}\n`];
}

export function aliveLine(now: number): readonly string[] {
  return [`${JSON.stringify({ type: "alive", now })}\n`];
}
