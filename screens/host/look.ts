// Everything that drawing a host needs besides the host itself: the surface, the texts, what time it is, and what is to stay unseen.
import type { PartName, ValueOf } from "../../core/status/snapshot.ts";
import type { StatusView } from "../../core/status/view.ts";
import { ageInWords } from "../../tui/data/age-in-words.ts";
import { clean } from "../../tui/text/clean.ts";
import type { Surface } from "../../tui/theme/surface.ts";
import { type HostState, isUnlocked } from "../host-state/model.ts";
import type { Translate } from "../text/translate.ts";
import { blankAddresses } from "./blank-addresses.ts";

export interface Look {
  surface: Surface;
  t: Translate;
  view: StatusView;
  /** The daemon's monotonic clock now; null before anything was heard. */
  now: number | null;
  /** Milliseconds since 1970. */
  wall: number;
  /** Since when the daemon does not answer, in seconds; null while it does. */
  lost: number | null;
  /** Addresses are not shown. */
  locked: boolean;
  /** This process is in the host's time zone. */
  onHost: boolean;
  /** Between short facts on one line, in letters that the terminal has. */
  dot: string;
  /** Text from outside: harmless, and without addresses where they are not shown. */
  say(text: string): string;
}

/** More than clean() leaves of a text. */
const LONGEST = 1100;

export function lookOf(state: HostState, surface: Surface, t: Translate): Look {
  const { view, monotonic, wall, lostAt, onHost } = state;
  const locked = !isUnlocked(state);
  return {
    ...{ surface, t, view, wall, locked, onHost },
    now: view.offset === null ? null : monotonic + view.offset,
    lost: lostAt === null ? null : Math.max(0, (monotonic - lostAt) / 1000),
    dot: clean(" · ", surface.letters),
    say: (text) => clean(locked ? blankAddresses(text.slice(0, LONGEST)) : text, surface.letters),
  };
}

/** "38 °C"; a terminal that has no such sign gets the letter. */
export function degrees(celsius: number, { surface }: Look): string {
  return `${Math.round(celsius)} ${surface.letters === "ascii" ? "C" : "°C"}`;
}

/** "12 s"; on a line that is slow, or read out, in steps of ten seconds, so that nothing is sent for each second. */
export function seconds(count: number, { surface }: Look): string {
  const whole = Math.max(0, Math.floor(count));
  if (surface.animated || whole >= 60) return ageInWords(whole);
  return whole < 10 ? `<${ageInWords(10)}` : ageInWords(whole - (whole % 10));
}

export interface Known<Value> {
  value: Value | null;
  /** How old it is, in words; null while it is live or unknown. */
  age: string | null;
  /** Why there is nothing newer, or nothing yet: a short sentence; null where all is well. */
  trouble: string | null;
  /** What the source itself said; null where nothing failed. */
  why: string | null;
  /** No answer has come yet, and nothing failed. */
  asking: boolean;
}

/** What is known of a part, with what has to be said of it. */
export function known<Name extends PartName>(name: Name, look: Look): Known<ValueOf<Name>> {
  const part = look.view.parts[name];
  const { t, now, lost } = look;
  if (part === undefined || (part.at === null && part.failure === null)) {
    return { value: null, age: null, trouble: null, why: null, asking: true };
  }
  const old = part.at === null || now === null ? null : Math.max(0, (now - part.at) / 1000);
  const failed = part.failure !== null;
  // A value that was live is as old as the silence.
  const age = part.live && !failed ? lost : old;
  const said = age === null ? null : seconds(age, look);
  const trouble = !failed ? null : old === null ? t("host.silent") : t("host.silent-for", { age: seconds(old, look) });
  // With an older value, that nothing has come for longer than its source may take is just what `trouble` says, and less.
  const why = old !== null && part.failure !== null && HUNG.test(part.failure) ? null : part.failure;
  return { value: part.value as ValueOf<Name> | null, age: said, trouble, why, asking: false };
}

/** What a source that hung is given for a reason (core/status/read-source.ts). */
const HUNG = /^it has not answered for \d+ s$/;

/** What is needed to tell the time: the host's facts, and whether this process is in its time zone. */
export type Zone = Pick<Look, "view" | "onHost">;

interface Moment {
  year: string;
  month: string;
  day: string;
  time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** On the host itself Date knows its time zone; the tables of all zones, which Intl loads, would cost 8 MB and 10 ms there. */
function momentOf(at: number, { view, onHost }: Zone): Moment {
  const two = (value: number) => String(value).padStart(2, "0");
  if (onHost) {
    const date = new Date(valid(at));
    const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
    return { year: String(date.getFullYear()), month: two(date.getMonth() + 1), day: two(date.getDate()), time };
  }
  const parts = formatIn(view.parts.host?.value?.clock.timezone ?? "UTC").formatToParts(valid(at));
  const {
    year = "",
    month = "",
    day = "",
    hour,
    minute,
  } = Object.fromEntries(parts.map(({ type, value }): [string, string] => [type, value]));
  return { year, month, day, time: `${hour}:${minute}` };
}

function formatIn(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const options = { month: "2-digit", day: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-GB", { ...options, hourCycle: "h23", timeZone: timezone });
  } catch {
    // A host whose time zone this machine's tables have not.
    format = new Intl.DateTimeFormat("en-GB", { ...options, hourCycle: "h23", timeZone: "UTC" });
  }
  formats.set(timezone, format);
  return format;
}

/** "12:03" in the host's time zone. */
export function clockTime(at: number, zone: Zone): string {
  return momentOf(at, zone).time;
}

/** "12:03" within a day before or after, "06-11 12:03" within a year, else the date. */
export function whenInWords(at: number, look: Look): string {
  const { year, month, day, time } = momentOf(at, look);
  const away = Math.abs(look.wall - at);
  if (away < 86_400_000) return time;
  return away < 300 * 86_400_000 ? `${month}-${day} ${time}` : `${year}-${month}-${day}`;
}

/** Dates outside of what Date can hold would throw. */
function valid(at: number): number {
  return Math.abs(at) <= 8.64e15 ? at : 0;
}
