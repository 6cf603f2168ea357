// `multiverse profile`: what this machine is made of, section by section, and the host file for it.
import { ActionableError, EXIT } from "../../core/errors.ts";
import { measureWriting } from "../../core/inventory/hardware/benchmark.ts";
import type { Disk, Inventory } from "../../core/inventory/inventory.ts";
import { probe } from "../../core/inventory/probe.ts";
import { replayMachine } from "../../core/inventory/record.ts";
import { usage } from "../parse-arguments.ts";
import { profileHost } from "../profile/host.ts";
import {
  kernelSection,
  machinesSection,
  networkSection,
  pciSection,
  type Section,
  usbSection,
} from "../profile/sections.ts";
import { measureDisks, storageSection } from "../profile/storage.ts";
import { FORMAT, MACHINE } from "../shared-options.ts";
import { asJson } from "../show-inventory.ts";
import type { Context, Verb } from "../verb.ts";

const SECTIONS: Readonly<Record<string, (inventory: Inventory) => Section>> = {
  storage: (inventory) => storageSection(inventory, null),
  pci: pciSection,
  usb: usbSection,
  network: networkSection,
  kernel: kernelSection,
  vms: machinesSection,
};

const WORDS = ["host", ...Object.keys(SECTIONS)];

export const profileVerb: Verb = {
  name: "profile",
  summary: "show what this machine is made of, and hold it against a hardware template",
  usage: "profile [host|storage|pci|usb|network|kernel|vms] [--options]",
  about: [
    "host      scores every hardware template for this machine. With --template it holds the machine against that one",
    "          and stops with exit code 8 where it differs; then it writes the host file: the template, filled in.",
    "storage   disks with buses and speed, RAID, LVM, multipath, file systems and their space. --benchmark measures:",
    "          it reads 256 MiB of each disk, or of those named, for ten seconds at most; nothing is written",
    "pci       with IOMMU groups: what can be given to a virtual machine, and what goes along",
    "usb, network, kernel, vms    devices, adapters and their ports, what runs, virtual machines",
    "Without a section all of them but host. Needs root to see everything, and to measure.",
  ],
  options: {
    template: {
      value: "NAME|auto",
      says: "host: the template, by name or as ./FILE.yml, or the one that is clearly best",
    },
    output: { value: "FILE", says: "host: write the host file to FILE instead of showing it" },
    name: { value: "HOST", says: "host: the host's name; default the file's name, or what the machine is called" },
    benchmark: { says: "storage: read from the disks and measure how fast they are" },
    "benchmark-write": {
      value: "FOLDER",
      says: "storage: write 64 MiB to a new file in FOLDER, measure that, and remove the file",
    },
    machine: MACHINE,
    format: FORMAT,
  },
  examples: [
    { line: "multiverse profile host", does: "which template this machine is like, with the reasons" },
    {
      line: "multiverse profile host --template auto --output jupiter.example.net.yml",
      does: "verifies, and writes the host file; `hardware: ./jupiter.example.net.yml` in a spec holds machines against it",
    },
    { line: "multiverse profile storage --benchmark /dev/sda", does: "measures one disk by reading" },
    { line: "multiverse profile pci --machine jupiter.json", does: "PCI devices of a recorded machine" },
  ],
  words: [0, Number.POSITIVE_INFINITY],
  places: [WORDS, "file"],
  async run({ run, signal, out, say }, args) {
    const [what, ...disks] = args.words;
    if (what !== undefined && !WORDS.includes(what))
      throw usage(profileVerb, `\`multiverse profile\` knows ${WORDS.join(", ")}, not \`${what}\`.`);
    const benchmark = args.has("benchmark");
    if ((benchmark || disks.length > 0) && (what !== "storage" || !benchmark))
      throw usage(profileVerb, "Disks can be named, and --benchmark be given, with `storage --benchmark` only.");
    const misplaced = ["template", "output", "name"].find((name) => args.value(name) !== undefined && what !== "host");
    if (misplaced !== undefined) throw usage(profileVerb, `--${misplaced} goes with \`host\`.`);
    const folder = args.value("benchmark-write");
    if (folder !== undefined && what !== "storage") throw usage(profileVerb, "--benchmark-write goes with `storage`.");
    const machine = args.value("machine");
    if ((benchmark || folder !== undefined) && machine !== undefined)
      throw usage(profileVerb, "A recorded machine cannot be measured: --benchmark and --machine exclude each other.");
    const inventory = await probe(machine === undefined ? run : await replayMachine(machine), signal);
    const format = args.value("format") ?? "text";
    if (what === "host") {
      const [template, output, name] = ["template", "output", "name"].map((option) => args.value(option));
      await profileHost(inventory, { template, output, name, format }, { out, say });
      return undefined;
    }
    const measured = benchmark ? await measureDisks(named(inventory, disks), { run, signal, say }) : null;
    if (folder !== undefined) say(await writingInWords(folder, { run, signal }));
    const names = what === undefined ? Object.keys(SECTIONS) : [what];
    const sections = names.map((name): [string, Section] => {
      const section = name === "storage" ? storageSection(inventory, measured) : SECTIONS[name]?.(inventory);
      if (section === undefined) throw new Error(`no section ${name}`);
      return [name, section];
    });
    if (format === "json") {
      const data =
        what === undefined
          ? Object.fromEntries(sections.map(([name, { data }]) => [name, data]))
          : sections[0]?.[1].data;
      out(asJson(data));
    } else {
      const titled = ([name, { lines }]: [string, Section]) =>
        what === undefined ? [name.toUpperCase(), ...lines] : lines;
      out(`${sections.map((section) => titled(section).join("\n")).join("\n\n")}\n`);
    }
    return undefined;
  },
};

async function writingInWords(folder: string, { run, signal }: Pick<Context, "run" | "signal">): Promise<string> {
  try {
    return `${folder}: ${Math.round(await measureWriting(folder, { run, signal }))} MB/s written\n`;
  } catch (cause) {
    signal.throwIfAborted();
    throw new ActionableError({
      code: "cannot-measure",
      exit: EXIT.stepFailed,
      message: `Writing to ${folder} cannot be measured.`,
      evidence: [cause instanceof Error ? cause.message : String(cause)],
      hint: "Name a folder that may be written to, with 64 MiB free.",
      cause,
    });
  }
}

/** The disks that were named, by any of their names, or all. */
function named(inventory: Inventory, names: readonly string[]): Disk[] {
  if (names.length === 0) return inventory.disks;
  return names.map((name) => {
    const short = name.replace(/^\/dev\/disk\/by-(id|path)\//, "");
    const disk = inventory.disks.find(
      (one) => one.path === name || one.id === short || one.kname === name || one.aliases.includes(short),
    );
    if (disk !== undefined) return disk;
    throw new ActionableError({
      code: "no-disk-matches",
      exit: EXIT.refused,
      message: `There is no disk ${name} here.`,
      evidence: inventory.disks.map((one) => `${one.path} ${one.id ?? ""}`.trim()),
      hint: "Name whole disks, by path or by their name under /dev/disk/by-id.",
    });
  });
}
