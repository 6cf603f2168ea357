// The last lines of a controller's console as plain text: what a guest writes there is not to be trusted.
import { scrubLine } from "../inventory/scrub.ts";

/** ECMA-48: control sequences (CSI), strings (OSC, DCS, PM, APC, SOS) with their end, and the two- and three-byte escapes. */
const ESCAPES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]+[0-~]|\u001b[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;

const LINES = 20;
const CHARACTERS = 200;

/** At most 20 lines of at most 200 characters; the first one, which may have been cut, is left out where `cut` says so. */
export function consoleLines(text: string, cut: boolean): string[] {
  const lines = text.replace(ESCAPES, "").split(/\r*\n/);
  if (cut) lines.shift();
  return lines
    .map(overwritten)
    .map((line) => scrubLine(line.replaceAll("\t", "  ")).trimEnd())
    .filter((line) => line !== "")
    .slice(-LINES)
    .map((line) => (line.length > CHARACTERS ? `${line.slice(0, CHARACTERS - 1)}…` : line));
}

/** A return without a new line goes back: what came last is what stands there. */
function overwritten(line: string): string {
  return (
    line
      .slice(0, 65_536)
      .split("\r")
      .findLast((part) => part !== "") ?? ""
  );
}
