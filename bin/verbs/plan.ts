// `multiverse plan`: every step of an installation, before anything is written.
import { planFor, renderPlan } from "../../core/install.ts";
import { MACHINE } from "../shared-options.ts";
import { KEY_VALUE_HELP, OLDER, SPEC_KEYS, specWords } from "../spec-words.ts";
import type { Verb } from "../verb.ts";

const FORMATS = ["text", "json", "sh"] as const;

export const planVerb: Verb = {
  name: "plan",
  summary: "show every step of an installation; writes nothing",
  usage: "plan [FILE…] [key=value…] [--machine FILE] [--format text|json|sh]",
  about: [
    "The plan is what `install` does, step by step. Its hash can be given to `install --expect-plan`, which then",
    "runs that plan only. --format sh is a script that does the same without multiverse.",
    ...KEY_VALUE_HELP,
  ],
  options: {
    machine: MACHINE,
    format: {
      value: "text|json|sh",
      says: "for people, for programs, or as a shell script; default text",
      words: FORMATS,
    },
  },
  examples: [
    { line: "multiverse plan jupiter.yml", does: "the steps, for a person" },
    { line: "multiverse plan jupiter.yml --machine jupiter.json --format sh", does: "a script for a recorded machine" },
    { line: "multiverse plan jupiter.yml host.name=io swap.size=2GiB", does: "with two values of the spec changed" },
  ],
  words: [1, Number.POSITIVE_INFINITY],
  keys: [...OLDER, ...SPEC_KEYS],
  async run({ run, out }, args) {
    const machine = args.value("machine");
    const { files, words } = specWords(planVerb, args.words);
    const { plan } = await planFor({ files, words, run, ...(machine === undefined ? {} : { machine }) });
    const format = FORMATS.find((one) => one === args.value("format")) ?? "text";
    const text = renderPlan(plan, format);
    out(text.endsWith("\n") ? text : `${text}\n`);
    return undefined;
  },
};
