// What stands in each panel of the status screen, as rows for any width: its title, how old it is, why it is not newer.
import { type Line, paragraph, span } from "../../tui/line.ts";
import { rowsThatFit } from "../../tui/parts/rows-in-view.ts";
import type { Tone } from "../../tui/theme/tones.ts";
import type { PanelName } from "../host-state/model.ts";
import type { TextKey } from "../text/en.ts";
import { endpointRows } from "./endpoint-rows.ts";
import { clockInWords, headRows, releaseInWords, uptime } from "./head-rows.ts";
import { healthRows } from "./health-rows.ts";
import { type Known, known, type Look } from "./look.ts";
import { hopsOf, networkRows } from "./network-rows.ts";

export interface PanelContent {
  title: string;
  aside: string;
  tone?: Tone;
  rows: Line[];
  /** The first row with bad news: it is in view where nobody has scrolled. */
  bad: number | null;
}

const TITLE: Readonly<Record<PanelName, TextKey>> = {
  host: "host.panel.host",
  network: "host.panel.network",
  endpoints: "host.panel.endpoints",
  controllers: "host.panel.controllers",
  health: "host.panel.health",
};

export function panelTitle(panel: PanelName, { t }: Look): string {
  return t(TITLE[panel]);
}

/** Those with bad news. */
export function troubledPanels(look: Look): PanelName[] {
  const bad = (rows: readonly Line[]) => rows.some((row) => row.some(({ tone }) => tone === "bad"));
  const failed = known("controllers", look).value?.some(({ state }) => state === "failed") ?? false;
  const { fellBack = null } = known("host", look).value?.root ?? {};
  return [
    ...(fellBack === null ? [] : ["host" as const]),
    ...(["network", "endpoints"] as const).filter((panel) => bad(panelContent(panel, look, 40).rows)),
    ...(failed ? ["controllers" as const] : []),
    ...(bad(panelContent("health", look, 40).rows) ? ["health" as const] : []),
  ];
}

/** "12 s old"; empty where it is live. */
export function asideOf({ age }: Pick<Known<unknown>, "age">, { t }: Look): string {
  return age === null ? "" : t("host.old", { age });
}

/** Above the rows: that nothing is known yet, or why there is nothing newer. */
export function noteRows(part: Known<unknown>, look: Look, width: number): Line[] {
  const { t, say, surface } = look;
  if (part.asking) return [[span(" "), span(t("host.asking"), "quiet")]];
  if (part.trouble === null) return [];
  const said = [
    ...paragraph(`${surface.glyphs.bad} ${part.trouble}`, width, surface, "bad", 1),
    ...(part.why === null ? [] : paragraph(say(part.why), width, surface, "warning", 3)),
  ];
  return rowsThatFit(said, { width, height: 3 }, surface);
}

/** Of a panel without a pointer: all but the controllers. `width` is that inside of the frame; `full`: with every detail. */
export function panelContent(
  panel: Exclude<PanelName, "controllers">,
  look: Look,
  width: number,
  full = false,
): PanelContent {
  const title = panelTitle(panel, look);
  switch (panel) {
    case "network":
      return network(title, look, width, full);
    case "endpoints": {
      const part = known("endpoints", look);
      return wrapped(title, part, look, endpointRows(part.value ?? [], look, width - 1), width);
    }
    case "health":
      return { title, aside: "", rows: inset(healthRows(look, { width: width - 1, full })), bad: null };
    case "host":
      return { title, aside: asideOf(known("host", look), look), rows: hostRows(look, width), bad: null };
    default:
      return panel satisfies never;
  }
}

function inset(rows: readonly Line[]): Line[] {
  return rows.map((row) => [span(" "), ...row]);
}

function wrapped(title: string, part: Known<unknown>, look: Look, rows: readonly Line[], width: number): PanelContent {
  const note = noteRows(part, look, width - 1);
  const tone = part.trouble === null ? {} : { tone: "bad" as const };
  return { title, aside: asideOf(part, look), ...tone, rows: [...note, ...inset(rows)], bad: null };
}

function network(title: string, look: Look, width: number, full: boolean): PanelContent {
  const part = known("network", look);
  const roots = part.value?.roots ?? [];
  const content = wrapped(title, part, look, networkRows(roots, look, { width: width - 1, full }), width);
  const broken = hopsOf(roots).filter(({ hop }) => hop.state === "broken").length;
  const bad = content.rows.findIndex((row) => row.some(({ tone }) => tone === "bad"));
  return {
    ...content,
    title: broken === 0 ? title : `${title}${look.dot}${look.t("host.broken", { count: broken })}`,
    bad: bad < 0 ? null : bad,
  };
}

/** What the head says on a terminal that has room for it: a page on one that has not. */
function hostRows(look: Look, width: number): Line[] {
  const { t, say } = look;
  const part = known("host", look);
  const host = part.value;
  if (host === null) return noteRows(part, look, width - 1);
  const release = releaseInWords(host, look);
  const [clock, tone] = clockInWords(host, look);
  const trouble = headRows(look, width).slice(1);
  const rows: [string, string, (Tone | undefined)?][] = [
    [t("host.fact.release"), release.text, release.tone],
    [t("host.fact.version"), `Multiverse ${say(host.version)}, Linux ${say(host.kernel)}`],
    [t("host.fact.firmware"), firmwareInWords(look)],
    [t("host.fact.up"), uptime(look.wall - host.bootedAt)],
    [t("host.fact.clock"), clock, tone],
    [t("host.fact.words"), say(host.hostKey?.words.join(" ") ?? "")],
    [t("host.fact.key"), say(host.hostKey?.sha256 ?? "")],
  ];
  const widest = Math.max(...rows.map(([label]) => label.length));
  return [
    ...trouble,
    ...rows.flatMap(([label, text, look_]) =>
      paragraph(text, width - widest - 3, look.surface, look_).map(
        (row, at): Line => [span(` ${(at === 0 ? label : "").padEnd(widest)} `, "quiet"), ...row],
      ),
    ),
  ];
}

function firmwareInWords(look: Look): string {
  const host = known("host", look).value;
  if (host === null) return "";
  const { kind, secureBoot } = host.firmware;
  return `${kind.toUpperCase()}, ${look.t(SECURE_BOOT_WORD[secureBoot])}`;
}

const SECURE_BOOT_WORD = {
  on: "host.secure-boot.on",
  off: "host.secure-boot.off",
  "setup-mode": "host.secure-boot.setup",
  unknown: "host.secure-boot.unknown",
} as const;
