// From the words of the command line to a verb, its help or a refusal.
import { ActionableError, EXIT, type ExitCode } from "../core/errors.ts";
import { nearest } from "../core/spec/suggest.ts";
import { helpFor, helpOverall } from "./help.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { Arguments, Context, Verb } from "./verb.ts";
import { VERBS } from "./verbs.ts";
import { version } from "./version.ts";

const NONE: Arguments = { words: [], value: () => undefined, values: () => [], has: () => false };

/** Runs what the words ask for. Errors are thrown; the caller shows them. */
export async function dispatch(words: readonly string[], context: Context): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const [about] = rest;
    context.out(name === undefined || about === undefined ? helpOverall(VERBS) : helpFor(findVerb(about)));
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === "--version" || name === "version") {
    context.out(`multiverse ${version()}\n`);
    return EXIT.done;
  }
  const verb = findVerb(name);
  const end = rest.indexOf("--");
  const options = end < 0 ? rest : rest.slice(0, end);
  if (!verb.raw && (options.includes("--help") || options.includes("-h"))) {
    context.out(helpFor(verb));
    return EXIT.done;
  }
  return (await verb.run(context, verb.raw ? NONE : parseArguments(verb, rest), rest)) ?? EXIT.done;
}

function findVerb(name: string): Verb {
  const found = VERBS.find((verb) => verb.name === name);
  if (found !== undefined) return found;
  const guess = nearest(
    name,
    VERBS.map((verb) => verb.name),
  );
  throw new ActionableError({
    code: "usage",
    exit: EXIT.usage,
    message: name.startsWith("-")
      ? `There is no option ${name} here.`
      : `There is no verb \`${name}\`${guess === undefined ? "." : `; did you mean \`${guess}\`?`}`,
    hint: "multiverse --help",
  });
}
