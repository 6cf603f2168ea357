// Network ports that a template asks for, held against those of the machine. Each port counts for one entry only.

import type { NetworkPort } from "../inventory/hardware/hardware.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { globMatches } from "../spec/glob.ts";
import { type Check, check } from "./check.ts";
import { countHolds, patternHolds, patternsInWords } from "./compare.ts";
import type { TemplatePort } from "./schema.ts";

export function verifyPorts(entries: readonly TemplatePort[], { hardware: { ports } }: Inventory): Check[] {
  const free = new Set(ports);
  // Who asks for one address goes first: else an entry that takes any port could take just that one.
  const order = entries.map((_, at) => at).toSorted((a, b) => rank(entries[a]) - rank(entries[b]));
  const checks = new Map<number, Check>();
  for (const at of order) {
    const stated = entries[at];
    if (stated === undefined) continue;
    const count = stated.count ?? 1;
    const fitting = [...free].filter((port) => fits(stated, port) === true);
    const perhaps = [...free].filter((port) => fits(stated, port) === undefined);
    const taken = typeof count === "number" ? fitting.slice(0, count) : fitting;
    for (const port of taken) free.delete(port);
    const holds = countHolds(count, taken.length);
    // Ports whose kind nobody knows could be the ones that are missing.
    const mayHold = perhaps.some((_, index) => countHolds(count, taken.length + index + 1));
    checks.set(
      at,
      check(["peripherals", "network", at], stated.mac === undefined ? "the network" : `the adapter ${stated.mac}`, {
        says: inWords(stated),
        has: `${taken.length} (all ports: ${allInWords(ports)})`,
        holds: holds ? true : mayHold ? undefined : false,
      }),
    );
  }
  return entries.flatMap((_, at) => checks.get(at) ?? []);
}

function rank(entry: TemplatePort | undefined): number {
  return entry?.mac !== undefined ? 0 : typeof (entry?.count ?? 1) === "number" ? 1 : 2;
}

/** undefined: the kind of the port is not known, and everything else fits. */
function fits(stated: TemplatePort, port: NetworkPort): boolean | undefined {
  if (stated.driver !== undefined && !patternHolds(stated.driver, [port.driver ?? ""])) return false;
  if (stated.mac !== undefined && !globMatches(stated.mac, port.mac)) return false;
  if (stated.kind === undefined || stated.kind === port.kind) return true;
  return port.kind === null ? undefined : false;
}

function inWords({ kind, count, driver, mac }: TemplatePort): string {
  const amount = count ?? 1;
  const what = [kind, driver === undefined ? undefined : patternsInWords(driver), mac].filter(
    (word) => word !== undefined,
  );
  return `${amount} × ${what.join(" ") || "any port"}`;
}

function allInWords(ports: readonly NetworkPort[]): string {
  const counts = new Map<string, number>();
  for (const port of ports) {
    const what = `${port.kind ?? "a kind that is not known"}${port.driver === null ? "" : ` ${port.driver}`}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${count} × ${what}`).join(", ") || "none";
}
