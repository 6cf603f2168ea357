// What a verb of the command line declares: one file a verb, and everything shown about it comes from the declaration.
import type { ExitCode } from "../core/errors.ts";
import type { Run } from "../core/tools/run.ts";

/** What a verb may use of the outside. */
export interface Context {
  run: Run;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
  /** Standard output: results only. */
  out(text: string): void;
  /** Standard error: everything said to a person. */
  say(text: string): void;
}

export interface Option {
  /** What stands for the value in the help; without it the option is a switch. */
  value?: string;
  says: string;
  /** The words allowed as the value; the first is the default. */
  words?: readonly string[];
  default?: string;
  /** May be given several times. */
  many?: true;
}

export interface Arguments {
  words: readonly string[];
  /** The value of an option, its default, or undefined. */
  value(name: string): string | undefined;
  /** Every value of an option that may be given several times, in order. */
  values(name: string): readonly string[];
  /** Whether a switch is set. */
  has(name: string): boolean;
}

export interface Example {
  line: string;
  does: string;
}

export interface Verb {
  name: string;
  summary: string;
  /** The line after "multiverse ". */
  usage: string;
  /** What it does, for its help; lines as they are shown. */
  about: readonly string[];
  options: Readonly<Record<string, Option>>;
  examples: readonly Example[];
  /** How many words it takes: at least, at most. */
  words: readonly [number, number];
  /** What can stand in each place, for completion; a file at the end may be many. Default: files, if it takes words. */
  places?: readonly (readonly string[] | "file")[];
  /** Hands the arguments on as they are: for verbs that belong to another part. */
  raw?: boolean;
  run(context: Context, args: Arguments, raw: readonly string[]): Promise<ExitCode | undefined>;
}
