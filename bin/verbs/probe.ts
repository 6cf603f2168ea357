// `multiverse probe`: what this machine has, for people and programs; and recording it for later.
import { writeFile } from "node:fs/promises";
import { ActionableError, EXIT } from "../../core/errors.ts";
import { probe } from "../../core/inventory/probe.ts";
import { recordMachine, replay, replayMachine } from "../../core/inventory/record.ts";
import { FORMAT, MACHINE } from "../shared-options.ts";
import { inventoryAsJson, inventoryAsText } from "../show-inventory.ts";
import type { Verb } from "../verb.ts";

export const probeVerb: Verb = {
  name: "probe",
  summary: "show what this machine has: disks, systems on them, network, firmware",
  usage: "probe [--format text|json] [--output FILE] [--machine FILE]",
  about: [
    "Reads only. Needs root to see everything. With --output the answers of the system's own tools are kept in a",
    "file, and every command that only reads works on it with --machine. It holds serial numbers, no secrets.",
  ],
  options: {
    format: FORMAT,
    output: { value: "FILE", says: "record the machine to FILE" },
    machine: MACHINE,
  },
  examples: [
    { line: "multiverse probe", does: "this machine, as tables" },
    { line: "multiverse probe --output jupiter.json", does: "records it" },
    { line: "multiverse probe --machine jupiter.json --format json", does: "a recorded machine, for programs" },
  ],
  words: [0, 0],
  async run({ run, signal, out, say }, args) {
    const file = args.value("output");
    const from = args.value("machine");
    let source = from === undefined ? run : await replayMachine(from);
    if (file !== undefined) {
      const recording = await recordMachine(source, signal);
      await save(file, `${JSON.stringify(recording, null, 1)}\n`);
      say(`recorded to ${file}\n`);
      source = replay(recording, file);
      if (args.value("format") === "text") return undefined;
    }
    const inventory = await probe(source, signal);
    out(args.value("format") === "json" ? inventoryAsJson(inventory) : inventoryAsText(inventory));
    return undefined;
  },
};

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new ActionableError({
      code: "cannot-write",
      exit: EXIT.usage,
      message: `${file} cannot be written.`,
      evidence: [cause instanceof Error ? cause.message : String(cause)],
      hint: "Choose another place.",
      cause,
    });
  }
}
