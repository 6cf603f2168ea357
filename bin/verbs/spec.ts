// `multiverse spec show`: a spec as it is read, or with every value known and where it came from. `spec from-host`: the spec of what runs here.
import { stringify } from "yaml";
import { probe } from "../../core/inventory/probe.ts";
import { replayMachine } from "../../core/inventory/record.ts";
import { loadSpec } from "../../core/spec/load.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { usage } from "../parse-arguments.ts";
import { MACHINE } from "../shared-options.ts";
import { resolvedAsData, statedAsData } from "../show-resolved.ts";
import { fromHost } from "../spec-from-host.ts";
import type { Verb } from "../verb.ts";

export const specVerb: Verb = {
  name: "spec",
  summary: "check a spec and show it, also with every value filled in",
  usage:
    "spec show FILE… [--resolved] [--machine FILE] | spec from-host [--hashes] [--output FILE]",
  about: [
    "show       without --resolved: the files merged, references followed, checked. With --resolved: every default and",
    "           every value from the machine, and where each came from. Writes nothing.",
    "from-host  the spec that would install the system that runs here again: name, language, users, network, packages,",
    "           pool and disks. What cannot be found out becomes {ask: …}. Passwords' hashes only with --hashes, as root.",
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
    { line: "multiverse spec from-host --output jupiter.yml", does: "what runs here, as a spec" },
  ],
  words: [1, Number.POSITIVE_INFINITY],
  places: [["show", "from-host"], "file"],
  async run(context, args) {
    const { run, signal, out } = context;
    const [what, ...files] = args.words;
    if (what === "from-host") {
      if (files.length > 0) throw usage(specVerb, "`multiverse spec from-host` takes no files: --output names one.");
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
    if (what !== "show")
      throw usage(specVerb, `\`multiverse spec\` knows \`show\` and \`from-host\`, not \`${what}\`.`);
    if (args.has("hashes") || args.value("output") !== undefined)
      throw usage(specVerb, "--hashes and --output go with from-host.");
    if (files.length === 0) throw usage(specVerb, "`multiverse spec show` needs a file.");
    const loaded = await loadSpec(files);
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
