// What stands above and below the panels: which release runs and whether it can be trusted, firmware, clock, host key.
import type { HostFacts } from "../../core/status/host-facts.ts";
import type { PartName } from "../../core/status/snapshot.ts";
import { ageInWords } from "../../tui/data/age-in-words.ts";
import { type Line, line, paragraph, span, spread } from "../../tui/line.ts";
import type { Tone } from "../../tui/theme/tones.ts";
import type { TextKey } from "../text/en.ts";
import { clockTime, known, type Look, seconds } from "./look.ts";

/** "3 d 04:12", "04:12". */
export function uptime(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const two = (count: number) => String(count).padStart(2, "0");
  const time = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
  const days = Math.floor(minutes / 1440);
  return days === 0 ? time : `${ageInWords(days * 86_400)} ${time}`;
}

/** "g3 · 6740a1b2 current", and how sure that is. */
export function releaseInWords({ root }: HostFacts, look: Look): { text: string; tone: Tone | undefined } {
  const { t, say } = look;
  const words = { other: t("host.root.other"), one: t("host.root.one") };
  const name = root.generation === "other" || root.generation === "one" ? words[root.generation] : root.generation;
  const parts = [name];
  if (root.release !== null) {
    const state: TextKey | null =
      root.trial !== null
        ? "host.root.trial"
        : root.release === root.current
          ? "host.root.current"
          : root.release === root.safe
            ? "host.root.safe"
            : null;
    parts.push(`${say(root.release)}${state === null ? "" : ` ${t(state)}`}`);
  }
  const tone = root.fellBack !== null ? "bad" : root.trial !== null ? "warning" : undefined;
  return { text: parts.join(look.dot), tone };
}

/** The right end of the title line: release, uptime, time of day. */
export function titleAside(look: Look): string {
  const { value: host } = known("host", look);
  const { t } = look;
  if (host === null) return clockTime(look.wall, look);
  const up = t("host.up", { time: uptime(look.wall - host.bootedAt) });
  return `${releaseInWords(host, look).text}   ${up}  ${clockTime(look.wall, look)}`;
}

/** The row below the title, and rows for what is wrong with this start. */
export function headRows(look: Look, width: number): Line[] {
  const { t, say, surface } = look;
  const facts = known("host", look);
  const host = facts.value;
  if (host === null)
    return [line(` ${facts.trouble === null ? t("host.asking-host") : say(facts.why ?? "")}`, "quiet")];
  const firmware = `${host.firmware.kind === "uefi" ? "UEFI" : "BIOS"}, ${t(SECURE_BOOT[host.firmware.secureBoot])}`;
  const machine =
    host.machine === null || width < 100 ? [] : [say(`${host.machine.vendor} ${host.machine.model}`.trim())];
  const pieces = [`Multiverse ${say(host.version)}`, `Linux ${say(host.kernel)}`, firmware, ...machine];
  const [clock, tone] = clockInWords(host, look);
  const age = facts.age === null ? "" : ` (${facts.age})`;
  const left = `${pieces.join(look.dot)}${age}`;
  const rows: Line[] = [
    spread([span(" "), span(left, "quiet")], [span(clock, tone), span(" ")], width, surface.glyphs.more),
  ];
  const { trial, fellBack } = host.root;
  if (fellBack !== null) {
    const said = t("host.fell-back", { release: say(fellBack.from), why: say(fellBack.why) });
    rows.push(...paragraph(`${surface.glyphs.bad} ${said}`, width - 2, surface, "bad", 1).slice(0, 2));
  } else if (trial !== null) {
    const said = t("host.on-trial", { count: trial.tries });
    rows.push(...paragraph(`${surface.glyphs.warning} ${said}`, width - 2, surface, "warning", 1).slice(0, 1));
  }
  return rows;
}

const SECURE_BOOT: Readonly<Record<HostFacts["firmware"]["secureBoot"], TextKey>> = {
  on: "host.secure-boot.on",
  off: "host.secure-boot.off",
  "setup-mode": "host.secure-boot.setup",
  unknown: "host.secure-boot.unknown",
};

export function clockInWords({ clock }: HostFacts, { t }: Look): [string, Tone | undefined] {
  if (clock.synchronized === null) return [t("host.clock.unknown"), "quiet"];
  return clock.synchronized ? [t("host.clock.good"), undefined] : [t("host.clock.bad"), "warning"];
}

/** Below the panels: the host key for comparing by eye, and how fresh everything is. */
export function footRow(look: Look, width: number): Line {
  const { t, say, surface } = look;
  const key = known("host", look).value?.hostKey ?? null;
  const said = key === null ? t("host.key-unknown") : `${say(key.words.join(" "))}${look.dot}${say(key.sha256)}`;
  const [fresh, tone] = freshness(look);
  return spread(
    [span(" "), span(`${t("host.host-key")}  `, "quiet"), span(said)],
    [span(fresh, tone), span(" ")],
    width,
    surface.glyphs.more,
  );
}

function freshness(look: Look): [string, Tone | undefined] {
  const { t, view, lost } = look;
  const { parts } = view;
  if (lost !== null && view.boot !== null) return [t("host.all-old", { age: seconds(lost, look) }), "warning"];
  const names = Object.keys(parts) as PartName[];
  if (names.length === 0) return ["", undefined];
  const silent = names.filter((name) => parts[name]?.failure != null).length;
  if (silent > 0) return [t("host.silent-parts", { count: silent }), "bad"];
  const asking = names.filter((name) => parts[name]?.at == null).length;
  if (asking > 0) return [t("host.asking-parts", { count: asking }), "quiet"];
  return [t("host.all-fresh"), undefined];
}
