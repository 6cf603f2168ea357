// The screen and keyboard of a machine: pictures, and text typed key by key.
import type { Qmp } from "./qmp.ts";

/** The names of QEMU's keys for what a US keyboard types without and with Shift. */
const PLAIN: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."abcdefghijklmnopqrstuvwxyz0123456789"].map((key) => [key, key])),
  " ": "spc",
  "-": "minus",
  "=": "equal",
  "[": "bracket_left",
  "]": "bracket_right",
  ";": "semicolon",
  "'": "apostrophe",
  "`": "grave_accent",
  "\\": "backslash",
  ",": "comma",
  ".": "dot",
  "/": "slash",
  "\n": "ret",
  "\t": "tab",
};

const SHIFTED: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((key) => [key, key.toLowerCase()])),
  ...Object.fromEntries([...")!@#$%^&*("].map((key, digit) => [key, String(digit)])),
  _: "minus",
  "+": "equal",
  "{": "bracket_left",
  "}": "bracket_right",
  ":": "semicolon",
  '"': "apostrophe",
  "~": "grave_accent",
  "|": "backslash",
  "<": "comma",
  ">": "dot",
  "?": "slash",
};

/** The keys, pressed together, that type one character; throws for what a US keyboard does not have. */
export function keysFor(character: string): string[] {
  const plain = PLAIN[character];
  if (plain !== undefined) return [plain];
  const shifted = SHIFTED[character];
  if (shifted !== undefined) return ["shift", shifted];
  throw new RangeError(`a US keyboard has no key for U+${character.codePointAt(0)?.toString(16)}`);
}

/** The kernel repeats a key that is down for 250 ms, which on a busy computer is soon over: QEMU's usual is 100 ms. */
const HOLD_MS = 20;

/** Presses keys together by QEMU's names (`ret`, `down`, `ctrl`, `f2`) and lets them go. */
export async function pressKeys(qmp: Qmp, keys: readonly string[]): Promise<void> {
  await qmp.execute("send-key", {
    keys: keys.map((data) => ({ type: "qcode", data })),
    "hold-time": HOLD_MS,
  });
}

/** Types text on the machine's own keyboard. */
export async function typeText(qmp: Qmp, text: string): Promise<void> {
  for (const character of text) await pressKeys(qmp, keysFor(character));
}

/** Writes what is on the screen now to a PNG file. */
export async function takePicture(qmp: Qmp, path: string): Promise<void> {
  await qmp.execute("screendump", { filename: path, format: "png" });
}
