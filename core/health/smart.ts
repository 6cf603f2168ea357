// What a disk says of its own health, asked rarely: the question wakes some disks, and keeps others from sleeping.

import type { SourcePorts } from "../status/source.ts";
import type { Argv } from "../tools/run.ts";
import type { AskBriefly } from "./ask-briefly.ts";
import { jsonOf, member, numberOf } from "./text-fields.ts";

export interface Smart {
  /** null: the disk does not say, as virtual ones and many USB bridges, or smartctl is not installed. */
  passed: boolean | null;
  celsius: number | null;
  /** It was asked and did not answer in time. */
  silent: boolean;
}

const UNKNOWN: Smart = { passed: null, celsius: null, silent: false };
const EVERY_MS = 30 * 60_000;
const SMART_MS = 10_000;

/** smartctl(8): a disk that sleeps is left asleep, and that is no error (`-n standby,0`). */
export const smartctl = (path: string): Argv => [
  ...(["smartctl", "--json=c", "-n", "standby,0", "--health", "--attributes", path] as const),
];

/** Text that is not smartctl's says nothing. */
export function parseSmart(text: string): Smart {
  const said = jsonOf(text);
  const passed = member(member(said, "smart_status"), "passed");
  const celsius = numberOf(member(member(said, "temperature"), "current"));
  return {
    passed: typeof passed === "boolean" ? passed : null,
    celsius: celsius !== null && celsius > -40 && celsius < 200 && celsius !== 0 ? celsius : null,
    silent: false,
  };
}

/** Remembers each disk's last answer for half an hour; what a sleeping disk said before it fell asleep stays. */
export function smartMemory(ask: AskBriefly) {
  const known = new Map<string, { at: number; smart: Smart }>();
  return async (path: string, ports: SourcePorts, signal: AbortSignal): Promise<Smart> => {
    const before = known.get(path);
    if (before !== undefined && ports.monotonic() - before.at < EVERY_MS) return before.smart;
    const answer = await ask(ports.run, smartctl(path), SMART_MS, signal);
    const said = answer.hung ? { ...UNKNOWN, silent: true } : parseSmart(answer.stdout);
    const asleep = !said.silent && said.passed === null && before !== undefined;
    const smart = asleep ? before.smart : said;
    known.set(path, { at: ports.monotonic(), smart });
    return smart;
  };
}
