// What the screens of a host know: the reducer, what a command needs, and who locks the seat when.
import { describe, expect, test } from "vitest";
import type { StatusView } from "../../core/status/view.ts";
import {
  CONTROL,
  DEMO_MONOTONIC,
  DEMO_NOW,
  DEMO_OFFSET,
  DEMO_WALL,
  demoView,
  live,
  UNLOCKED,
} from "../../screens/demo/host/view.ts";
import type { HostBackend } from "../../screens/host/backend.ts";
import { HostScreens } from "../../screens/host-state/host-screens.ts";
import { judgeCommand } from "../../screens/host-state/judge-command.ts";
import {
  chosenController,
  type HostEnding,
  type HostState,
  isUnlocked,
  NOTHING_HEARD,
  type Place,
  pageOf,
  startHost,
} from "../../screens/host-state/model.ts";
import { reduce } from "../../screens/host-state/reduce.ts";
import { placeOf } from "../../screens/open-host.tsx";

const unlocked = demoView({ control: live(UNLOCKED) });
const start = (view: StatusView = demoView()): HostState =>
  startHost({ monotonic: DEMO_MONOTONIC, wall: DEMO_WALL, language: "en", place: "vt", view });
const view = (state: HostState, next: StatusView, after = 0): HostState =>
  reduce(state, { what: "view", view: next, monotonic: DEMO_MONOTONIC + after, wall: DEMO_WALL + after });
const lostNow = (from: StatusView): StatusView => ({
  ...from,
  ...{ state: "lost", why: "multiversed has ended the connection" },
  parts: Object.fromEntries(
    Object.entries(from.parts).map(([name, part]) => [name, { ...part, live: false }]),
  ) as StatusView["parts"],
});

describe("when the daemon is lost", () => {
  test("the time is counted from there, through every further attempt, until it is back", () => {
    const lost = view(start(), lostNow(demoView()), 5000);
    expect(lost.lostAt).toBe(DEMO_MONOTONIC + 5000);
    expect(view(lost, lostNow(demoView()), 9000).lostAt).toBe(DEMO_MONOTONIC + 5000);
    expect(view(lost, demoView(), 12_000).lostAt).toBe(null);
  });

  test("what was live is as old as the silence, what was polled keeps its age", () => {
    const lost = view(start(), lostNow(demoView()), 5000);
    const again = view(lost, lostNow(demoView()), 9000);
    for (const state of [lost, again]) {
      expect(state.view.parts.network?.at).toBe(DEMO_MONOTONIC + 5000 + DEMO_OFFSET);
      expect(state.view.parts.disks?.at).toBe(DEMO_NOW - 140_000);
    }
  });

  test("the seat counts as locked: nobody can say that it is not", () => {
    expect(isUnlocked(start(unlocked))).toBe(true);
    expect(isUnlocked(view(start(unlocked), lostNow(unlocked), 1))).toBe(false);
  });
});

describe("the seat", () => {
  test("that is granted closes the page that asks for it, and says by whom", () => {
    const asking = reduce(start(), { what: "open", page: { name: "unlock", code: { state: "asking" } } });
    const granted = view(asking, unlocked, 1000);
    expect(pageOf(granted)).toEqual({ name: "status" });
    expect(granted.toast).toMatchObject({ key: "host.toast.unlocked", values: { by: "ada" } });
  });

  test("that was unlocked before the screen began is not announced", () => {
    expect(view(start(NOTHING_HEARD), unlocked).toast).toBe(null);
  });

  test("is locked when its certificate has run out, whatever the last news say", () => {
    const until = UNLOCKED.seat?.until ?? 0;
    const state = reduce(start(unlocked), { what: "tick", monotonic: DEMO_MONOTONIC, wall: until + 1 });
    expect(isUnlocked(state)).toBe(false);
    expect(judgeCommand(state, { op: "vm.start", args: { name: "games" } })).toEqual({ go: "sign" });
  });
});

describe("a command", () => {
  const judge = (state: HostState, op: string, args = {}, confirmed = false) =>
    judgeCommand(state, { op, args }, confirmed);

  test.each([
    ["vm.start", "games", unlocked, { go: "send" }],
    ["vm.stop", "work", unlocked, { go: "send" }],
    ["vm.pause", "work", unlocked, { go: "sign" }],
    ["vm.start", "games", demoView(), { go: "sign" }],
    ["vm.kill", "work", unlocked, { go: "confirm", type: "work" }],
  ])("%s %s", (op, name, known, verdict) => {
    expect(judge(start(known), op, { name })).toEqual(verdict);
  });

  test.each([
    ["vm.start", "work", "host.toast.runs"],
    ["vm.start", "builds", "host.toast.runs"],
    ["vm.stop", "games", "host.toast.off"],
    ["vm.kill", "games", "host.toast.off"],
    ["vm.stop", "nobody", "host.toast.no-controller"],
  ])("%s %s makes no sense: %s", (op, name, key) => {
    expect(judge(start(unlocked), op, { name })).toMatchObject({ go: "refuse", toast: { key } });
  });

  test("of the host wants its name, and cannot be confirmed before that is known", () => {
    expect(judge(start(), "host.reboot")).toEqual({ go: "confirm", type: "jupiter.example.net" });
    expect(judge(start(), "host.reboot", {}, true)).toEqual({ go: "sign" });
    const { host: _, ...parts } = demoView().parts;
    expect(judge(start({ ...demoView(), parts }), "host.reboot")).toMatchObject({
      toast: { key: "host.toast.no-name" },
    });
  });

  test("that is not of the certificate's list is never sent, however it is confirmed", () => {
    expect(judge(start(unlocked), "vm.kill", { name: "work" }, true)).toEqual({ go: "sign" });
  });

  test("that ends after the next was refused keeps its place among those that were sent", () => {
    const command = { op: "vm.stop", args: { name: "work" } };
    const sending = reduce(start(unlocked), { what: "sending", command });
    expect(judgeCommand(sending, command)).toMatchObject({ toast: { key: "host.toast.one-at-a-time" } });
    const over = reduce(sending, { what: "outcome", outcome: { state: "in-doubt", text: "nobody saw it" } });
    expect(over.sent).toMatchObject([{ command, outcome: "in-doubt", text: "nobody saw it" }]);
    expect(over.sending).toBe(null);
    expect(reduce(over, { what: "outcome", outcome: { state: "done", text: null } })).toBe(over);
  });
});

test("no more than ten commands are kept", () => {
  let state = start(unlocked);
  for (let at = 0; at < 30; at += 1)
    state = reduce(reduce(state, { what: "sending", command: { op: `op${at}`, args: {} } }), {
      ...{ what: "outcome", outcome: { state: "done", text: null } },
    });
  expect(state.sent.map(({ command }) => command.op)).toEqual(Array.from({ length: 10 }, (_, at) => `op${29 - at}`));
});

test("what was chosen stays chosen while the list changes, and another one is taken where it is gone", () => {
  const all = demoView().parts.controllers?.value ?? [];
  const chosen = reduce(start(), { what: "choose", controller: "games" });
  expect(chosenController(view(chosen, demoView({ controllers: live(all.toReversed()) })))).toBe("games");
  expect(chosenController(view(chosen, demoView({ controllers: live(all.slice(0, 1)) })))).toBe("work");
  expect(chosenController(view(chosen, demoView({ controllers: live([]) })))).toBe(null);
});

test("a toast goes away by itself, but not while a command is under way", () => {
  const later = { what: "tick", monotonic: DEMO_MONOTONIC + 11_000, wall: DEMO_WALL } as const;
  const said = reduce(start(), { what: "toast", toast: { key: "host.toast.locked", values: {}, tone: "good" } });
  expect(reduce(said, { ...later, monotonic: DEMO_MONOTONIC + 9000 }).toast).not.toBe(null);
  expect(reduce(said, later).toast).toBe(null);
  const sending = reduce(start(unlocked), { what: "sending", command: { op: "vm.stop", args: { name: "work" } } });
  expect(reduce(sending, later).toast).not.toBe(null);
});

interface Driven {
  screens: HostScreens;
  pass(ms: number): void;
  tell(view: StatusView): void;
  asked: string[];
  frames(): number;
}

async function driven(known: StatusView, more: Partial<HostBackend> = {}, pace?: number): Promise<Driven> {
  let time = DEMO_MONOTONIC;
  let tell: (view: StatusView) => void = () => {};
  let frames = 0;
  const asked: string[] = [];
  const backend: HostBackend = {
    follow: (onView) => {
      tell = onView;
      onView(known);
      return () => void asked.push("unfollow");
    },
    command: async () => ({ state: "done", text: null }),
    line: () => "multiverse ctl",
    seatCode: async () => null,
    lock: async () => void asked.push("lock"),
    ...more,
  };
  const clock = { monotonic: () => time, wall: () => DEMO_WALL + time - DEMO_MONOTONIC };
  const screens = new HostScreens({
    ...{ load: async () => backend, initial: start(NOTHING_HEARD), clock, onEnd: () => {} },
    ...(pace === undefined ? {} : { pace }),
  });
  screens.subscribe(() => {
    frames += 1;
  });
  screens.start();
  await screens.settled();
  return {
    ...{ screens, asked, frames: () => frames, tell: (next) => tell(next) },
    pass(ms) {
      for (let left = ms; left > 0; left -= 1000) {
        time += 1000;
        screens.tick();
      }
    },
  };
}

describe("a login", () => {
  const at = (place: Place, switchToLogin?: () => Promise<unknown>) => {
    const endings: HostEnding[] = [];
    const screens = new HostScreens({
      load: () => Promise.reject(new Error("the daemon is not asked")),
      initial: { ...start(), place },
      clock: { monotonic: () => DEMO_MONOTONIC, wall: () => DEMO_WALL },
      onEnd: (ending) => void endings.push(ending),
      ...(switchToLogin === undefined ? {} : { switchToLogin }),
    });
    screens.intend({ want: "login" });
    return { screens, endings };
  };

  test("on a virtual terminal is another one, and the screen stays", async () => {
    let switched = 0;
    const { screens, endings } = at("vt", async () => {
      switched += 1;
    });
    await screens.settled();
    expect({ switched, endings, toast: screens.state.toast }).toEqual({ switched: 1, endings: [], toast: null });
  });

  test("that cannot be switched to is a key away, and the screen says which", async () => {
    const { screens, endings } = at("vt", () => Promise.reject(new Error("EPERM")));
    await screens.settled();
    expect(endings).toEqual([]);
    expect(screens.state.toast).toMatchObject({ key: "host.toast.no-switch", values: { text: "EPERM" } });
  });

  test("on a serial line takes the screen's place", () => {
    expect(at("serial").endings).toEqual(["login"]);
  });

  test("is nothing that a screen which was started from a shell gives: it says how it is left", () => {
    const { screens, endings } = at("remote");
    expect(endings).toEqual([]);
    expect(pageOf(screens.state)).toEqual({ name: "read", what: "shell" });
  });

  test.each<[string | undefined, "vt" | "serial" | "emulator" | "none", Place]>([
    ["tty1", "vt", "vt"],
    ["ttyS0", "serial", "serial"],
    [undefined, "vt", "remote"],
    [undefined, "serial", "remote"],
    ["", "serial", "remote"],
    ["tty1", "emulator", "remote"],
    ["tty1", "none", "remote"],
  ])("with MULTIVERSE_CONSOLE=%s on a terminal of kind %s: %s", (console, kind, place) => {
    expect(placeOf({ kind }, console === undefined ? {} : { MULTIVERSE_CONSOLE: console })).toBe(place);
  });
});

describe("the seat locks itself", () => {
  test("after ten minutes without a key, once", async () => {
    const { screens, pass, asked } = await driven(unlocked);
    pass(599_000);
    expect(asked).toEqual([]);
    pass(3000);
    await screens.settled();
    expect(asked).toEqual(["lock"]);
    expect(screens.state.toast?.key).toBe("host.toast.idle");
  });

  test("not while somebody presses keys, and not while it is locked", async () => {
    const one = await driven(unlocked);
    for (let at = 0; at < 5; at += 1) {
      one.pass(400_000);
      one.screens.awake();
    }
    expect(one.asked).toEqual([]);
    const other = await driven(demoView());
    other.pass(2_000_000);
    expect(other.asked).toEqual([]);
  });

  test("and says so where that fails, and tries again", async () => {
    let tries = 0;
    const lock = async () => {
      tries += 1;
      throw new Error("the daemon is busy");
    };
    const { screens, pass } = await driven(unlocked, { lock });
    pass(601_000);
    await screens.settled();
    expect(screens.state.toast).toMatchObject({ key: "host.toast.error", values: { text: "the daemon is busy" } });
    pass(1000);
    await screens.settled();
    expect(tries).toBe(2);
  });
});

test("the code that is shown is the one that counts now", async () => {
  let code: string | null = "1111-1111";
  const { screens, pass } = await driven(demoView(), {
    seatCode: async () => code,
    line: (_, args) => String(args.code),
  });
  screens.intend({ want: "unlock" });
  await screens.settled();
  const shown = () => pageOf(screens.state);
  expect(shown()).toMatchObject({ code: { state: "known", code: "1111-1111" } });
  code = "2222-2222";
  pass(1000);
  await screens.settled();
  expect(shown()).toMatchObject({ code: { state: "known", code: "2222-2222", line: "2222-2222" } });
  code = null;
  pass(1000);
  await screens.settled();
  expect(shown()).toMatchObject({ code: { state: "none" } });
  screens.intend({ want: "back" });
  code = "3333-3333";
  pass(1000);
  await screens.settled();
  expect(shown().name).toBe("status");
});

describe("frames", () => {
  test("news that come faster than once a second are drawn with the next tick, the last of them", async () => {
    const { screens, pass, tell, frames } = await driven(demoView());
    const before = frames();
    for (let at = 0; at < 500; at += 1)
      tell(demoView({ sensors: live([{ name: `s${at}`, celsius: at, criticalCelsius: null }]) }));
    expect(frames()).toBe(before);
    pass(1000);
    expect(frames()).toBe(before + 1);
    expect(screens.state.view.parts.sensors?.value?.[0]?.name).toBe("s499");
  });

  test("that the daemon is lost, or the seat locked, is drawn at once", async () => {
    const { screens, tell } = await driven(unlocked);
    tell({ ...unlocked, parts: { ...unlocked.parts, control: live(CONTROL) } });
    expect(isUnlocked(screens.state)).toBe(false);
    tell(lostNow(demoView()));
    expect(screens.state.view.state).toBe("lost");
  });

  test("on a slow line the time alone makes none for ten seconds, news make one", async () => {
    const { pass, tell, frames } = await driven(demoView(), {}, 9900);
    const before = frames();
    pass(9000);
    expect(frames()).toBe(before);
    tell(demoView({ network: live({ roots: [] }) }));
    expect(frames()).toBe(before + 1);
    pass(10_000);
    expect(frames()).toBe(before + 2);
  });

  test("half a minute after the last key figures are drawn every ten seconds, states at once, and a key ends that", async () => {
    const { screens, pass, tell, frames } = await driven(demoView());
    pass(31_000);
    const warm = (celsius: number) => demoView({ sensors: live([{ name: "cpu", celsius, criticalCelsius: null }]) });
    const before = frames();
    for (let at = 0; at < 20; at += 1) {
      tell(warm(at));
      pass(1000);
    }
    expect(frames()).toBe(before + 2);
    tell(
      demoView({ units: live({ state: "degraded", failed: [{ unit: "a.service", description: "", since: null }] }) }),
    );
    expect(frames()).toBe(before + 3);
    screens.awake();
    pass(1000);
    tell(warm(80));
    pass(2000);
    expect(frames()).toBeGreaterThanOrEqual(before + 5);
  });

  test("after the end nothing is followed or drawn", async () => {
    const { screens, tell, frames, asked } = await driven(demoView());
    screens.stop();
    const before = frames();
    tell(lostNow(demoView()));
    expect(asked).toEqual(["unfollow"]);
    expect(frames()).toBe(before);
  });
});
