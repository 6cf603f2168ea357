// Every key that a host's page offers does something, no sequence of keys breaks one, and commands go the way that they must.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allHostStates, type HostDemoState } from "../../screens/demo/host/states.ts";
import type { Typed } from "../../screens/demo/states/state.ts";
import type { Outcome } from "../../screens/host/backend.ts";
import { isUnlocked, pageOf } from "../../screens/host-state/model.ts";
import { columnsOf } from "../../tui/text/width.ts";
import { type OpenedHost, openHostAt } from "./host-app.tsx";
import type { Press } from "./terminal.tsx";

const states = allHostStates();
const nameOf = ({ name, state }: HostDemoState) => `${name}/${state}`;
const WIDE = { columns: 160, rows: 50, glyphSet: "vt", colours: 8 } as const;
const FULL = { columns: 80, rows: 24, glyphSet: "vt", colours: 8 } as const;
const stateNamed = (name: string): HostDemoState => {
  const found = states.find((state) => nameOf(state) === name);
  if (found === undefined) throw new Error(`no state ${name}`);
  return found;
};

/** The keys of the bottom line: what stands there in bold. */
function offered({ app }: OpenedHost): string[] {
  const keys: string[] = [];
  let before = false;
  for (const { text, bold } of app.cells().at(-1) ?? []) {
    if (bold && !before) keys.push(text);
    else if (bold) keys.push((keys.pop() ?? "") + text);
    before = bold;
  }
  return keys.map((key) => key.trim());
}

const PRESSES: Readonly<Record<string, readonly Press[]>> = {
  "↑↓": ["down", "up"],
  Enter: ["enter"],
  Esc: ["escape"],
  Tab: ["tab"],
  "Ctrl-G": ["ctrl-g"],
};

/** Nothing more to scroll or choose: the bottom line is the page's, whatever is on it. */
const STILL: readonly string[] = [
  ...["status/no-controllers", "controller/gone", "controller/failed", "controller/running", "host-network/locked"],
  ...["host-network/broken", "host-health/good", "host-health/sick", "host-health/slow", "generations/fell-back"],
  ...["keys/unlocked", "keys/nobody", "commands/in-doubt", "logs/vt", "shell/remote", "host-controllers/none"],
];

describe("each key that the bottom line offers does something", () => {
  test.each(states.map((state) => [nameOf(state), state] as const))("%s", async (name, state) => {
    const first = await openHostAt(state, WIDE);
    const keys = offered(first);
    await first.close();
    expect(keys.length).toBeGreaterThan(0);
    const dead: string[] = [];
    for (const key of keys) {
      if (key === "↑↓" && STILL.includes(name)) continue;
      if (STILL.includes(name) && /none|gone/.test(name) && /^(Enter|[stpkc])$/.test(key)) continue;
      let did = false;
      for (const press of PRESSES[key] ?? [key]) {
        const opened = await openHostAt(state, WIDE);
        const seen = () => JSON.stringify([opened.app.cells(), opened.intents.length]);
        const before = seen();
        if (PRESSES[key] === undefined) await opened.app.type(press);
        else await opened.app.press(press as Press);
        await opened.settle();
        did ||= seen() !== before;
        await opened.close();
      }
      if (!did) dead.push(key);
    }
    expect(dead).toEqual([]);
  });
});

const press = (...names: Extract<Typed, { press: unknown }>["press"][]): Typed[] =>
  names.map((name) => ({ press: name }));

const KEYS: fc.Arbitrary<Typed> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Typed>(...press("down", "up", "enter", "tab", "back-tab", "escape")) },
  { weight: 2, arbitrary: fc.constantFrom<Typed>(...press("home", "end", "page-down", "page-up", "backspace")) },
  { weight: 4, arbitrary: fc.constantFrom(...[..."?stpkcmluv "]).map((letter): Typed => ({ type: letter })) },
  { weight: 1, arbitrary: fc.constantFrom<Typed>({ type: "jupiter.example.net" }, { type: "work" }, { ctrl: "l" }) },
);

test("no sequence of keys breaks a page or leaves one without its keys", async () => {
  const place = fc.constantFrom({ columns: 40, rows: 12, glyphSet: "ascii" } as const, FULL);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...states),
      place,
      fc.array(KEYS, { maxLength: 15, size: "max" }),
      async (state, size, keys) => {
        const opened = await openHostAt(state, size);
        for (const each of keys) {
          await opened.keys([each]);
          const { app } = opened;
          expect(app.exited()).toBe(false);
          expect(app.faults(), app.text()).toEqual([]);
          expect(app.frame().filter((row) => columnsOf(row) !== app.columns)).toEqual([]);
          expect(app.frame()[0]?.trim()).not.toBe("");
          expect(app.frame().at(-1)).toMatch(/(\?|Ctrl-G) \S+|Esc \S+/);
        }
        await opened.close();
      },
    ),
    { numRuns: 30 },
  );
});

const sentBy = ({ state }: OpenedHost) => state().sent.map(({ command, outcome }) => `${command.op} ${outcome}`);

describe("a command", () => {
  test("of a locked seat is not sent: the page says how it is signed", async () => {
    const opened = await openHostAt(stateNamed("status/locked"), FULL);
    await opened.keys([{ press: "down" }, { type: "s" }]);
    expect(pageOf(opened.state()).name).toBe("signature");
    expect(sentBy(opened)).toEqual([]);
    const text = opened.app.text().replaceAll(/\s+/g, " ");
    expect(text).toContain("multiverse ctl vm.start name=games --host ssh://root@jupiter.example.net");
    expect(text).toContain("One of ada, grace runs there");
    await opened.keys([{ type: "u" }]);
    expect(opened.app.text()).toContain("--code");
    expect(opened.app.text().replaceAll(/\s+/g, " ")).toContain("--code 4821-7730");
    await opened.keys(press("escape", "escape"));
    expect(pageOf(opened.state()).name).toBe("status");
    await opened.close();
  });

  test("that the seat's certificate allows is sent, and its end is said", async () => {
    const opened = await openHostAt(stateNamed("status/healthy"), FULL);
    await opened.keys([{ press: "down" }, { type: "s" }]);
    expect(sentBy(opened)).toEqual(["vm.start done"]);
    expect(opened.app.text()).toMatch(/Done: vm\.start games/);
    expect(opened.app.text()).toMatch(/games +Debian|games +SteamOS +running/);
    await opened.close();
  });

  test("that the certificate does not allow needs another signature, unlocked or not", async () => {
    const opened = await openHostAt(stateNamed("status/healthy"), FULL);
    await opened.keys([{ type: "p" }]);
    expect(pageOf(opened.state()).name).toBe("signature");
    expect(opened.app.text()).toContain("its certificate is not for this");
    await opened.close();
  });

  test.each([
    [{ state: "failed", text: "no memory" }, /Failed: vm\.stop work no memory/],
    [{ state: "in-doubt", text: "the line broke" }, /In doubt: vm\.stop work the line broke/],
  ] satisfies [Outcome, RegExp][])("that ends as %o is shown as that", async (outcome, said) => {
    const opened = await openHostAt(stateNamed("status/healthy"), {
      ...FULL,
      instead: { command: async () => outcome },
    });
    await opened.keys([{ type: "t" }]);
    expect(opened.app.text()).toMatch(said);
    expect(sentBy(opened)).toEqual([`vm.stop ${outcome.state}`]);
    await opened.close();
  });

  test("whose signer throws has failed, and the next one can be sent", async () => {
    const instead = { command: async () => Promise.reject(new Error("the agent is gone")) };
    const opened = await openHostAt(stateNamed("status/healthy"), { ...FULL, instead });
    await opened.keys([{ type: "t" }, { type: "t" }]);
    expect(opened.app.text()).toContain("the agent is gone");
    expect(sentBy(opened)).toEqual(["vm.stop failed", "vm.stop failed"]);
    await opened.close();
  });

  test("that hangs is not sent twice, and does not keep the seat from being locked", async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const locked: string[] = [];
    const instead = { command: () => promise, lock: async () => void locked.push("locked") };
    const opened = await openHostAt(stateNamed("status/healthy"), { ...FULL, instead });
    await opened.app.type("ts");
    expect(opened.app.text()).toContain("One command at a time");
    await opened.app.type("l");
    await opened.app.settle();
    expect(locked).toEqual(["locked"]);
    resolve({ state: "done", text: null });
    await opened.settle();
    expect(sentBy(opened)).toEqual(["vm.stop done"]);
    await opened.close();
  });

  test("is not sent while the daemon is lost", async () => {
    const opened = await openHostAt(stateNamed("status/lost"), FULL);
    await opened.app.type("s");
    expect(opened.app.text()).toContain("Nothing can be sent: multiversed does not answer");
    await opened.close();
  });

  test("that cannot be taken back wants the name: nothing else goes on", async () => {
    const opened = await openHostAt(stateNamed("status/locked"), FULL);
    await opened.keys([{ type: "k" }]);
    expect(pageOf(opened.state()).name).toBe("confirm");
    await opened.keys([{ press: "enter" }, { type: "wor" }, { press: "enter" }]);
    expect(pageOf(opened.state()).name).toBe("confirm");
    await opened.keys([{ type: "k" }, { press: "enter" }]);
    expect(pageOf(opened.state()).name).toBe("signature");
    expect(opened.app.text()).toContain("vm.kill");
    await opened.keys(press("escape"));
    expect(pageOf(opened.state()).name).toBe("status");
    await opened.close();
  });

  test("in the menu, power off wants the host's name", async () => {
    const opened = await openHostAt(stateNamed("menu/locked"), FULL);
    await opened.keys(press("end", "enter"));
    expect(opened.app.text()).toContain("jupiter.example.net");
    await opened.keys([{ type: "jupiter.example.net" }, { press: "enter" }]);
    expect(opened.app.text().replaceAll(/\s+/g, " ")).toContain(
      "multiverse ctl host.poweroff --host ssh://root@jupiter",
    );
    await opened.close();
  });

  test("pausing what is paused lets it go on", async () => {
    const opened = await openHostAt(stateNamed("status/locked"), FULL);
    await opened.keys([...press("down", "down"), { type: "p" }]);
    expect(opened.intents.at(-1)).toEqual({ want: "command", op: "vm.pause", args: { name: "builds", resume: true } });
    await opened.close();
  });
});

test.each([
  ["vt", "the second console (Alt-F2)", ["switched"]],
  ["serial", "a login in this screen's place", ["login"]],
  ["remote", "this screen has no rights", []],
] as const)("the menu's shell on %s", async (place, says, did) => {
  const done: string[] = [];
  const menu = stateNamed("menu/locked");
  const opened = await openHostAt({ ...menu, host: { ...menu.host, place } }, { ...FULL, done });
  for (let at = 0; at < 9; at += 1) await opened.keys(press("down"));
  expect(opened.app.text().replaceAll(/\s+/g, " ")).toContain(says);
  await opened.keys(press("enter"));
  expect(done).toEqual(did);
  expect(pageOf(opened.state()).name).toBe(place === "remote" ? "read" : "menu");
  await opened.close();
});

test("l locks at once: addresses go, the status stays", async () => {
  const opened = await openHostAt(stateNamed("status/healthy"), FULL);
  expect(opened.app.text()).toContain("203.0.113.7");
  await opened.keys([{ type: "l" }]);
  const text = opened.app.text();
  expect(isUnlocked(opened.state())).toBe(false);
  expect(text).not.toContain("203.0.113.7");
  expect(text).toContain("Locked");
  expect(text).toMatch(/work +Debian 13 +running/);
  await opened.close();
});

test("v on a locked screen says how it is unlocked", async () => {
  const opened = await openHostAt(stateNamed("status/locked"), FULL);
  await opened.keys([{ type: "v" }]);
  expect(opened.app.text()).toContain("An admin runs the line below with this code");
  await opened.close();
});

test("what the menu cannot do says why, and Enter on it does nothing", async () => {
  const opened = await openHostAt(stateNamed("menu/locked"), FULL);
  await opened.keys(press("down"));
  expect(opened.app.text().replaceAll(/\s+/g, " ")).toContain(
    "`multiverse controller install`, which this version does not have",
  );
  const before = opened.app.text();
  await opened.keys(press("enter"));
  expect(opened.app.text()).toBe(before);
  await opened.close();
});
