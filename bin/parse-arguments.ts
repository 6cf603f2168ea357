// Turns the words of the command line into a verb's arguments; what does not fit is refused with a suggestion.
import { parseArgs } from "node:util";
import { ActionableError, EXIT } from "../core/errors.ts";
import { nearest } from "../core/spec/suggest.ts";
import type { Arguments, Verb } from "./verb.ts";

/** The older `work=… boot=…` words (docs: formats). */
const OLDER = /^(work|boot|install|build|bootpart)=|^(config|deploy)$/i;

/** @throws ActionableError `usage` (exit 2), `not-yet` (exit 4) */
export function parseArguments(verb: Verb, words: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(verb.options).map(([name, option]) => [
      name,
      { type: option.value === undefined ? ("boolean" as const) : ("string" as const), multiple: true as const },
    ]),
  );
  // Not strict: parseArgs's own errors are in its own words, and know no suggestions.
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string[]>();
  const switches = new Set<string>();
  const positional: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positional.push(token.value);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(verb.options, token.name) ? verb.options[token.name] : undefined;
    if (option === undefined) throw unknownOption(verb, token.rawName);
    if ((values.has(token.name) && option.many !== true) || switches.has(token.name))
      throw usage(verb, `${token.rawName} is given twice.`);
    if (option.value === undefined) {
      if (token.value !== undefined) throw usage(verb, `${token.rawName} takes no value.`);
      switches.add(token.name);
    } else {
      if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--")))
        throw usage(verb, `${token.rawName} needs a value: ${token.rawName} ${option.value}.`);
      const before = values.get(token.name) ?? [];
      values.set(token.name, [...before, checkWord(verb, token.rawName, token.value, option.words)]);
    }
  }
  refuseOlderWords(positional);
  checkCount(verb, positional);
  return {
    words: positional,
    value: (name) => values.get(name)?.[0] ?? verb.options[name]?.default ?? verb.options[name]?.words?.[0],
    values: (name) => values.get(name) ?? [],
    has: (name) => switches.has(name),
  };
}

function checkWord(verb: Verb, name: string, value: string, words: readonly string[] | undefined): string {
  if (words === undefined || words.includes(value)) return value;
  const guess = nearest(value, words);
  throw usage(verb, `${name} is one of ${words.join(", ")}${guess === undefined ? "" : `; did you mean ${guess}?`}`);
}

function checkCount(verb: Verb, words: readonly string[]): void {
  const [least, most] = verb.words;
  if (words.length < least)
    throw usage(verb, `\`multiverse ${verb.name}\` needs ${least === 1 ? "a file" : `${least} words`}.`);
  if (words.length > most)
    throw usage(
      verb,
      `\`multiverse ${verb.name}\` takes ${most === 0 ? "no words" : `${most} at most`}; too many: ${words.slice(most).join(" ")}.`,
    );
}

function refuseOlderWords(words: readonly string[]): void {
  const older = words.filter((word) => OLDER.test(word));
  if (older.length === 0) return;
  throw new ActionableError({
    code: "not-yet",
    exit: EXIT.refused,
    message: "The `key=value` words are not supported yet.",
    evidence: older.map((word) => word.replace(/=.*$/s, "=…")),
    hint: "Write a YAML spec: profiles/examples has some.",
  });
}

function unknownOption(verb: Verb, rawName: string): ActionableError {
  const guess = nearest(
    rawName,
    Object.keys(verb.options).map((name) => `--${name}`),
  );
  return usage(
    verb,
    `\`multiverse ${verb.name}\` has no option ${rawName}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
  );
}

/** An error about the command line itself. */
export function usage(verb: Verb, message: string): ActionableError {
  return new ActionableError({ code: "usage", exit: EXIT.usage, message, hint: `multiverse ${verb.name} --help` });
}
