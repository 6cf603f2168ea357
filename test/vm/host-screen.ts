// The status screen of an installed host as a person uses it: that it is whole, its menu, and the login that it leads to.
import { setTimeout as delay } from "node:timers/promises";
import { type ConsoleScreen, waitForScreen } from "./console-screen.ts";
import { pointed } from "./drive-wizard.ts";
import { EXPECTED } from "./host-spec.ts";
import { DEADLINE } from "./scenario.ts";

/** The menu's key in the bottom line as it comes over a serial line: bold, then plain. */
export const MENU_KEY = /m(?:\u001b\[[0-9;]*m)* menu/;

const MENU = /What can be done here/;
const POLL_MS = 250;

/** What a whole status has on a terminal that has room for all panels, in ASCII. */
const PARTS: Readonly<Record<string, RegExp>> = {
  "the host's name": new RegExp(EXPECTED.host.replaceAll(".", "\\.")),
  "how long it is up": /up \d/,
  "the firmware": /UEFI, Secure Boot/,
  "the network": /Network/,
  "an adapter": /\ben[opsx]\w*\d/,
  "the endpoints": /Endpoints/,
  "the controllers": /Controllers/,
  "the health": /Health/,
  "the pool": new RegExp(`${EXPECTED.pool} +ONLINE`),
  "the units": /units +\S/,
  "the host key": /SHA256:\S{20}/,
  "the keys": /m menu[\s\S]*\? help/,
};

/** The parts of the status that a screen does not show. */
export function missingParts(rows: readonly string[]): string[] {
  const text = rows.join("\n");
  return Object.keys(PARTS).filter((name) => PARTS[name]?.test(text) !== true);
}

/** Waits for a status that has every part, and nothing in it of `without`. Gives its rows. */
export async function waitForStatus(screen: ConsoleScreen, deadlineMs?: number, without?: RegExp): Promise<string[]> {
  const all = Object.values(PARTS).map(({ source }) => `(?=[\\s\\S]*${source})`);
  const never = without === undefined ? "" : `(?![\\s\\S]*${without.source})`;
  const pattern = new RegExp(`^${never}${all.join("")}`);
  return waitForScreen(screen, pattern, deadlineMs === undefined ? {} : { deadlineMs });
}

/** Opens the menu and chooses the shell. Whatever that leads to is for the caller to see. */
export async function chooseShell(screen: ConsoleScreen): Promise<void> {
  await screen.type("m");
  await waitForScreen(screen, MENU);
  const wanted = pointed("Shell ");
  const deadline = performance.now() + DEADLINE.command;
  // Each step is seen before the next: a slow machine would be a step behind.
  for (let rows = await screen.read(); !wanted.test(rows.join("\n")); ) {
    const before = pointerOf(rows);
    await screen.press("down");
    do {
      await delay(POLL_MS);
      rows = await screen.read();
      if (performance.now() > deadline) throw new Error(`the menu's pointer does not move:\n${rows.join("\n")}`);
    } while (pointerOf(rows) === before);
  }
  await screen.press("enter");
}

/** The row that the pointer stands before; its sign depends on the console's font. */
function pointerOf(rows: readonly string[]): string {
  return rows.find((row) => pointed("").test(row)) ?? "";
}
