// A value that could not be found out becomes a question in the spec.

export interface Asked {
  ask: string;
}

export const asked = (why: string): Asked => ({ ask: why });

/** The value where there is one and it passes, else the question. */
export function orAsked<Value>(value: Value | null | undefined, why: string): Value | Asked {
  return value === null || value === undefined || value === "" ? asked(why) : value;
}
