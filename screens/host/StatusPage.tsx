// The status of the host: four panels at once where there is room, else one after the other.
import { Box } from "ink";
import type { ReactNode } from "react";
import type { Controller } from "../../core/status/controller-facts.ts";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { beside, type Line, line, span } from "../../tui/line.ts";
import { panelStack, type StackedPanel, shareRows } from "../../tui/parts/panel-stack.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { clampScroll, moveScroll } from "../../tui/parts/scroll.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import type { OnHostIntent } from "../host-state/intent.ts";
import { chosenController, type HostState, PANELS, type PanelName } from "../host-state/model.ts";
import { controllerKey } from "./controller-keys.ts";
import { controllerRow, layControllers, reasonRows } from "./controller-rows.ts";
import { footRow, headRows } from "./head-rows.ts";
import { known, type Look } from "./look.ts";
import { asideOf, noteRows, type PanelContent, panelContent, panelTitle } from "./panels.ts";

export interface HostPageProps {
  room: Room;
  state: HostState;
  look: Look;
  onIntent: OnHostIntent;
}

/** Below this, panels side by side would hold no names. */
const LEAST = { width: 72, height: 14 } as const;

export function isCompact({ width, height }: Room): boolean {
  return width < LEAST.width || height < LEAST.height;
}

/** What Tab goes through: on a small terminal what the head holds elsewhere is a page, too. */
export function panelsOf(room: Room): readonly PanelName[] {
  return isCompact(room) ? ["host", ...PANELS] : PANELS;
}

interface Sized {
  panel: PanelName;
  width: number;
  height: number;
  /** Null of the controllers, which are drawn around the pointer. */
  content: PanelContent | null;
}

export function StatusPage({ room, state, look, onIntent }: HostPageProps): ReactNode {
  const compact = isCompact(room);
  const head = compact ? [] : headRows(look, room.width);
  const foot = compact ? [] : [footRow(look, room.width)];
  const inner = { width: room.width, height: room.height - head.length - foot.length };
  const panels = panelsOf(room);
  const focus = panels.includes(state.panel) ? state.panel : "controllers";
  const left = Math.floor(room.width / 2);
  const sized = compact
    ? [
        {
          ...{ panel: focus, width: room.width - 3, height: room.height - 2 },
          content: contentOf(focus, look, room.width - 3, false),
        },
      ]
    : [
        ...columnOf(["network", "endpoints"], left, inner.height, look),
        ...columnOf(["controllers", "health"], room.width - left, inner.height, look),
      ];
  const all = state.view.parts.controllers?.value ?? [];
  const chosen = Math.max(
    0,
    all.findIndex(({ name }) => name === chosenController(state)),
  );
  const mine = sized.find(({ panel }) => panel === focus);
  useKeys("screen", (key) => {
    const step = key.name === "tab" ? 1 : key.name === "back-tab" ? -1 : 0;
    if (step !== 0) {
      const next = panels[(panels.indexOf(focus) + step + panels.length) % panels.length];
      if (next !== undefined) onIntent({ want: "panel", panel: next });
      return true;
    }
    if (key.name === "enter") {
      const name = all[chosen]?.name;
      if (focus === "controllers" && name !== undefined)
        onIntent({ want: "open", page: { name: "controller", controller: name } });
      else if (focus !== "controllers" && focus !== "host")
        onIntent({ want: "open", page: { name: "read", what: PAGE[focus] } });
      else return false;
      return true;
    }
    if (focus === "controllers") {
      if (key.name === "text" && controllerKey(key.text, all[chosen], onIntent)) return true;
      const moved = moveScroll({ selected: chosen, top: 0 }, key, all.length, mine?.height ?? 1);
      const name = all[moved?.selected ?? -1]?.name;
      if (name !== undefined) onIntent({ want: "choose", controller: name });
      return moved !== null;
    }
    if (mine?.content == null) return false;
    const { rows, bad } = mine.content;
    const longest = Math.max(1, rows.length - mine.height + 1);
    const top = topOf(focus, state, rows.length, mine.height, bad);
    const moved = moveScroll({ selected: top, top: 0 }, key, longest, Math.max(2, mine.height - 1));
    if (moved !== null) onIntent({ want: "scroll", panel: focus, top: moved.selected });
    return moved !== null;
  });
  const stacked = sized.map((each) => stackedPanel(each, state, look, each.panel === focus && !compact));
  const rows = compact
    ? panelStack(stacked, room.width, look.surface)
    : beside(
        panelStack(stacked.slice(0, 2), left, look.surface),
        left,
        panelStack(stacked.slice(2), room.width - left, look.surface),
        look.surface.glyphs.more,
      );
  return (
    <Box flexDirection="column" width={room.width} height={room.height}>
      <Rows rows={[...head, ...grey(rows, look), ...foot]} width={room.width} height={room.height} />
    </Box>
  );
}

/** What a panel shows a part of. */
const PAGE = { network: "network", endpoints: "network", health: "health" } as const;

/** What is old is not shown as if it were alive. */
function grey(rows: readonly Line[], { lost, view }: Look): Line[] {
  if (lost === null || view.boot === null) return [...rows];
  return rows.map((row) => row.map(({ text, tone }) => span(text, tone === "selected" ? tone : "quiet")));
}

/** Two panels one above the other; with every detail where all of it has room. */
function columnOf(pair: Pair, width: number, height: number, look: Look): Sized[] {
  const inside = width - 3;
  const total = height - 3;
  const contents = (full: boolean) => pair.map((panel) => contentOf(panel, look, inside, full));
  const rowsOf = (all: readonly (PanelContent | null)[]) =>
    all.map((content) => content?.rows.length ?? controllerCount(look, inside));
  const everything = inside > 60 ? contents(true) : null;
  const fits = everything !== null && rowsOf(everything).reduce((sum, each) => sum + each, 0) <= total;
  const shown = everything !== null && fits ? everything : contents(false);
  const wanted = rowsOf(shown);
  // Controllers scroll; health is to be seen at a glance.
  const least = pair[0] === "network" ? [7, 3] : [6, Math.min(wanted[1] ?? 0, 8)];
  const heights = shareRows(wanted, least, total);
  return pair.map((panel, at) => ({ panel, width: inside, height: heights[at] ?? 1, content: shown[at] ?? null }));
}

type Pair = readonly [PanelName, PanelName];

function contentOf(panel: PanelName, look: Look, width: number, full: boolean): PanelContent | null {
  return panel === "controllers" ? null : panelContent(panel, look, width, full);
}

/** Rows that all of them would take, at most what any terminal has. */
function controllerCount(look: Look, width: number): number {
  const all = known("controllers", look).value ?? [];
  if (all.length > 200) return all.length;
  return Math.max(
    2,
    all.reduce((sum, each) => sum + 1 + reasonRows(each, look, width, 2).length, 1),
  );
}

function topOf(panel: PanelName, { tops }: HostState, length: number, height: number, bad: number | null): number {
  const last = Math.max(0, length - height);
  const wanted = tops[panel] ?? (bad !== null && bad >= height - 1 ? bad - 1 : 0);
  return Math.max(0, Math.min(wanted, last));
}

function stackedPanel(sized: Sized, state: HostState, look: Look, focused: boolean): StackedPanel {
  const { panel, width, height, content } = sized;
  if (content === null) return { ...controllersPanel(state, look, width, height), height, focused };
  const top = topOf(panel, state, content.rows.length, height, content.bad);
  return { ...content, ...inView(content, top, height, look), height, focused };
}

function inView(
  { rows, aside }: PanelContent,
  top: number,
  height: number,
  look: Look,
): { rows: Line[]; aside: string } {
  const { glyphs } = look.surface;
  const hidden = rows.length - height;
  const more = hidden <= 0 ? "" : `${top > 0 ? glyphs.up : ""}${top < hidden ? glyphs.down : ""}`;
  return { rows: rows.slice(top, top + height), aside: [aside, more].filter((text) => text !== "").join(" ") };
}

interface Entry {
  controller: Controller;
  rows: number;
}

/** The controllers around the pointer, each with why it failed. */
function controllersPanel(state: HostState, look: Look, width: number, height: number): Omit<StackedPanel, "height"> {
  const { surface } = look;
  const { glyphs } = surface;
  const part = known("controllers", look);
  const all = part.value ?? [];
  const title = titleOf(all, look);
  const none = part.trouble === null && part.value !== null && all.length === 0;
  const note = none ? nothing(look) : noteRows(part, look, width - 1);
  const room = Math.max(1, height - note.length);
  const name = chosenController(state);
  const selected = Math.max(
    0,
    all.findIndex((each) => each.name === name),
  );
  const most = width > 60 ? 1 : 2;
  const entries: Entry[] = [];
  // Only what could be in view is measured: the pointer stands somewhere in twice the room.
  const from = Math.max(0, clampScroll({ selected, top: selected - room }, all.length, room * 2).top);
  for (const controller of all.slice(from, from + room * 2))
    entries.push({ controller, rows: 1 + reasonRows(controller, look, width - 2, most).length });
  let first = 0;
  const at = selected - from;
  const used = (begin: number) => entries.slice(begin, at + 1).reduce((sum, { rows }) => sum + rows, 0);
  while (first < at && used(first) > room) first += 1;
  const table = layControllers(all, look, width - 1);
  const rows: Line[] = [];
  let shown = 0;
  for (const { controller } of entries.slice(first)) {
    if (rows.length >= room) break;
    shown += 1;
    const chosen = controller.name === name;
    const row = controllerRow(controller, table, look);
    const pointer = span(chosen ? glyphs.pointer : " ", chosen ? "strong" : undefined);
    const whole = chosen && state.panel === "controllers" && !surface.reader;
    rows.push(
      whole
        ? [pointer, ...row.map(({ text }, index) => (index === 0 ? (row[0] ?? span("")) : span(text, "selected")))]
        : [pointer, ...row],
    );
    rows.push(...reasonRows(controller, look, width - 2, most).map((reason): Line => [span(" "), ...reason]));
  }
  const below = from + first + shown < all.length || rows.length > room;
  const more = `${from + first > 0 ? glyphs.up : ""}${below ? glyphs.down : ""}`;
  const aside = [asideOf(part, look), more].filter((text) => text !== "").join(" ");
  return { title, aside, rows: [...note, ...rows], ...(part.trouble === null ? {} : { tone: "bad" as const }) };
}

function nothing({ t }: Look): Line[] {
  return [line(` ${t("host.no-controllers")}`, "quiet"), line(` ${t("host.no-controllers.more")}`, "quiet")];
}

/** How many there are, and of those how many run or failed, where nobody can count them at a glance. */
function titleOf(all: readonly Controller[], look: Look): string {
  const { t } = look;
  const title = panelTitle("controllers", look);
  const failed = all.filter(({ state }) => state === "failed").length;
  const pieces = [
    ...(all.length > 9 ? [`${title} ${all.length}`] : [title]),
    ...(failed > 0 ? [t("host.failed", { count: failed })] : []),
  ];
  return pieces.join(" · ");
}
