// Completion for fish: one line for each thing that can be completed.
import type { Verb } from "../verb.ts";
import { afterOption, type Completable, HELP, keysOf, OVERALL, placesOf } from "./places.ts";

/** fish knows two escapes inside single quotes. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

function flags(what: Completable | null): string {
  if (what === null) return "";
  if (what === "file") return " -r -F";
  return what === "free" ? " -x" : ` -x -a ${quoted(what.join(" "))}`;
}

function linesOf(verb: Verb): string[] {
  const condition = `__multiverse_verb ${verb.name}`;
  const complete = (when: string, rest: string) => `complete -c multiverse -n ${quoted(when)} ${rest}`;
  const options = Object.entries(verb.options).map(([name, option]) =>
    complete(condition, `-l ${name}${flags(afterOption(option))} -d ${quoted(option.says)}`),
  );
  const places = placesOf(verb).map((what, index, all) => {
    // A list of words is offered until one of them is there, what comes behind it only then.
    const before = all.slice(0, index).filter((each) => typeof each !== "string");
    const when = [condition, ...before.map((each) => `__fish_seen_subcommand_from ${each.join(" ")}`)];
    if (what === "file" || what === "free") return complete(when.join("; and "), what === "file" ? "-F" : "-f");
    const words = what.join(" ");
    return complete([...when, `not __fish_seen_subcommand_from ${words}`].join("; and "), `-a ${quoted(words)}`);
  });
  const words = keysOf(verb);
  const begun = `${condition}; and test -n (commandline -ct)`;
  const keys = words.length === 0 ? [] : [complete(begun, `-a ${quoted(words.join(" "))}`)];
  return [...options, complete(condition, `-l ${HELP[0]} -d ${quoted(HELP[1])}`), ...places, ...keys];
}

/** The script, for ~/.config/fish/completions/multiverse.fish. */
export function fishCompletion(verbs: readonly Verb[]): string {
  const first = [...verbs.map(({ name, summary }) => [name, summary] as const), ...OVERALL];
  return `${[
    "# Completes multiverse in fish; made by `multiverse completion fish`.",
    "function __multiverse_verb",
    "  set -l words (commandline -opc)",
    '  test (count $words) -gt 1; and test "$words[2]" = "$argv[1]"',
    "end",
    "function __multiverse_no_verb",
    "  test (count (commandline -opc)) -eq 1",
    "end",
    "complete -c multiverse -f",
    ...first.map(
      ([name, says]) => `complete -c multiverse -n __multiverse_no_verb -a ${quoted(name)} -d ${quoted(says)}`,
    ),
    `complete -c multiverse -n '__multiverse_verb help' -a ${quoted(verbs.map(({ name }) => name).join(" "))}`,
    ...verbs.flatMap(linesOf),
  ].join("\n")}\n`;
}
