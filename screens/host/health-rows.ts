// How the host is, as rows: what is wrong first, then what is well. Every part that is not live says how old it is.

import { sizeInWords } from "../../core/size-in-words.ts";
import type { DiskHealth, PoolHealth, Update } from "../../core/status/health-facts.ts";
import type { PartName } from "../../core/status/snapshot.ts";
import { ageInWords } from "../../tui/data/age-in-words.ts";
import { type Line, paragraph, span, spread } from "../../tui/line.ts";
import { padTo } from "../../tui/text/width.ts";
import type { Tone } from "../../tui/theme/tones.ts";
import type { TextKey } from "../text/en.ts";
import { degrees, known, type Look, whenInWords } from "./look.ts";

interface Row {
  label: string;
  text: string;
  tone: Tone | undefined;
  /** How old; null where it is live. */
  age: string | null;
}

export interface HealthRowsOptions {
  width: number;
  /** Everything, on a page of its own. */
  full: boolean;
}

const LABEL: Readonly<Record<(typeof SHOWN)[number], TextKey>> = {
  pools: "host.health.pools",
  disks: "host.health.disks",
  sensors: "host.health.sensors",
  units: "host.health.units",
  update: "host.health.update",
  load: "host.health.load",
  unfinished: "host.health.unfinished",
  control: "host.health.audit",
};

const SHOWN = [
  "pools",
  "disks",
  "sensors",
  "units",
  "update",
  "load",
  "unfinished",
  "control",
] as const satisfies PartName[];

export function healthRows(look: Look, { width, full }: HealthRowsOptions): Line[] {
  const { t, surface } = look;
  const { glyphs } = surface;
  const rows = SHOWN.flatMap((name) => rowsOf(name, look, full));
  // Bad news are not below what scrolls away.
  const weight = ({ tone }: Row) => (tone === "bad" ? 0 : tone === "warning" ? 1 : 2);
  const sorted = rows.toSorted((one, other) => weight(one) - weight(other));
  const widest = Math.min(full || width > 60 ? 16 : 9, Math.max(...sorted.map(({ label }) => label.length), 0));
  return sorted.flatMap(({ label, text, tone, age }) => {
    const mark = tone === "bad" ? `${glyphs.bad} ` : tone === "warning" ? `${glyphs.warning} ` : "";
    const head = [span(`${padTo(label, widest, glyphs.more)} `, "strong"), span(`${mark}${text}`, tone)];
    const old = age === null ? [] : [span(full || width > 60 ? t("host.old", { age }) : age, "quiet")];
    if (!full && width < 60) return [spread(head, tone === undefined && age !== null ? old : [], width, glyphs.more)];
    const said = paragraph(`${mark}${text}`, width - widest - 16, surface, tone);
    return said.map((row, at) =>
      at === 0
        ? spread([span(`${padTo(label, widest, glyphs.more)} `, "strong"), ...row], old, width, glyphs.more)
        : [span(" ".repeat(widest + 1)), ...row],
    );
  });
}

function rowsOf(name: (typeof SHOWN)[number], look: Look, full: boolean): Row[] {
  const { t, say } = look;
  const { age, trouble, why, asking } = known(name, look);
  const label = t(LABEL[name]);
  if (asking) return [{ label, text: t("host.asking"), tone: "quiet", age: null }];
  const silent: Row[] =
    trouble === null
      ? []
      : [{ label, text: full && why !== null ? `${trouble}: ${say(why)}` : trouble, tone: "bad", age: null }];
  const rows = valueRows(name, look, full).map((row): Row => ({ label, ...row, tone: row.tone, age }));
  // What a silent source said last is still worth something, on the page that has room for it.
  return silent.length > 0 && !full ? silent : [...silent, ...rows];
}

type Value = { label?: string; text: string; tone: Tone | undefined };

function valueRows(name: (typeof SHOWN)[number], look: Look, full: boolean): Value[] {
  switch (name) {
    case "pools":
      return (known("pools", look).value ?? []).flatMap((pool) => poolRows(pool, look, full));
    case "disks":
      return diskRows(known("disks", look).value ?? [], look, full);
    case "sensors":
      return sensorRows(look, full);
    case "units":
      return unitRows(look);
    case "update":
      return updateRows(known("update", look).value, look);
    case "load":
      return loadRows(look);
    case "unfinished":
      return (known("unfinished", look).value ?? []).map(({ disk, host }) => ({
        text: look.t("host.unfinished", { disk: look.say(disk), host: look.say(host ?? "?") }),
        tone: "warning",
      }));
    case "control":
      return controlRows(look);
    default:
      return name satisfies never;
  }
}

function poolRows(
  { name, state, capacityPercent, errors, scrub, trouble, advice, ...pool }: PoolHealth,
  look: Look,
  full: boolean,
): Value[] {
  const { t, say } = look;
  const label = say(name);
  const well = state === "ONLINE" && errors === 0 && trouble.length === 0;
  const used = `${Math.round(capacityPercent)} %`;
  const tone: Tone | undefined = !well
    ? state === "ONLINE"
      ? "warning"
      : "bad"
    : capacityPercent >= 90
      ? "warning"
      : undefined;
  const wrong = trouble.map((each) => `${say(each.device)} ${say(each.state)}`).join(", ");
  const pieces = [
    say(state),
    full ? `${used} ${t("host.pool.of", { size: sizeInWords(Number(pool.size)) })}` : used,
    ...(errors > 0 ? [t("host.pool.errors", { count: errors })] : []),
    ...(wrong === "" ? [scrubInWords(scrub, look)] : [wrong]),
  ];
  const said = full && advice !== null ? `. ${say(advice)}` : "";
  return [{ label, text: `${pieces.join("  ")}${said}`, tone }];
}

function scrubInWords({ state, what, endedAt, percent, errors }: PoolHealth["scrub"], look: Look): string {
  const { t, wall } = look;
  const name = t(what === "resilver" ? "host.resilver" : "host.scrub");
  if (state === "running") return `${name} ${Math.round(percent ?? 0)} %`;
  if (state === "never" || endedAt === null) return t("host.scrub.never");
  const age = ageInWords((wall - endedAt) / 1000);
  if (state === "cancelled") return t("host.scrub.cancelled", { age });
  return errors > 0 ? t("host.scrub.errors", { count: errors, age }) : t("host.scrub.done", { name, age });
}

function diskRows(disks: readonly DiskHealth[], look: Look, full: boolean): Value[] {
  const { t, say } = look;
  const tone = (state: DiskHealth["state"]): Tone | undefined =>
    state === "failing" ? "bad" : state === "warning" ? "warning" : undefined;
  const heat = (celsius: number | null) => (celsius === null ? "" : `  ${degrees(celsius, look)}`);
  const one = ({ name, kname, state, why, celsius }: DiskHealth): Value => ({
    text: `${say(name)} (${say(kname)})  ${state === "ok" ? t("host.disk.good") : say(why ?? t("host.disk.unknown"))}${heat(celsius)}`,
    tone: tone(state),
  });
  if (full) return disks.map(one);
  const sick = disks.filter(({ state }) => tone(state) !== undefined);
  if (sick.length > 0)
    return sick.map(({ kname, why, state }) => ({ text: `${say(kname)}: ${say(why ?? state)}`, tone: tone(state) }));
  const hottest = Math.max(...disks.flatMap(({ celsius }) => (celsius === null ? [] : [celsius])));
  return [
    {
      text: `${t("host.disks", { count: disks.length })}${heat(Number.isFinite(hottest) ? hottest : null)}`,
      tone: undefined,
    },
  ];
}

function sensorRows(look: Look, full: boolean): Value[] {
  const all = known("sensors", look).value ?? [];
  const shown = all.map(({ name, celsius, criticalCelsius }): Value => {
    const near = criticalCelsius !== null && celsius >= criticalCelsius - 10;
    return { text: `${look.say(name)}  ${degrees(celsius, look)}`, tone: near ? "warning" : undefined };
  });
  if (full) return shown;
  const hot = shown.filter(({ tone }) => tone !== undefined);
  return hot.length > 0 ? hot : shown.slice(0, 1);
}

function unitRows(look: Look): Value[] {
  const units = known("units", look).value;
  const { t, say } = look;
  if (units === null) return [];
  if (units.failed.length === 0)
    return [{ text: units.state === "running" ? t("host.units.good") : say(units.state), tone: undefined }];
  return units.failed.map(({ unit, since }) => ({
    text: t("host.units.failed", { unit: say(unit), when: since === null ? "" : whenInWords(since, look) }).trim(),
    tone: "bad",
  }));
}

function updateRows(update: Update | null, { t, say }: Look): Value[] {
  if (update === null) return [];
  const { packages, security, kernel, listsFrom } = update;
  if (listsFrom === null) return [{ text: t("host.update.never"), tone: "quiet" }];
  if (packages === 0) return [{ text: t("host.update.none"), tone: undefined }];
  const more = [
    ...(security > 0 ? [t("host.update.security", { count: security })] : []),
    ...(kernel === null ? [] : [t("host.update.kernel", { kernel: say(kernel) })]),
  ];
  return [{ text: [t("host.update.packages", { count: packages }), ...more].join(", "), tone: undefined }];
}

function loadRows(look: Look): Value[] {
  const load = known("load", look).value;
  if (load === null) return [];
  const { memory, busyPercent, cores } = load;
  const full = memory.total > 0 && memory.available / memory.total < 0.05;
  const busy = busyPercent === null ? "" : `${Math.round(busyPercent)} % / ${cores}   `;
  const used = `${sizeInWords(memory.total - memory.available)} / ${sizeInWords(memory.total)}`;
  return [{ text: `${busy}${used}`, tone: full ? "warning" : undefined }];
}

function controlRows(look: Look): Value[] {
  const control = known("control", look).value;
  const { t, say } = look;
  if (control === null) return [];
  const { audit, inDoubt, pending, admins } = control;
  const label = t("host.health.control");
  const left = (at: number) => ageInWords(Math.max(0, at - look.wall) / 1000);
  const rows: Value[] = [
    ...(audit.state === "broken"
      ? [{ text: t("host.audit.broken", { why: say(audit.why ?? "") }), tone: "bad" as const }]
      : []),
    ...(inDoubt.length > 0
      ? [{ label, text: t("host.in-doubt", { count: inDoubt.length }), tone: "bad" as const }]
      : []),
    ...pending.map(({ op, revertsAt }) => ({
      label,
      text: t("host.pending", { op: say(op), time: left(revertsAt) }),
      tone: "warning" as const,
    })),
    ...(admins.length === 0 ? [{ label, text: t("host.no-admins"), tone: "warning" as const }] : []),
  ];
  if (rows.length > 0) return rows;
  return [{ text: t("host.audit.whole", { count: audit.entries }), tone: undefined }];
}
