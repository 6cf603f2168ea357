// The word of `root.layout` for file systems that are not ZFS.
import type { DiskLayout } from "../disk-layouts.ts";
import type { Spec } from "./schema.ts";

type Word = NonNullable<NonNullable<Spec["root"]>["layout"]>;

/** The schema has refused what does not go with the file system (root-fits.ts). */
export function diskLayoutWord(word: Word): DiskLayout {
  if (word === "single" || word === "raid1" || word === "raid5" || word === "raid6" || word === "raid10") return word;
  throw new Error("a layout of another file system was not refused");
}
