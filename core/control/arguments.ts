// The arguments of an operation: texts, whole numbers and flags, each named, and nothing else.
import { Refusal } from "./refusal.ts";
import type { Json, JsonObject } from "./strict-json.ts";

export interface Argument {
  required: boolean;
  /** What it must be, for the sentence of a refusal. */
  what: string;
  fits(value: Json): boolean;
}
export type Shape = Readonly<Record<string, Argument>>;

type Need = "required" | "optional";

export function text(pattern: RegExp, need: Need = "required"): Argument {
  return {
    required: need === "required",
    what: `a text of the form ${pattern.source}`,
    fits: (value) => typeof value === "string" && pattern.test(value),
  };
}

export function whole(least: number, most: number, need: Need = "required"): Argument {
  return {
    required: need === "required",
    what: `a whole number from ${least} to ${most}`,
    fits: (value) => typeof value === "number" && value >= least && value <= most,
  };
}

export function flag(need: Need = "required"): Argument {
  return { required: need === "required", what: "true or false", fits: (value) => typeof value === "boolean" };
}

/** Throws Refusal "arguments". */
export function checkArgs(shape: Shape, args: JsonObject): void {
  for (const key of Object.keys(args)) {
    if (!Object.hasOwn(shape, key)) throw new Refusal("arguments", "There is an argument that is not known.");
  }
  for (const [name, argument] of Object.entries(shape)) {
    const value = args[name];
    if (value === undefined ? argument.required : !argument.fits(value)) {
      throw new Refusal("arguments", `The argument "${name}" must be ${argument.what}.`);
    }
  }
}
