// Every key that a screen offers does something, and no sequence of keys, however mad, breaks a screen.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allStates } from "../../screens/demo/states/all-states.ts";
import type { DemoState, Typed } from "../../screens/demo/states/state.ts";
import { columnsOf } from "../../tui/text/width.ts";
import { anyText } from "./hostile.ts";
import { type OpenedInstaller, openInstallerAt } from "./installer-app.tsx";
import type { Press } from "./terminal.tsx";

const states = await allStates();
const nameOf = ({ name, state }: DemoState) => `${name}/${state}`;
const WIDE = { columns: 160, rows: 50, glyphSet: "vt", colours: 8 } as const;

/** The keys of the bottom line: what stands there in bold. */
function offered({ app }: OpenedInstaller): string[] {
  const keys: string[] = [];
  let before = false;
  for (const { text, bold } of app.cells().at(-1) ?? []) {
    if (bold && !before) keys.push(text);
    else if (bold) keys.push((keys.pop() ?? "") + text);
    before = bold;
  }
  return keys.map((key) => key.trim());
}

const PRESSES: Readonly<Record<string, readonly (Press | { type: string })[]>> = {
  "↑↓": ["down", "up"],
  "←→": ["right", "left"],
  Enter: ["enter"],
  Esc: ["escape"],
  Tab: ["tab"],
  Space: [{ type: " " }],
};

function pressesOf(key: string): readonly (Press | { type: string })[] {
  const letter = /^Ctrl-(.)$/.exec(key)?.[1];
  if (letter !== undefined) return [`ctrl-${letter.toLowerCase()}`];
  if ([...key].length === 1) return [{ type: key }];
  const presses = PRESSES[key];
  if (presses === undefined) throw new Error(`the bottom line offers a key that this test does not know: ${key}`);
  return presses;
}

const seen = ({ app, intents, endings }: OpenedInstaller) =>
  JSON.stringify([app.cells(), intents.length, endings.length]);

/** Keys that lead nowhere in one state, as there is one entry only, or what is under the pointer cannot be chosen. */
const NOTHING: Readonly<Record<string, readonly string[]>> = {
  "disks/cannot-be-used": ["Enter"],
  "disks/too-small": ["Enter"],
  "disks/hostile": ["Enter"],
  "disks/none": ["↑↓", "Enter", "d"],
  "disks/none-usable": ["Enter"],
  "disks/several": ["Enter"],
  "disks/five-hundred": ["Enter"],
  "source/none": ["Enter", "Tab", "←→"],
  "source/one-medium": ["←→"],
  "values/one": ["Tab"],
  ...{ "spec/address-wrong": ["Enter"], "source/wrong-package": ["Enter"], "values/empty-refused": ["Enter", "Tab"] },
  // In the address, these two are of the text: the cursor, and taking a word away.
  ...{ "network/fixed-without-address": ["Enter", "←→", "Ctrl-W"], "review/confirm-wrong": ["Enter"] },
  "spec/fetching": ["↑↓", "Enter", "Esc", "Ctrl-C", "?"],
  "review/busy": ["Enter", "Tab", "s", "p", "x", "Esc", "↑↓", "Ctrl-C", "?"],
  "looking/at-the-machine": ["Ctrl-C", "?"],
};

describe("each key that the bottom line offers does something", () => {
  test.each(states.map((state) => [nameOf(state), state] as const))("%s", async (name, state) => {
    const first = await openInstallerAt(state, WIDE);
    const keys = offered(first);
    await first.close();
    expect(keys.length).toBeGreaterThan(0);
    const dead: string[] = [];
    for (const key of keys) {
      if (NOTHING[name]?.includes(key)) continue;
      const tries = pressesOf(key);
      let did = false;
      for (const each of tries) {
        const opened = await openInstallerAt(state, WIDE);
        const before = seen(opened);
        if (typeof each === "string") await opened.app.press(each);
        else await opened.app.type(each.type);
        await opened.settle();
        did ||= seen(opened) !== before;
        await opened.close();
      }
      if (!did) dead.push(key);
    }
    expect(dead).toEqual([]);
  });
});

const KEYS: fc.Arbitrary<Typed> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Typed>(...press("down", "up", "enter", "tab", "back-tab", "escape")) },
  { weight: 2, arbitrary: fc.constantFrom<Typed>(...press("left", "right", "home", "end", "page-down", "page-up")) },
  { weight: 2, arbitrary: fc.constantFrom<Typed>(...press("backspace", "delete")) },
  { weight: 3, arbitrary: fc.constantFrom(...[..."?dlsypxj1q "]).map((letter) => ({ type: letter })) },
  { weight: 1, arbitrary: fc.constantFrom("jupiter.example.net", "ada", "correct horse", "10.0.0.1/8").map(asTyped) },
);

function press(...names: readonly Extract<Typed, { press: unknown }>["press"][]): Typed[] {
  return names.map((name) => ({ press: name }));
}

function asTyped(text: string): Typed {
  return { type: text };
}

function whole({ app }: OpenedInstaller): void {
  expect(app.exited()).toBe(false);
  expect(app.faults(), app.text()).toEqual([]);
  const frame = app.frame();
  expect(frame.filter((row) => columnsOf(row) !== app.columns)).toEqual([]);
  expect(frame[0]?.trim()).not.toBe("");
  expect(frame.at(-1)).toMatch(/(\?|Ctrl-G) \S+|Esc \S+/);
}

const SIZES = [
  { columns: 40, rows: 12, glyphSet: "ascii" },
  { columns: 80, rows: 24, glyphSet: "vt" },
] as const;

test("no sequence of keys breaks a screen or leaves one without its keys", async () => {
  const place = fc.constantFrom(...SIZES);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...states),
      place,
      fc.array(KEYS, { maxLength: 15, size: "max" }),
      async (state, size, keys) => {
        const opened = await openInstallerAt(state, size);
        for (const each of keys) {
          await opened.keys([each]);
          whole(opened);
        }
        await opened.close();
      },
    ),
    { numRuns: 30 },
  );
});

test("text that nobody would type, pasted anywhere, breaks nothing", async () => {
  const forms = states.filter(({ name }) => /identity|network|source|values|review|spec|storage/.test(name));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...forms), fc.constantFrom(...SIZES), anyText, async (state, size, text) => {
      const opened = await openInstallerAt(state, size);
      // Bytes of a paste; without Escape, which would be keys of their own.
      await opened.app.paste(text.replaceAll("\u001b", "").slice(0, 3000) || "x");
      await opened.settle();
      whole(opened);
      await opened.close();
    }),
    { numRuns: 25 },
  );
});

function stateNamed(name: string): DemoState {
  const found = states.find((state) => nameOf(state) === name);
  if (found === undefined) throw new Error(`no state ${name}`);
  return found;
}

describe("nothing that was typed is lost", () => {
  test("by opening help", async () => {
    const opened = await openInstallerAt(stateNamed("identity/filled"), WIDE);
    const before = opened.app.text();
    await opened.app.press("ctrl-g");
    expect(opened.app.text()).not.toBe(before);
    await opened.app.press("escape");
    expect(opened.app.text()).toBe(before);
    await opened.close();
  });

  test("by going back from a form that was not sent; but for the secrets", async () => {
    const state = stateNamed("identity/filled");
    const opened = await openInstallerAt({ ...state, wizard: { ...state.wizard, back: ["disks"] } }, WIDE);
    await opened.keys(press("escape"));
    expect(opened.wizard().screen).toBe("disks");
    await opened.keys(press("enter"));
    expect(opened.wizard().screen).toBe("identity");
    const text = opened.app.text();
    expect(text).toContain("[jupiter.example.net");
    expect(text).toContain("[ada");
    expect(text).not.toContain("•");
    await opened.close();
  });

  test("by going back to a question that is answered: Enter answers the same again", async () => {
    const opened = await openInstallerAt(stateNamed("disks/choice"), WIDE);
    await opened.keys(press("down", "enter"));
    const answered = opened.wizard().draft.text;
    expect(answered).toContain("116X");
    expect(opened.wizard().screen).not.toBe("disks");
    await opened.keys(press("escape", "enter"));
    expect(opened.wizard().draft.text).toBe(answered);
    await opened.close();
  });
});

test("every field of every form is reached by Tab, and by the arrows", async () => {
  for (const name of ["identity/empty", "storage/passphrases", "network/fixed", "values/several", "source/two-media"]) {
    for (const key of ["tab", "down"] as const) {
      const opened = await openInstallerAt(stateNamed(name), WIDE);
      await opened.app.press("home");
      const rows = new Set<number>();
      const fields = opened.app.frame().filter((row) => /\[.*\]|← .* →/.test(row)).length;
      for (let at = 0; at < 8; at += 1) {
        rows.add(opened.app.selectedRows()[0] ?? -1);
        await opened.app.press(key);
      }
      if (key === "tab" || !rows.has(-1)) expect(rows.size, `${name} by ${key}`).toBeGreaterThanOrEqual(fields);
      await opened.close();
    }
  }
});

/** How an impatient person, or a slow serial line, sends Enter. */
const IMPATIENT = ["language/keyboard", "target/choice", "spec/choice", "disks/choice", "storage/choice"] as const;

test.each(IMPATIENT)(
  "a second Enter that comes at once with the first does not answer a screen that nobody has seen: %s",
  async (name) => {
    const once = await openInstallerAt(stateNamed(name), WIDE);
    await once.app.press("enter");
    await once.settle();
    const { screen, draft } = once.wizard();
    await once.close();
    const twice = await openInstallerAt(stateNamed(name), WIDE);
    await twice.app.paste("\r\r");
    await twice.settle();
    expect(twice.wizard().screen).toBe(screen);
    expect(twice.wizard().draft.text).toBe(draft.text);
    await twice.close();
  },
);
