// `match:` under `disks:`: what a disk must be like. Everything that is given must hold.
import { z } from "zod";
import { line } from "./names.ts";
import { key } from "./question-meta.ts";
import { parseSizeSelector, SIZE_HOLDS_PATTERN, SIZE_SELECTOR_PATTERN } from "./size-selector.ts";

/** Whether a disk fits one of these is known from the disk alone. */
const FIELDS = {
  model: key(line, "The model, with * and ? as wildcards; case does not matter."),
  vendor: key(line, "The maker, with wildcards."),
  serial: key(line, "The serial number, with wildcards."),
  wwn: key(line, "The world wide name, with wildcards."),
  "by-id": key(line, "A link name under /dev/disk/by-id, with wildcards."),
  "by-path": key(line, "A link name under /dev/disk/by-path, with wildcards: where the disk is plugged in."),
  bus: key(z.enum(["nvme", "sata", "sas", "scsi", "virtio", "usb", "mmc"]), "How the disk is attached."),
  rotational: key(z.boolean(), "true: a disk that spins; false: flash."),
  removable: key(z.boolean(), "Whether the kernel calls the disk removable."),
  "sector-size": key(z.union([z.literal(512), z.literal(4096)]), "Logical sector size in bytes."),
  driver: key(line, "The kernel driver that it is attached by, with wildcards: nvme, ahci, mpt3sas, usb-storage …"),
  pci: key(line, "The address of its controller or of a PCI bridge before that, with wildcards: 0000:02:00.*"),
  health: key(
    z.enum(["passed", "failing", "unknown"]),
    "What the disk says of its own health (SMART); unknown: it does not say. Asked for only where a spec has this key.",
  ),
  empty: key(z.boolean(), "true: nothing was found on it; false: something was."),
  holds: key(line, "Something that is on it, with wildcards: what `multiverse disks` shows, a file system or a label."),
};

const sizeOf = (pattern: RegExp, expected: string) =>
  z
    .string()
    .regex(pattern, expected)
    .refine((text) => parseSizeSelector(text) !== null, "is not a whole number of bytes below 9 PB");

/** A selector; z.infer cannot follow one that holds others. */
export interface Match extends z.infer<z.ZodObject<typeof FIELDS>> {
  size?: string | undefined;
  and?: Match[] | undefined;
  or?: Match[] | undefined;
  not?: Match | undefined;
}

/** A selector holds selectors. */
const nested: z.ZodType<Match> = z.lazy(() => innerSchema);
const some = z.array(nested).min(1, "must have at least one selector");

const COMBINED = {
  and: key(some, "Selectors that must all hold."),
  or: key(some, "Selectors of which at least one must hold."),
  not: key(nested, "A selector that must not hold."),
};

/** The same keys in a selector as a whole and within one; only what the size may say differs. */
const selector = (size: z.ZodType<string>, says: string): z.ZodType<Match> =>
  z
    .strictObject({ ...FIELDS, size: key(size, says), ...COMBINED })
    .refine((match) => Object.keys(match).length > 0, "must say at least one thing about the disk");

/** A selector within another one: nothing in it compares disks with each other. */
const innerSchema = selector(
  sizeOf(
    SIZE_HOLDS_PATTERN,
    'must compare with a size, such as ">= 400 GB" or "4 TB ± 5 %"; largest and smallest stand in a selector as a whole only',
  ),
  'The size: ">= 400 GB", "> 400 GB, < 1 TB", "4 TB ± 5 %".',
);

/** A selector as a whole. */
export const matchSchema = selector(
  sizeOf(
    SIZE_SELECTOR_PATTERN,
    'must compare with a size, such as ">= 400 GB", "> 400 GB, < 1 TB", "4 TB ± 5 %", "largest" or ">= 400 GB, smallest"',
  ),
  'The size: ">= 400 GB", "> 400 GB, < 1 TB", "4 TB ± 5 %"; largest or smallest alone or behind these: of the disks that fit.',
);
