// Which disks are marked where a spec wants several, and whether that is enough: pure, for the disks screen.
import type { DisksWanted } from "../../core/spec/ask-layout.ts";
import type { Translate } from "../text/translate.ts";

/** In the order of marking, which is the order that a raid10 pairs them in. */
export type Marked = readonly string[];

export const toggled = (marked: Marked, id: string): Marked =>
  marked.includes(id) ? marked.filter((each) => each !== id) : [...marked, id];

export function isEnough(marked: Marked, { least, most, even }: DisksWanted): boolean {
  return marked.length >= least && (most === null || marked.length <= most) && !(even && marked.length % 2 !== 0);
}

/** "1 marked, 2 or more are wanted" */
export function markedInWords({ length: count }: Marked, { least, most, even }: DisksWanted, t: Translate): string {
  if (most === least) return t("disks.marked.exactly", { count, least });
  return t(even ? "disks.marked.even" : "disks.marked", { count, least });
}
