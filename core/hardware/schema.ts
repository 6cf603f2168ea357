// A hardware template and a host file: every key that a person may write. Anything may be left out; what stands there is verified.
import { z } from "zod";
import { hostName, line } from "../spec/names.ts";
import { COMPARISON_PATTERN, parseComparisons, parseSize, SIZE_PATTERN } from "../spec/quantity.ts";
import { key, needed } from "../spec/question-meta.ts";
import { specSchema } from "../spec/schema.ts";

const oneCount = "(>=|<=|>|<|=) ?[0-9]{1,5}";
const COUNT_PATTERN = new RegExp(`^${oneCount}(, ?${oneCount})?$`);

/** "4", or a comparison such as ">= 2" or ">= 1, <= 2". */
const count = z.union([
  z.int().min(0).max(99_999),
  z.string().regex(COUNT_PATTERN, 'must be a number or a comparison such as ">= 2"'),
]);

/** One pattern, or several of which one must fit. */
const patterns = z.union([line, z.array(line).min(1, "must not be empty")]);

const size = z
  .string('must be a size such as "4 TB" or a comparison such as ">= 64 GiB"')
  .regex(
    new RegExp(`${SIZE_PATTERN.source}|${COMPARISON_PATTERN.source}`),
    'must be a size such as "4 TB" or a comparison such as ">= 64 GiB"',
  )
  .refine((text) => (parseSize(text) ?? parseComparisons(text)) !== null, "is not a whole number of bytes below 9 PB");

const cap = z.string().regex(/^[a-z0-9_]{1,32}$/, "must be a flag as /proc/cpuinfo writes it, such as vmx");

const processor = {
  model: key(patterns, 'The model, with * and ? as wildcards, such as "*E5-26*".'),
  cores: key(count, "Cores of one processor."),
  threads: key(count, "Threads of one processor."),
  caps: key(z.array(cap), "Flags that it must have, such as vmx, svm, aes."),
};

const cpu = z.union([
  z.array(z.strictObject(processor)).min(1, "must not be empty"),
  z.strictObject({ sockets: key(count, "How many processors are in it."), ...processor }),
]);

const module = z.strictObject({
  slot: key(line, "What the firmware calls the slot."),
  size: key(size, "The module's size."),
  type: key(patterns, 'Such as "DDR4".'),
  speed: key(z.int().min(1), "MT/s that it is built for."),
  part: key(patterns, "The maker's part number."),
});

const ram = z.strictObject({
  size: key(size, "What is installed, all modules together."),
  ecc: key(z.boolean(), "Whether it corrects errors."),
  slots: key(count, "Slots for modules, the empty ones among them."),
  modules: key(z.array(module), "The modules that must be there, each in its slot."),
});

const port = z.strictObject({
  kind: key(
    z.enum([
      ...(["1gbase-t", "2.5gbase-t", "5gbase-t", "10gbase-t", "100base-t"] as const),
      ...(["sfp", "sfp+", "sfp28", "sfp56", "qsfp+", "qsfp28", "qsfp56", "qsfp-dd"] as const),
      ...(["backplane", "wifi", "virtual"] as const),
    ]),
    "The kind of port, by the fastest that it can.",
  ),
  count: key(count, "How many ports like this. Default: 1."),
  driver: key(patterns, "The kernel's driver."),
  mac: key(line, "The address, with * and ? as wildcards."),
});

const disk = z.strictObject({
  id: key(line, "Its name under /dev/disk/by-id, with wildcards."),
  model: key(patterns, "The model, with wildcards."),
  serial: key(line, "The serial number, with wildcards."),
  size: key(size, "The size."),
  rotational: key(z.boolean(), "true: it spins; false: flash."),
  "sector-size": key(z.union([z.literal(512), z.literal(4096)]), "Logical sector size in bytes."),
});

const bus = z.strictObject({
  kind: key(
    z.enum(["sas", "sata", "nvme", "virtio", "usb", "mmc", "scsi", "ide"]),
    "What disks are plugged into. Default: the bus's name, where that is one of these words.",
  ),
  driver: key(patterns, "The kernel's driver of the adapter or card."),
  mode: key(z.enum(["hba", "raid"]), "Of a RAID card: hba shows its disks, raid shows volumes and hides them."),
  disks: key(
    z.union([count, z.array(disk).min(1, "must not be empty")]),
    "How many disks are on it, or a list of those that must be there.",
  ),
  removable: key(z.boolean(), "Whether the kernel calls all its disks removable."),
  rotational: key(z.boolean(), "Whether all its disks spin."),
  size: key(size, "The size of each of its disks."),
});

const pciId = z
  .string()
  .regex(/^[0-9a-f?*]{1,4}:[0-9a-f?*]{1,4}$/, 'must be vendor and device in hexadecimal, such as "10de:2684"');

const pci = z.strictObject({
  id: key(pciId, 'Vendor and device, such as "10de:2684", with wildcards.'),
  class: key(
    z.string().regex(/^[0-9a-f]{4}$/, "must be four hexadecimal digits"),
    'Class and subclass: "0300" is a display.',
  ),
  driver: key(patterns, "The kernel's driver."),
  count: key(count, "How many like this. Default: 1."),
  name: key(line, "What it is; for people, not compared."),
});

const usb = z.strictObject({
  id: key(pciId, 'Vendor and product, such as "046d:c31c", with wildcards.'),
  serial: key(line, "The serial number, with wildcards."),
  count: key(count, "How many like this. Default: 1."),
  name: key(line, "What it is; for people, not compared."),
});

const system = z.strictObject({
  vendor: key(patterns, "The maker, as the firmware says it, with wildcards."),
  model: key(patterns, "The model, with wildcards."),
  chassis: key(z.enum(["laptop", "desktop", "server", "board", "other"]), "What kind of machine it is."),
  architecture: key(line, "Such as x86_64 or aarch64."),
  firmware: key(z.enum(["uefi", "bios"]), "How it starts."),
});

const filled = specSchema.pick({ boot: true, esp: true, swap: true, network: true, packages: true });

export const templateSchema = z.strictObject({
  version: needed(z.literal(1), "The version of this format: 1."),
  host: key(hostName, "In a host file: the host that this is."),
  serial: key(line, "In a host file: the machine's serial number."),
  uuid: key(z.string().regex(/^[0-9a-f-]{36}$/, "must be a UUID in lower case"), "In a host file: the machine's UUID."),
  template: needed(
    z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, "must be a word of lower-case letters, digits, _ and -"),
    "The template's name; in a host file that of the template it was made from.",
  ),
  title: key(line, "The model as people call it; not compared."),
  system: key(system, "Which machine it is."),
  cpu: key(cpu, "The processors: a list with one entry for each, or a map for all of them."),
  ram: key(ram, "The memory."),
  peripherals: key(
    z.strictObject({
      network: key(z.array(port), "Network ports that must be there."),
      storage: key(
        z.record(
          z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be a word of lower-case letters, digits and hyphens"),
          key(bus, "What disks hang on.").unwrap(),
        ),
        "Buses that must be there, each under a name of your choice.",
      ),
      pci: key(z.array(pci), "PCI devices that must be there."),
      usb: key(z.array(usb), "USB devices that must be there."),
    }),
    "What is built into it or plugged into it.",
  ),
  ipmi: key(z.enum(["idrac", "ilo", "xcc", "bmc", "any", "none"]), "Remote management."),
  spec: key(filled, "Values for the spec, where the spec itself does not state them."),
});

export type HardwareTemplate = z.infer<typeof templateSchema>;
export type TemplateDisk = z.infer<typeof disk>;
export type TemplateBus = z.infer<typeof bus>;
export type TemplatePort = z.infer<typeof port>;
export type Stated = { count: z.infer<typeof count>; size: z.infer<typeof size>; patterns: z.infer<typeof patterns> };
