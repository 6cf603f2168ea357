// `disks:`: names for disks, each a path, a by-id name or a selector.
import { z } from "zod";
import { line } from "./names.ts";
import { key, needed } from "./question-meta.ts";
import { matchSchema } from "./schema-match.ts";

const diskPath = line
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

/** As many names as disks; each of them is meant. */
const diskList = z
  .array(needed(diskName, "A path such as /dev/nvme0n1, or a name under /dev/disk/by-id."))
  .min(1, "must name at least one disk")
  .max(MOST)
  .refine((names) => new Set(names).size === names.length, "names a disk twice");

const preferences = z.array(matchSchema).min(1, "must have at least one selector").max(16);

const diskMap = z
  .strictObject({
    path: key(diskPath, "A path such as /dev/nvme0n1 or /dev/disk/by-id/…; turned into the stable identity at once."),
    match: key(
      z.union([matchSchema, preferences]),
      "What the disks must be like; or a list of such selectors, of which the first that gives enough disks counts.",
    ),
    count: key(z.int().min(1).max(MOST), "How many disks must match: exactly so many. Default: 1."),
    "if-missing": key(
      z.enum(["refuse", "ask", "skip"]),
      "When there are not enough such disks: refuse the spec, ask a person which are meant, or do without all of them. Default: refuse.",
    ),
    pin: key(
      diskList,
      "The disks that the selector has led to, by their names under /dev/disk/by-id; written back by install. They are the ones that are meant from then on.",
    ),
  })
  .refine((disk) => (disk.path === undefined) !== (disk.match === undefined), "needs either path: or match:")
  .refine((disk) => disk.path === undefined || Object.keys(disk).length === 1, {
    error: ({ input }) =>
      `has a ${Object.keys(input as object).find((name) => name !== "path")}:, which goes with match: only`,
  })
  .refine(
    (disk) => disk.pin === undefined || disk.pin.length === (disk.count ?? 1),
    "pins another number of disks than its count:",
  );

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
