// `multiverse questions`: what a spec leaves open on this machine, all of it at once.

import { replayMachine } from "../../core/inventory/record.ts";
import { inventoryFor } from "../../core/inventory-for.ts";
import { loadSpec } from "../../core/spec/load.ts";
import { type Question, questions } from "../../core/spec/questions.ts";
import { readRegularFile } from "../../core/spec/read-file.ts";
import { FORMAT, MACHINE } from "../shared-options.ts";
import { KEY_VALUE_HELP, OLDER, SPEC_KEYS, specWords } from "../spec-words.ts";
import type { Verb } from "../verb.ts";

export const questionsVerb: Verb = {
  name: "questions",
  summary: "list what a spec leaves open on this machine",
  usage: "questions [FILE…] [key=value…] [--machine FILE] [--format text|json]",
  about: [
    "Every question says why it is asked and where its answer goes in the YAML. Required: nobody gave a value.",
    "Deliberate: never guessed (the disk, encryption, what is erased). Everything else has a default. Writes nothing.",
    ...KEY_VALUE_HELP,
  ],
  options: { machine: MACHINE, format: FORMAT },
  examples: [
    { line: "multiverse questions jupiter.yml", does: "what is open, for a person" },
    {
      line: "multiverse questions jupiter.yml --machine jupiter.json --format json",
      does: "the same for a recorded machine, for programs",
    },
    {
      line: "multiverse questions work=live: boot=zfs:///dev/sda:/saturn/g2",
      does: "what is open when a disk and a pool are all that is said",
    },
  ],
  words: [1, Number.POSITIVE_INFINITY],
  keys: [...OLDER, ...SPEC_KEYS],
  async run({ run, signal, out }, args) {
    const machine = args.value("machine");
    const { files, words } = specWords(questionsVerb, args.words);
    const loaded = await loadSpec(files, readRegularFile, words);
    const inventory = await inventoryFor(loaded, machine === undefined ? run : await replayMachine(machine), signal);
    const open = questions(loaded, inventory);
    out(args.value("format") === "json" ? `${JSON.stringify(open, null, 2)}\n` : asText(open));
    return undefined;
  },
};

function asText(open: readonly Question[]): string {
  if (open.length === 0) return "nothing is open: this spec installs without a question\n";
  return `${open
    .flatMap((question) => [
      `${question.path}  (${question.class}${question.for === "install" ? ", to install" : ""})`,
      `  ${question.ask}`,
      `  Why asked: ${question.why}`,
      ...(question.choices ?? []).map(
        (choice) =>
          `    - ${choice.value}: ${choice.unusable.length === 0 ? choice.label : `cannot be used: ${choice.unusable.join("; ")}`}`,
      ),
    ])
    .join("\n")}\n`;
}
