// Takes the whole screen and gives it back. Linux consoles before kernel 6.18.20 ignore the alternate screen, and so do serial terminals.
import type { TerminalDescription } from "./describe-terminal.ts";

const CLEAR = "\u001b[2J\u001b[H";
const PLAIN = "\u001b[0m";
const SHOW_CURSOR = "\u001b[?25h";

/** Before the first frame: boot messages do not show through. An emulator keeps its text for afterwards. */
export function enterScreen(write: (text: string) => void, kind: TerminalDescription["kind"]): void {
  if (kind === "vt" || kind === "serial") write(`${PLAIN}${CLEAR}`);
}

/** After Ink has left, and after a crash: nothing of the last frame stays, and the cursor is there again. */
export function leaveScreen(write: (text: string) => void, kind: TerminalDescription["kind"]): void {
  if (kind === "none") return;
  write(kind === "emulator" ? `${PLAIN}${SHOW_CURSOR}` : `${PLAIN}${CLEAR}${SHOW_CURSOR}`);
}
