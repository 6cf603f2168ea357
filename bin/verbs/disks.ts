// `multiverse disks`: the disks of this machine, and what a selector makes of them.
import { EXIT } from "../../core/errors.ts";
import { withHealth } from "../../core/inventory/ask-health.ts";
import { probe } from "../../core/inventory/probe.ts";
import { replayMachine } from "../../core/inventory/record.ts";
import { parseSelector } from "../../core/spec/parse-selector.ts";
import { hasHealth } from "../../core/spec/selects-by-health.ts";
import { trySelectors } from "../../core/spec/try-selectors.ts";
import { usage } from "../parse-arguments.ts";
import { MACHINE } from "../shared-options.ts";
import { disksAsJson, disksAsText, triedAsText } from "../show-disks.ts";
import type { Verb } from "../verb.ts";

export const disksVerb: Verb = {
  name: "disks",
  summary: "list the disks, and try a selector on them",
  usage: "disks [--match SELECTOR]… [--count N] [--machine FILE] [--json]",
  about: [
    "Each disk with its name that stays, its serial number, its size, what is on it, or why it cannot be used. With",
    "--match: which disks are like that, which are not and why, and the pin that an installation would write into the",
    "spec. SELECTOR is what stands under `match:` in a spec; several are tried in order, and the first that gives enough",
    "disks counts. Ends with 4 where a spec with that selector would be refused. Reads only; needs root to see everything.",
  ],
  options: {
    match: { value: "SELECTOR", says: "what the disks must be like, as YAML: 'bus: nvme, empty: true'", many: true },
    count: { value: "N", says: "how many disks are wanted; default 1" },
    machine: MACHINE,
    json: { says: "for programs: docs/formats/disk-list.md" },
  },
  examples: [
    { line: "multiverse disks", does: "every disk of this machine" },
    {
      line: `multiverse disks --match 'bus: nvme, size: ">= 400 GB"' --count 2`,
      does: "whether exactly two NVMe disks of at least 400 GB can be used here",
    },
    {
      line: "multiverse disks --match 'size: smallest, rotational: false' --machine jupiter.json",
      does: "the smallest flash disk of a recorded machine",
    },
    {
      line: "multiverse disks --match 'bus: nvme, empty: true' --match 'not: {bus: usb}, empty: true'",
      does: "an empty NVMe disk, or where there is none, any empty disk that is no stick",
    },
  ],
  words: [0, 0],
  async run({ run, signal, out }, args) {
    const matches = args.values("match").map(parseSelector);
    const wanted = args.value("count");
    if (wanted !== undefined && !/^[1-9][0-9]{0,3}$/.test(wanted))
      throw usage(disksVerb, `--count is a number of disks, not ${wanted}.`);
    if (wanted !== undefined && matches.length === 0) throw usage(disksVerb, "--count goes with --match.");
    const file = args.value("machine");
    const source = file === undefined ? run : await replayMachine(file);
    const probed = await probe(source, signal);
    const inventory = matches.some(hasHealth) ? await withHealth(probed, source, signal) : probed;
    const tried = matches.length === 0 ? null : trySelectors(matches, Number(wanted ?? 1), inventory);
    if (args.has("json")) {
      out(disksAsJson(inventory, tried));
      return tried?.refused == null ? undefined : EXIT.refused;
    }
    out(tried === null ? disksAsText(inventory) : triedAsText(tried));
    if (tried?.refused != null) throw tried.refused;
    return undefined;
  },
};
