// The part `units`: whether systemd has everything running, and which units have failed since when.
import { scrub } from "../inventory/scrub.ts";
import type { Units } from "../status/health-facts.ts";
import type { MakeSource } from "../status/source.ts";
import type { Argv } from "../tools/run.ts";
import { briefAsker, whyNoAnswer } from "./ask-briefly.ts";
import { jsonOf, keyValues, listOf, member, textOf } from "./text-fields.ts";

const STATE = ["systemctl", "is-system-running"] as const;
const FAILED = ["systemctl", "list-units", "--failed", "--full", "--no-pager", "--output=json"] as const;
const SYSTEMD_MS = 5_000;
/** A unit that fails again and again has many instances; a screen has few lines. */
const MOST = 50;

export const makeSourceUnits: MakeSource<"units"> = () => {
  const ask = briefAsker();
  return {
    part: "units",
    every: 10_000,
    patience: 16_000,
    // systemd's signals on the bus come several a second while a host starts: the poll is cheaper.
    triggers: [],
    async read(ports, signal) {
      // It ends with 1 for every state but "running", and says it all the same (systemctl(1)).
      const running = await ask(ports.run, STATE, SYSTEMD_MS, signal);
      const state = scrub(running.stdout);
      if (!/^[a-z-]+$/.test(state)) throw new Error(whyNoAnswer("systemctl", running));
      // On a machine that systemd has not started ("offline"), or that it cannot be asked of ("unknown"), there are no units.
      if (state === "offline" || state === "unknown") return { state, failed: [] };
      const listed = await ask(ports.run, FAILED, SYSTEMD_MS, signal);
      const failed = listed.exit === 0 ? parseFailed(listed.stdout) : null;
      if (failed === null) throw new Error(whyNoAnswer("systemctl", listed));
      const shown = failed.slice(0, MOST);
      const times =
        shown.length === 0
          ? new Map<string, number>()
          : parseSince((await ask(ports.run, showTimes(shown.map(({ unit }) => unit)), SYSTEMD_MS, signal)).stdout);
      return {
        state,
        failed: shown.map(({ unit, description }) => ({
          ...{ unit: scrub(unit), description, since: times.get(unit) ?? null },
        })),
      };
    },
  };
};

export const showTimes = (units: readonly string[]): Argv => [
  ...(["systemctl", "show", "--timestamp=unix", "-p", "Id", "-p", "InactiveEnterTimestamp", "--"] as const),
  ...units,
];

/** `systemctl list-units --output=json`: null where it is none. Unit names stay as they are: they are asked about again. */
export function parseFailed(output: string): Pick<Units["failed"][number], "unit" | "description">[] | null {
  const listed = jsonOf(output);
  if (!Array.isArray(listed)) return null;
  return listOf(listed).flatMap((one) => {
    const unit = textOf(member(one, "unit"));
    return unit === "" ? [] : [{ unit, description: scrub(textOf(member(one, "description"))) }];
  });
}

/** Milliseconds since 1970 by unit. One block a unit, "@1763589128" for a time, nothing for none (--timestamp=unix: systemd 251). */
export function parseSince(output: string): Map<string, number> {
  const times = new Map<string, number>();
  for (const block of output.split(/\n{2,}/)) {
    const values = keyValues(block);
    const seconds = /^@([0-9]+)$/.exec(values.get("InactiveEnterTimestamp") ?? "")?.[1];
    const unit = values.get("Id") ?? "";
    if (unit !== "" && seconds !== undefined && seconds !== "0") times.set(unit, Number(seconds) * 1_000);
  }
  return times;
}
