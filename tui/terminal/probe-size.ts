// Asks a terminal how large it is and whether it reads UTF-8: a serial line's device knows neither.
import { hearReplies } from "./cursor-report.ts";
import { USUAL_SIZE } from "./usual-size.ts";

export interface TerminalLine {
  write(text: string): void;
  /** What the terminal sends, in raw mode; returns how to stop listening. */
  listen(onText: (text: string) => void): () => void;
}

export interface ProbedTerminal {
  columns: number;
  rows: number;
  /** Whether the terminal answered; else the size is 80×24. */
  measured: boolean;
  /** null: it did not answer. */
  utf8: boolean | null;
  /** What was typed while we asked: belongs to whoever reads keys next. */
  typed: string;
}

/**
 * Saves the cursor, sends it far beyond the corner and asks where it is; then writes "ä" at the beginning of that row
 * and asks again: two columns on, its two bytes were taken for two letters. The row is erased.
 */
const QUESTION = "\u001b7\u001b[999;999H\u001b[6n\rä\u001b[6n\r\u001b[2K\u001b8";

/**
 * @param deadline aborted when the terminal has had time enough (2 s): the answer of a line at 9600 baud takes 20 ms.
 */
export function probeTerminal(line: TerminalLine, deadline: AbortSignal): Promise<ProbedTerminal> {
  return new Promise((resolve) => {
    let text = "";
    const finish = () => {
      stop();
      deadline.removeEventListener("abort", finish);
      resolve(judge(text));
    };
    const stop = line.listen((more) => {
      text += more;
      if (hearReplies(text).replies.length >= 2) finish();
    });
    if (deadline.aborted) return finish();
    deadline.addEventListener("abort", finish);
    line.write(QUESTION);
  });
}

function judge(text: string): ProbedTerminal {
  const { replies, typed, pending } = hearReplies(text);
  const [corner, afterLetter] = replies;
  // A cursor that never moved is a terminal that does not understand the question.
  const measured = corner !== undefined && corner.column > 1 && corner.row > 0;
  const size = measured ? { columns: corner.column, rows: corner.row } : USUAL_SIZE;
  const utf8 = afterLetter === undefined ? null : afterLetter.column === 2;
  return { ...size, measured, utf8, typed: typed + pending };
}

export interface RawInput extends NodeJS.ReadableStream {
  setRawMode?(on: boolean): unknown;
}

/** The line of this process; what was typed meanwhile is given back to `input`, for Ink to read. */
export async function probeStreams(
  input: RawInput,
  output: NodeJS.WritableStream,
  deadline: AbortSignal,
): Promise<ProbedTerminal> {
  input.setRawMode?.(true);
  const probed = await probeTerminal(
    {
      write: (text) => {
        output.write(text);
      },
      listen: (onText) => {
        const hear = (chunk: Buffer | string) => onText(chunk.toString());
        input.on("data", hear);
        return () => {
          input.off("data", hear);
          input.pause();
        };
      },
    },
    deadline,
  );
  if (probed.typed !== "") input.unshift(Buffer.from(probed.typed));
  return probed;
}

/** Tells the kernel the size, so that whatever runs on this line later knows it; stty(1). */
export function sttyArgv(ttyPath: string, { columns, rows }: { columns: number; rows: number }): string[] {
  return ["stty", "-F", ttyPath, "rows", String(rows), "columns", String(columns)];
}

/**
 * Makes Node's own stream know the size at once; Ink reads it there. The kernel tells it only when it was changed from
 * outside (SIGWINCH), which a serial line never does.
 */
export function takeSize(output: NodeJS.WriteStream, { columns, rows }: { columns: number; rows: number }): void {
  output.columns = columns;
  output.rows = rows;
  output.emit("resize");
}
