// `root.special`, `log`, `cache` and `spare`: further disks of a pool, each by a name under `disks:`.
import { z } from "zod";
import { key } from "./question-meta.ts";

export const diskWord = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be the name of a disk under disks:");

const on = diskWord.describe("Which disks under `disks:`.");
const joined = key(
  z.enum(["single", "stripe", "mirror", "raid10"]),
  "How several are joined: mirror, stripe, raid10. Default: single, one disk.",
);

/** One word for the disks, or a map that also says how they are joined. */
const joinable = z.union([on, z.strictObject({ on, layout: joined })]);
const plain = z.union([on, z.strictObject({ on })]);

export const extraVdevs = {
  special: key(
    joinable,
    "Fast disks for metadata and small blocks (zpoolconcepts(7), special). The pool is lost with them: they must be as safe as it.",
  ),
  log: key(joinable, "Fast disks that take what must be on a disk at once (zpoolconcepts(7), log)."),
  cache: key(plain, "Disks that keep what was read lately (zpoolconcepts(7), cache)."),
  spare: key(plain, "Disks that wait to take the place of one that failed (zpoolconcepts(7), spare)."),
};
