// Sizes on a disk as people write them: "2 GiB", "25 %", "rest".
import { sizeInWords } from "../size-in-words.ts";
import { formatSize, parseSize } from "./quantity.ts";
import type { Share } from "./resolved.ts";

/** What a percentage looks like, for schemas and editors. */
export const PERCENT_PATTERN = /^[0-9]{1,3}(\.[0-9]{1,3})? ?%$/;

/** Null when the text is none, a percentage above 100 among them. */
export function parseShare(text: string): Share | null {
  if (text === "rest") return "rest";
  if (!PERCENT_PATTERN.test(text)) return parseSize(text);
  const percent = Number(text.replace(/ ?%$/, ""));
  return percent > 0 && percent <= 100 ? { percent } : null;
}

/** `parseShare` gives the same back. */
export function formatShare(share: Share): string {
  if (share === "rest") return share;
  return typeof share === "number" ? formatSize(share) : `${share.percent} %`;
}

/** For a screen: "2 GiB", "25 %", "rest". */
export const shareInWords = (share: Share): string =>
  typeof share === "number" ? sizeInWords(share) : formatShare(share);
