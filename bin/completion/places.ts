// What can stand where on the command line, from the verbs' declarations: the one source of every shell's completion.
import type { Option, Verb } from "../verb.ts";

/** One of these words, a file's name, or something that only the person knows. */
export type Completable = readonly string[] | "file" | "free";

/** What stands after an option; null for a switch. */
export function afterOption(option: Option): Completable | null {
  if (option.value === undefined) return null;
  return option.words ?? (option.value === "FILE" ? "file" : "free");
}

/** What stands in each place after the verb, options left out; a file at the end may be many files. */
export function placesOf(verb: Verb): readonly Completable[] {
  return verb.places ?? (verb.words[1] > 0 ? ["file"] : []);
}

/** `key=` and other words that may stand anywhere among a verb's files. */
export function keysOf(verb: Verb): readonly string[] {
  return verb.keys ?? [];
}

/** The options that every verb has besides its own. */
export const HELP: readonly [string, string] = ["help", "explain this verb, with examples"];
/** What can stand in a verb's place. */
export const OVERALL: readonly (readonly [string, string])[] = [
  ["help", "explain a verb, with examples"],
  ["--help", "list the verbs"],
  ["--version", "show the version"],
];

/** Text in single quotes, for bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
