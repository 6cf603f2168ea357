// Every screen in every state, on terminals of four sizes with their glyphs and colours: whole frames, and a focus that shows.
import { describe, expect, test } from "vitest";
import { allStates } from "../../screens/demo/states/all-states.ts";
import type { DemoState } from "../../screens/demo/states/state.ts";
import { columnsOf } from "../../tui/text/width.ts";
import { GLYPHS, type GlyphSet } from "../../tui/theme/glyphs.ts";
import type { Colours } from "../../tui/theme/tones.ts";
import { openInstallerAt } from "./installer-app.tsx";
import type { RenderedApp } from "./terminal.tsx";

interface Place {
  columns: number;
  rows: number;
  glyphSet: GlyphSet;
  colours: Colours;
}

const PLACES: readonly Place[] = [
  { columns: 40, rows: 12, glyphSet: "vt", colours: 8 },
  { columns: 80, rows: 24, glyphSet: "ascii", colours: 0 },
  { columns: 80, rows: 25, glyphSet: "utf8", colours: 8 },
  { columns: 160, rows: 50, glyphSet: "utf8", colours: 256 },
];

/** Nothing to choose or type: they end by themselves, or by what the bottom line says. */
const NO_FOCUS = new Set(["looking/at-the-machine", "looking/spec-with-mistakes", "disks/none", "source/none"]);
const PAGES = /^(running|failed\/report|review\/help|disks\/details)/;

const states = await allStates();
const nameOf = ({ name, state }: DemoState) => `${name}/${state}`;

/** A frame that is what it should be, whatever the screen. */
function faultsOf(app: RenderedApp, { columns, rows, glyphSet, colours }: Place): string[] {
  const faults = app.faults();
  const frame = app.frame();
  if (frame.length !== rows) faults.push(`${frame.length} rows`);
  if (frame[0]?.trim() === "") faults.push("no title");
  if (!/(\?|Ctrl-G) \S+\s*$|Esc \S+\s*$/.test(frame.at(-1) ?? "")) faults.push(`no keys: ${frame.at(-1)}`);
  for (const [at, row] of frame.entries()) {
    if (columnsOf(row) !== columns) faults.push(`row ${at} has ${columnsOf(row)} columns`);
    // Ink cuts with an ellipsis what nobody has laid out: our own mark of a cut is another one here.
    if (glyphSet !== "utf8" && row.endsWith("…")) faults.push(`row ${at} was cut by chance: ${row}`);
    if (glyphSet === "ascii" && /[^ -~]/.test(row)) faults.push(`row ${at} is not ASCII: ${row}`);
  }
  const coloured = app
    .cells()
    .flat()
    .filter(({ colour }) => colour >= (colours === 8 ? 8 : 0));
  if (colours !== 256 && coloured.length > 0) faults.push(`${coloured.length} cells in colours that are not there`);
  return faults;
}

test("every screen has a state, and every state a name of its own", async () => {
  const names = states.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  const { SCREENS } = await import("../../screens/list.ts");
  expect(new Set(states.map(({ wizard }) => wizard.screen))).toEqual(new Set(Object.keys(SCREENS)));
  for (const name of [...NO_FOCUS]) expect(names).toContain(name);
});

describe.each(PLACES)("$columns×$rows $glyphSet, $colours colours", (place) => {
  test.each(states.map((state) => [nameOf(state), state] as const))("%s", async (name, state) => {
    const opened = await openInstallerAt(state, place);
    const { app } = opened;
    const about = app.text();
    expect(faultsOf(app, place), about).toEqual([]);
    if (!NO_FOCUS.has(name) && !PAGES.test(name)) {
      const pointer = GLYPHS[place.glyphSet].pointer;
      const shown = app.selectedRows().length > 0 || app.frame().some((row) => row.startsWith(pointer));
      expect(shown, `no focus:\n${about}`).toBe(true);
    }
    await opened.close();
  });
});

const LIVE: readonly string[] = [
  ...["disks/second", "disks/details", "identity/filled", "storage/passphrases-wrong", "network/fixed"],
  ...["review/confirm-wrong", "review/bottom", "running/log", "failed/report", "spec/address-wrong"],
];

test.each(LIVE)("made small and large again, %s is as it was", async (name) => {
  const state = states.find((each) => nameOf(each) === name);
  if (state === undefined) throw new Error(`no state ${name}`);
  const large = { columns: 160, rows: 50, glyphSet: "utf8", colours: 8 } as const;
  const opened = await openInstallerAt(state, large);
  const { app } = opened;
  const before = app.text();
  const wizard = opened.wizard();
  for (const [columns, rows] of [
    [40, 12],
    [80, 24],
    [1, 1],
    [20, 5],
  ] as const) {
    await app.resize(columns, rows);
    if (columns >= 40) expect(faultsOf(app, { ...large, columns, rows }), app.text()).toEqual([]);
  }
  await app.resize(160, 50);
  await opened.settle();
  expect(app.text()).toBe(before);
  expect(opened.wizard()).toEqual(wizard);
  await opened.close();
});

test("the banner of the demo takes one row of every screen, and nothing runs over", async () => {
  for (const state of states.filter(({ state }) => /choice|top|copy|source-gone|plain/.test(state))) {
    const opened = await openInstallerAt(state, { ...(PLACES[0] as Place), banner: "DEMO: this machine is made up" });
    expect(opened.app.frame()[0]).toContain("DEMO");
    expect(faultsOf(opened.app, PLACES[0] as Place), opened.app.text()).toEqual([]);
    await opened.close();
  }
});
