// Reads the arguments of the operations on controllers; whoever signed them may have written anything.
import { ActionableError, EXIT } from "../errors.ts";
import { scrub } from "../inventory/scrub.ts";

export type Arguments = Record<string, unknown>;

const wrong = (message: string) =>
  new ActionableError({
    ...{ code: "bad-arguments", exit: EXIT.usage },
    message,
    evidence: [],
    hint: "See docs/controllers.md.",
  });

/** Refuses arguments that the operation does not know, so that a misspelt one is not silently left out. */
export function onlyKnown(args: Arguments, known: readonly string[]): void {
  const unknown = Object.keys(args).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw wrong(`Unknown argument: ${unknown.map(scrub).join(", ")}. Known are: ${known.join(", ")}.`);
}

export function nameFrom(args: Arguments, key = "name"): string {
  const name = args[key];
  if (typeof name === "string" && name !== "" && name.length <= 255) return name;
  throw wrong(`The argument "${key}" must be the name of a controller.`);
}

export function flagFrom(args: Arguments, key: string): boolean {
  const flag = args[key] ?? false;
  if (typeof flag === "boolean") return flag;
  throw wrong(`The argument "${key}" must be true or false.`);
}

/** Whole seconds within bounds. */
export function secondsFrom(
  args: Arguments,
  key: string,
  bounds: { least: number; most: number; usual: number },
): number {
  const seconds = args[key] ?? bounds.usual;
  if (typeof seconds === "number" && Number.isInteger(seconds) && seconds >= bounds.least && seconds <= bounds.most) {
    return seconds;
  }
  throw wrong(`The argument "${key}" must be whole seconds from ${bounds.least} to ${bounds.most}.`);
}

export function choiceFrom<Choice extends string>(
  args: Arguments,
  key: string,
  choices: readonly Choice[],
  usual: Choice,
): Choice {
  const said = args[key] ?? usual;
  const choice = choices.find((one) => one === said);
  if (choice !== undefined) return choice;
  throw wrong(`The argument "${key}" must be one of: ${choices.join(", ")}.`);
}
