// What an install tells while it runs: one closed set of events, which the screen, the log and `--progress json` all read.
export interface ErrorReport {
  code: string;
  message: string;
  evidence: readonly string[];
  hint: string | undefined;
}

export type InstallEvent =
  /** The first of an install, also in its file: who runs it, so that a reader can see whether that one still lives. */
  | { event: "begin"; v: 1; pid: number; host: string }
  | { event: "plan"; hash: string; steps: number; host: string }
  | { event: "journal"; where: string; durable: boolean }
  | {
      event: "step";
      state: "start" | "done" | "skipped";
      index: number;
      of: number;
      id: string;
      title: string;
      ms?: number;
    }
  /** Bytes are decimal strings; `rate` in bytes a second; `left` in seconds, null while unknown. */
  | { event: "progress"; index: number; bytes: string; total: string | null; rate: string; left: number | null }
  | { event: "warning"; message: string }
  /** "$ " and a program's command line, or two spaces and a line that it said; at most some 200 characters. */
  | { event: "log"; line: string }
  /** It was told to stop after this step (`--until`), and did; it can go on. */
  | { event: "stopped"; index: number; of: number; title: string }
  | { event: "done"; hash: string; ms: number; peakRss: string }
  | { event: "failed"; index: number | null; error: ErrorReport };

export type OnEvent = (event: InstallEvent) => void;
