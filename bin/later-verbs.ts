// Verbs of the older command line that do not exist yet: known, so that nobody takes them for misspelt.
import { ActionableError, EXIT } from "../core/errors.ts";

const LATER: Readonly<Record<string, { does: string; instead: string }>> = {
  update: {
    does: "updating an installed host",
    instead:
      "Until then install anew from a newer rescue stick: write the spec by `multiverse install … config`, then `multiverse install FILE`.",
  },
  deploy: {
    does: "installing what was built elsewhere",
    instead:
      "Until then build a rescue stick with `multiverse rescue build`, start the machine from it, and `multiverse install work=live: boot=…`.",
  },
  mirror: {
    does: "mirroring packages and releases",
    instead:
      "A mirror of Debian that exists is named in the spec (`packages: {mirror: …}`, or the word packages.mirror=…).",
  },
};

/** The refusal (exit 4) for such a verb; null for a word that is none. */
export function laterVerb(name: string): ActionableError | null {
  const verb = Object.hasOwn(LATER, name) ? LATER[name] : undefined;
  if (verb === undefined) return null;
  return new ActionableError({
    code: "not-yet",
    exit: EXIT.refused,
    message: `\`multiverse ${name}\`, ${verb.does}, is not supported yet.`,
    hint: verb.instead,
  });
}
