// Controllers as rows: name, system, state with what makes it sure, and on wide terminals what each uses.

import { sizeInWords } from "../../core/size-in-words.ts";
import type { Controller, ControllerState } from "../../core/status/controller-facts.ts";
import { type Line, paragraph, type Span, span } from "../../tui/line.ts";
import { rowsThatFit } from "../../tui/parts/rows-in-view.ts";
import { layTable, type Table, tableRow } from "../../tui/parts/table.ts";
import { columnsOf, padTo } from "../../tui/text/width.ts";
import type { Glyphs } from "../../tui/theme/glyphs.ts";
import type { Tone } from "../../tui/theme/tones.ts";
import type { TextKey } from "../text/en.ts";
import { type Look, seconds, whenInWords } from "./look.ts";

export const STATE: Readonly<Record<ControllerState, TextKey>> = {
  off: "host.controller.off",
  starting: "host.controller.starting",
  running: "host.controller.running",
  silent: "host.controller.silent",
  paused: "host.controller.paused",
  failed: "host.controller.failed",
};

const TONE: Readonly<Record<ControllerState, Tone | undefined>> = {
  off: "quiet",
  starting: "warning",
  running: "good",
  silent: "warning",
  paused: "warning",
  failed: "bad",
};

export function markOf(state: ControllerState, glyphs: Glyphs): Span {
  const marks: Readonly<Record<ControllerState, string>> = {
    ...{ off: glyphs.off, starting: glyphs.up, running: glyphs.good },
    ...{ silent: glyphs.warning, paused: glyphs.boxOff, failed: glyphs.bad },
  };
  return span(marks[state], TONE[state]);
}

/** "running 2 s", "failed 11:58": the state's word, and the age of what it is known by. */
export function stateInWords(controller: Controller, look: Look): { text: string; tone: Tone | undefined } {
  const { t, now } = look;
  const { state, heartbeat, reason } = controller;
  const beat = heartbeat === null || now === null ? null : seconds((now - heartbeat.at) / 1000, look);
  const more =
    state === "failed" && reason !== null
      ? ` ${whenInWords(reason.at, look)}`
      : (state === "running" || state === "silent") && beat !== null
        ? ` ${beat}`
        : "";
  return { text: `${t(STATE[state])}${more}`, tone: TONE[state] };
}

export interface ControllerTable {
  table: Table;
  /** Columns of the state, at the right. */
  state: number;
}

/** Laid out for all of them, so that nothing moves while one scrolls. */
export function layControllers(all: readonly Controller[], look: Look, width: number): ControllerTable {
  const state = Math.min(
    Math.floor(width / 2),
    Math.max(...all.slice(0, 200).map((each) => columnsOf(stateInWords(each, look).text)), 0),
  );
  const columns = [
    { title: look.t("host.column.name"), elastic: true as const },
    { title: look.t("host.column.os"), elastic: true as const },
    { title: look.t("host.column.cpu"), align: "right" as const, from: 38 },
    { title: look.t("host.column.memory"), align: "right" as const, from: 48 },
    { title: look.t("host.column.disk"), align: "right" as const, from: 84 },
    { title: look.t("host.column.network"), align: "right" as const, from: 100 },
  ];
  return {
    table: layTable(
      columns,
      all.slice(0, 200).map((each) => cellsOf(each)),
      width - 3 - state,
      look.surface,
    ),
    state,
  };
}

function cellsOf(controller: Controller): string[] {
  const { name, os, cpu, memory, disks, networks } = controller;
  const sum = (values: (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const live = cpu.percent !== null;
  return [
    name,
    os ?? "",
    live ? `${Math.round(cpu.percent ?? 0)} %` : "",
    memory.used === null ? sizeInWords(memory.bytes) : `${sizeInWords(memory.used)} / ${sizeInWords(memory.bytes)}`,
    live ? `${sizeInWords(sum(disks.flatMap(({ read, written }) => [read, written])))}/s` : "",
    live ? `${sizeInWords(sum(networks.flatMap(({ received, sent }) => [received, sent])))}/s` : "",
  ];
}

/** One row, of `width` columns. */
export function controllerRow(controller: Controller, { table, state }: ControllerTable, look: Look): Line {
  const { surface } = look;
  const { text, tone } = stateInWords(controller, look);
  return [
    markOf(controller.state, surface.glyphs),
    span(" "),
    ...tableRow(table, cellsOf(controller), surface),
    span(" "),
    span(padTo(text, state, surface.glyphs.more), tone),
  ];
}

/** Why it failed or is silent, below its row. */
export function reasonRows({ reason, state }: Controller, look: Look, width: number, most: number): Line[] {
  if (reason === null || (state !== "failed" && state !== "silent")) return [];
  const rows = paragraph(look.say(reason.text), width - 1, look.surface, undefined, 2);
  return rowsThatFit(rows, { width, height: most }, look.surface);
}

/** What stands above the columns, for the page with all of them. */
export function controllersHead({ table, state }: ControllerTable, look: Look): Line {
  const titles = table.columns.map(({ title }) => title);
  const word = padTo(look.t("host.column.state"), state, look.surface.glyphs.more);
  return [span("  "), ...tableRow(table, titles, look.surface, "quiet"), span(` ${word}`, "quiet")];
}
