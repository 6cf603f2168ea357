// Keys as the bytes that a program on a terminal expects.
import type { Key, KeyName } from "../keys/key.ts";

/** Leaves a pane whatever runs in it, as `virsh console` and telnet have it. */
export const LEAVE: Key = { name: "ctrl", text: "]" };

const CURSOR: Partial<Record<KeyName, string>> = { up: "A", down: "B", right: "C", left: "D", home: "H", end: "F" };

const FIXED: Partial<Record<KeyName, string>> = {
  ...{ "page-up": "\u001b[5~", "page-down": "\u001b[6~", delete: "\u001b[3~", "back-tab": "\u001b[Z" },
  ...{ enter: "\r", escape: "\u001b", tab: "\t", backspace: "\u007f" },
};

/** `application`: the program has asked for cursor keys as an application (DECCKM, `ESC [ ? 1 h`), as vi and less do. */
export function ptyBytes(key: Key, application: boolean): string {
  if (key.name === "text") return key.text;
  if (key.name === "ctrl") {
    const code = key.text.toUpperCase().charCodeAt(0);
    // Ctrl-Space is NUL, Ctrl-A to Ctrl-_ are 1 to 31.
    return code === 0x20 ? "\u0000" : code >= 0x40 && code < 0x60 ? String.fromCharCode(code & 0x1f) : "";
  }
  const cursor = CURSOR[key.name];
  if (cursor !== undefined) return `\u001b${application ? "O" : "["}${cursor}`;
  return FIXED[key.name] ?? "";
}
