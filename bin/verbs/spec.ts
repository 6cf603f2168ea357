// `multiverse spec`: shows a spec as it is read or with every value known, imports an older file, or tells the spec of what runs here.
import { basename } from "node:path";
import { stringify } from "yaml";
import { replayMachine } from "../../core/inventory/record.ts";
import { inventoryFor } from "../../core/inventory-for.ts";
import { loadSpec } from "../../core/spec/load.ts";
import { parseCfg } from "../../core/spec/older-words/cfg.ts";
import { importCfg, importedText } from "../../core/spec/older-words/cfg-to-spec.ts";
import { readRegularFile } from "../../core/spec/read-file.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { usage } from "../parse-arguments.ts";
import { MACHINE } from "../shared-options.ts";
import { resolvedAsData, statedAsData } from "../show-resolved.ts";
import { fromHost } from "../spec-from-host.ts";
import { KEY_VALUE_HELP, OLDER, SPEC_KEYS, specWords } from "../spec-words.ts";
import type { Verb } from "../verb.ts";

export const specVerb: Verb = {
  name: "spec",
  summary: "check a spec and show it, also with every value filled in; import an older file; tell what runs here",
  usage:
    "spec show FILE… [key=value…] [--resolved] [--machine FILE] [--format yaml|json] | spec import FILE | spec from-host [--hashes] [--output FILE]",
  about: [
    "show       without --resolved: the files merged, references followed, checked. With --resolved: every default and",
    "           every value from the machine, and where each came from. Writes nothing.",
    "import     what a boot.cfg or another *.cfg of the older format says, as a spec; what it cannot say is listed in it.",
    "from-host  the spec that would install the system that runs here again: name, language, users, network, packages,",
    "           pool and disks. What cannot be found out becomes {ask: …}. Passwords' hashes only with --hashes, as root.",
    ...KEY_VALUE_HELP,
  ],
  options: {
    resolved: { says: "fill in defaults and what the machine gives" },
    hashes: { says: "from-host: take the users' password hashes over; needs root" },
    output: { value: "FILE", says: "from-host: write it to FILE, for nobody else to read" },
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
    { line: "multiverse spec from-host --output jupiter.yml", does: "what runs here, as a spec" },
  ],
  words: [1, Number.POSITIVE_INFINITY],
  places: [["show", "import", "from-host"], "file"],
  keys: [...OLDER, ...SPEC_KEYS],
  async run(context, args) {
    const { run, signal, out } = context;
    const [what, ...bare] = args.words;
    if (what === "from-host") {
      if (bare.length > 0) throw usage(specVerb, "`multiverse spec from-host` takes no files: --output names one.");
      if (args.has("resolved") || args.value("machine") !== undefined)
        throw usage(
          specVerb,
          "`multiverse spec from-host` reads the running system; --resolved and --machine go with show.",
        );
      await fromHost(context, {
        hashes: args.has("hashes"),
        output: args.value("output"),
        json: args.value("format") === "json",
      });
      return undefined;
    }
    if (args.has("hashes") || args.value("output") !== undefined)
      throw usage(specVerb, "--hashes and --output go with from-host.");
    if (what === "import") {
      out(await importFile(bare));
      return undefined;
    }
    if (what !== "show")
      throw usage(specVerb, `\`multiverse spec\` knows \`show\`, \`import\` and \`from-host\`, not \`${what}\`.`);
    if (bare.length === 0) throw usage(specVerb, "`multiverse spec show` needs a file.");
    const { files, words } = specWords(specVerb, bare);
    const loaded = await loadSpec(files, readRegularFile, words);
    const machine = args.value("machine");
    const data = args.has("resolved")
      ? resolvedAsData(
          resolveSpec(
            loaded,
            await inventoryFor(loaded, machine === undefined ? run : await replayMachine(machine), signal),
          ),
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
