// `disks:`: names for disks, each a path, a by-id name or a selector.
import { z } from "zod";
import { line } from "./names.ts";
import { COMPARISON_PATTERN, parseComparisons } from "./quantity.ts";
import { key, later, needed } from "./question-meta.ts";

/** A device node or a link to one. */
export const devicePath = line
  .regex(/^\/dev\/[A-Za-z0-9][A-Za-z0-9/_.:+@-]*$/, "must be a path under /dev")
  .refine(noClimbing, "must not contain ..");

/** "/dev/…" or the name of a link under /dev/disk/by-id. */
export const diskName = line
  .regex(
    /^(\/dev\/)?[A-Za-z0-9][A-Za-z0-9/_.:+@#=-]*$/,
    "must be a path such as /dev/nvme0n1 or a name under /dev/disk/by-id; patterns go into match:",
  )
  .refine(noClimbing, "must not contain ..");

function noClimbing(text: string): boolean {
  return !text.split("/").includes("..");
}

/** More disks than any machine has. */
const MOST = 4096;

const matchSchema = z
  .strictObject({
    model: key(line, "The model, with * and ? as wildcards; case does not matter."),
    vendor: key(line, "The maker, with wildcards."),
    serial: key(line, "The serial number, with wildcards."),
    wwn: key(line, "The world wide name, with wildcards."),
    "by-id": key(line, "A link name under /dev/disk/by-id, with wildcards."),
    bus: key(z.enum(["nvme", "sata", "sas", "scsi", "virtio", "usb", "mmc"]), "How the disk is attached."),
    size: key(
      z
        .string()
        .regex(COMPARISON_PATTERN, 'must compare with a size, such as ">= 400 GB" or "> 400 GB, < 1 TB"')
        .refine((text) => parseComparisons(text) !== null, "is not a whole number of bytes below 9 PB"),
      'The size as a comparison, such as ">= 400 GB".',
    ),
    rotational: key(z.boolean(), "true: a disk that spins; false: flash."),
    removable: key(z.boolean(), "Whether the kernel calls the disk removable."),
    "sector-size": key(z.union([z.literal(512), z.literal(4096)]), "Logical sector size in bytes."),
    driver: later("selecting by the driver."),
    pci: later("selecting by the PCI address."),
    health: later("selecting by SMART health."),
    and: later("selectors that are combined."),
    or: later("selectors that are combined."),
    not: later("selectors that are combined."),
    "if-missing": later("what to do when a disk is missing."),
  })
  .refine((match) => Object.keys(match).length > 0, "must say at least one thing about the disk");

const useSchema = z.union([
  z.enum(["whole", "free"]),
  z.strictObject({
    replace: needed(
      devicePath,
      "The one partition that is erased and whose place is used: a path such as /dev/sda3 or a link under /dev/disk/by-partuuid.",
    ),
  }),
]);

const diskMap = z
  .strictObject({
    path: key(devicePath, "A path such as /dev/nvme0n1 or /dev/disk/by-id/…; turned into the stable identity at once."),
    match: key(matchSchema, "What the disk must be like; everything given must hold."),
    count: key(z.int().min(1).max(MOST), "How many disks must match: exactly so many. Default: 1."),
    use: key(
      useSchema,
      "whole: the disk is erased; free: only space that no partition has; {replace: …}: only that partition's place. Default: whole.",
    ),
  })
  .refine((disk) => (disk.path === undefined) !== (disk.match === undefined), "needs either path: or match:")
  .refine((disk) => disk.path === undefined || disk.count === undefined, "has a count:, which goes with match: only");

/** As many names as disks; each of them is meant. */
const diskList = z
  .array(needed(diskName, "A path such as /dev/nvme0n1, or a name under /dev/disk/by-id."))
  .min(1, "must name at least one disk")
  .max(MOST)
  .refine((names) => new Set(names).size === names.length, "names a disk twice");

export const disksSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be a word of lower-case letters, digits and hyphens"),
  key(
    z.union([diskName, diskList, diskMap]),
    "Disks: a path or a name under /dev/disk/by-id, a list of them, or a map with match:.",
    {
      class: "deliberate",
      ask: "Where should the system go?",
      why: "Everything on that disk is erased, so nobody guesses it.",
    },
  ).unwrap(),
);

/** How the disks under one name are found. */
export type DiskSpec = z.infer<typeof disksSchema>[string];
/** What a disk must be like. */
export type Match = z.infer<typeof matchSchema>;
