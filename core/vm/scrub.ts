// Makes what a guest wrote safe to show on a terminal: no escape sequences, no control characters but the newline.

/** Escape sequences: CSI, OSC (ended by BEL or ST), character set choices and the two-character ones. */
const SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[()#][0-9A-B]?|[ -~]?)/g;

export function scrub(text: string): string {
  return text
    .replaceAll(SEQUENCES, "")
    .replaceAll(/\r+\n/g, "\n")
    .replaceAll("\t", " ")
    .replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, "");
}
