// `multiverse spec show`: a spec as it is read, or with every value known and where it came from.
import { basename } from "node:path";
import { stringify } from "yaml";
import { probe } from "../../core/inventory/probe.ts";
import { replayMachine } from "../../core/inventory/record.ts";
import { loadSpec, readRegularFile } from "../../core/spec/load.ts";
import { parseCfg } from "../../core/spec/older-words/cfg.ts";
import { importCfg, importedText } from "../../core/spec/older-words/cfg-to-spec.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { usage } from "../parse-arguments.ts";
import { MACHINE } from "../shared-options.ts";
import { resolvedAsData, statedAsData } from "../show-resolved.ts";
import { KEY_VALUE_HELP, OLDER, SPEC_KEYS, specWords } from "../spec-words.ts";
import type { Verb } from "../verb.ts";

export const specVerb: Verb = {
  name: "spec",
  summary: "check a spec and show it, also with every value filled in; import an older file",
  usage: "spec show|import [FILE…] [key=value…] [--resolved] [--machine FILE] [--format yaml|json]",
  about: [
    "Without --resolved: the files merged, references followed, checked. With --resolved: every default and every",
    "value from the machine, and where each came from. Writes nothing.",
    ...KEY_VALUE_HELP,
    "import: what a boot.cfg or another *.cfg of the older format says, as a spec; what it cannot say is listed in it.",
  ],
  options: {
    resolved: { says: "fill in defaults and what the machine gives" },
    machine: MACHINE,
    format: { value: "yaml|json", says: "default yaml", words: ["yaml", "json"] },
  },
  examples: [
    {
      line: "multiverse spec show rack.yml jupiter.yml",
      does: "checks the files and shows them merged; the later wins",
    },
    { line: "multiverse spec show jupiter.yml --resolved", does: "every value that an installation would use" },
    { line: "multiverse spec import boot.cfg >jupiter.yml", does: "a spec to go on from; the older file is only read" },
  ],
  words: [1, Number.POSITIVE_INFINITY],
  places: [["show", "import"], "file"],
  keys: [...OLDER, ...SPEC_KEYS],
  async run({ run, signal, out }, args) {
    const [what, ...bare] = args.words;
    if (what === "import") {
      out(await importFile(bare));
      return undefined;
    }
    if (what !== "show") throw usage(specVerb, `\`multiverse spec\` knows \`show\` and \`import\`, not \`${what}\`.`);
    if (bare.length === 0) throw usage(specVerb, "`multiverse spec show` needs a file.");
    const { files, words } = specWords(specVerb, bare);
    const loaded = await loadSpec(files, readRegularFile, words);
    const machine = args.value("machine");
    const data = args.has("resolved")
      ? resolvedAsData(
          resolveSpec(loaded, await probe(machine === undefined ? run : await replayMachine(machine), signal)),
        )
      : statedAsData(loaded.spec);
    out(args.value("format") === "json" ? `${JSON.stringify(data, null, 2)}\n` : stringify(data, { lineWidth: 0 }));
    return undefined;
  },
};

async function importFile(files: readonly string[]): Promise<string> {
  const [file] = files;
  if (file === undefined || files.length > 1) throw usage(specVerb, "`multiverse spec import` takes one file.");
  const text = Buffer.from(await readRegularFile(file)).toString("utf8");
  return importedText(importCfg(parseCfg(file, text)), basename(file));
}
