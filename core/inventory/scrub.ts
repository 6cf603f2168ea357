// Strings that devices and media give themselves, made safe to show: no control characters, no tricks with direction, not endless.

/** C0, DEL, C1, line and paragraph separators, and the marks that turn the direction of text around (they could make "sdb" read "sda"). */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Only what is unsafe is replaced; spaces and length stay. */
export function scrubLine(text: string): string {
  return text.replace(UNSAFE, "?");
}

/** At most 200 characters of one line; whatever is unsafe becomes "?". */
export function scrub(text: string | null | undefined): string {
  // Most of what a machine says is one such word, and a machine may have a thousand disks.
  if (text === null || text === undefined || /^[!-~]{0,200}$/.test(text)) return text ?? "";
  const clean = scrubLine(text.trim()).replace(/\s+/g, " ");
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}

/** The same, keeping null. */
export function scrubOrNull(text: string | null | undefined): string | null {
  const clean = scrub(text);
  return clean === "" ? null : clean;
}
