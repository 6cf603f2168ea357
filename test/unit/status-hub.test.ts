// The hub: sources that hang, fail, are late or fire without end, and what their part says meanwhile.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Board, type Change, MOST_BYTES, makeBoard, PART_NAMES } from "../../core/status/board.ts";
import { type AnySource, type Hub, startHub } from "../../core/status/hub.ts";
import { PART_VALUES, type PartName } from "../../core/status/snapshot.ts";
import { type Attempt, heldFollow, heldSource, PORTS, sensor } from "./status-stand-ins.ts";

let board: Board;
let hub: Hub | undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  board = makeBoard();
});
afterEach(() => {
  hub?.stop();
  // Whatever was stopped leaves nothing behind that would wake up.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const part = () => board.part("sensors");
const nth = (attempts: readonly Attempt[], at: number): Attempt => {
  const found = attempts[at];
  if (found === undefined) throw new Error(`there were only ${attempts.length} attempts`);
  return found;
};

function start(sources: readonly AnySource[]) {
  const { follow, programs } = heldFollow();
  hub = startHub({ sources, ports: PORTS, follow, board });
  const program = (at: number) => {
    const found = programs[at];
    if (found === undefined) throw new Error(`only ${programs.length} programs were started`);
    return found;
  };
  return { programs, program };
}

describe("a source that hangs", () => {
  test("is given up after its patience, says so, and keeps what it brought before", async () => {
    const { source, attempts } = heldSource({ every: 1000 });
    start([source]);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(1000);
    expect(attempts).toHaveLength(2);
    await pass(29_999);
    expect(part()).toMatchObject({ failure: null, value: [sensor(40)] });
    await pass(1);
    expect(part()).toMatchObject({ at: 0, failure: "it has not answered for 30 s", value: [sensor(40)] });
    expect(nth(attempts, 1).signal.aborted).toBe(true);
  });

  test("is never begun a second time while the first is stuck, whatever asks for it", async () => {
    const { source, attempts } = heldSource({ every: 1000, patience: 5000, triggers: [{ argv: ["events"] }] });
    const { program } = start([source]);
    for (let hour = 0; hour < 10; hour += 1) {
      await pass(3_600_000);
      program(0).line("again");
      hub?.refresh("sensors");
    }
    expect(attempts).toHaveLength(1);
    expect(part().failure).toBe("it has not answered for 5 s");
  });

  test("brings nothing any more when it answers late, and is read again then", async () => {
    const { source, attempts } = heldSource({ every: 1000, patience: 5000 });
    start([source]);
    await pass(8000);
    nth(attempts, 0).answer([sensor(99)]);
    await pass(999);
    expect(part()).toMatchObject({ value: null, at: null, failure: "it has not answered for 5 s" });
    await pass(1);
    nth(attempts, 1).answer([sensor(41)]);
    await pass(0);
    expect(part()).toMatchObject({ value: [sensor(41)], at: 9000, failure: null });
  });

  test("holds up no other source", async () => {
    const { source, attempts } = heldSource();
    let reads = 0;
    const load: AnySource = {
      ...{ part: "units", every: 1000, patience: 5000, triggers: [] },
      read: async () => {
        reads += 1;
        return { state: "running", failed: [] };
      },
    };
    start([source, load]);
    await pass(20_000);
    expect(attempts).toHaveLength(1);
    expect(reads).toBeGreaterThan(15);
    expect(board.part("units").value).toEqual({ state: "running", failed: [] });
  });
});

describe("a source that fails", () => {
  test.each([
    [new Error("zpool ended with status 1"), "zpool ended with status 1"],
    [new Error("two\nlines \u001b[31mred"), "two?lines ?[31mred"],
    ["a string", "a string"],
    [new Error(""), "it failed without saying why"],
  ])("%j: its reason becomes one harmless line", async (error, failure) => {
    const { source, attempts } = heldSource();
    start([source]);
    nth(attempts, 0).fail(error);
    await pass(0);
    expect(part()).toMatchObject({ failure, value: null, at: null });
  });

  test("keeps its old value and its age, is read again as usual, and is well again then", async () => {
    const { source, attempts } = heldSource({ every: 1000 });
    start([source]);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(1000);
    nth(attempts, 1).fail(new Error("no sensors"));
    await pass(1000);
    expect(part()).toMatchObject({ at: 0, value: [sensor(40)], failure: "no sensors" });
    nth(attempts, 2).answer([sensor(40)]);
    await pass(0);
    expect(part()).toMatchObject({ at: 2000, value: [sensor(40)], failure: null });
  });

  test("at once, without a promise, is no different", async () => {
    const source: AnySource = {
      ...{ part: "units", every: 1000, patience: 5000, triggers: [] },
      read: () => {
        throw new Error("at once");
      },
    };
    start([source]);
    await pass(0);
    expect(board.part("units").failure).toBe("at once");
  });

  test("for being too long leaves the old value", async () => {
    const { source, attempts } = heldSource({ every: 1000 });
    start([source]);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(1000);
    nth(attempts, 1).answer([{ ...sensor(41), name: "x".repeat(MOST_BYTES) }]);
    await pass(0);
    expect(part()).toMatchObject({ at: 0, value: [sensor(40)], failure: expect.stringContaining("longer") });
  });
});

describe("triggers", () => {
  const TRIGGERS = [{ argv: ["ip", "monitor"], lines: /link/ }] as const;
  const held = () => heldSource({ every: 3_600_000, triggers: TRIGGERS });

  test("a storm of them is one read at a time, at most two a second, and one after the last", async () => {
    const { source, attempts } = held();
    const { program } = start([source]);
    for (let ms = 0; ms < 10_000; ms += 1) {
      for (let line = 0; line < 10; line += 1) program(0).line("link down");
      for (const attempt of attempts) attempt.answer([sensor(ms)]);
      await pass(1);
    }
    expect(attempts.length).toBeGreaterThan(15);
    expect(attempts.length).toBeLessThanOrEqual(21);
    const before = attempts.length;
    await pass(60_000);
    nth(attempts, attempts.length - 1).answer([sensor(1)]);
    await pass(60_000);
    expect(attempts.length - before).toBeLessThanOrEqual(1);
  });

  test("during a read leads to one read more, after it", async () => {
    const { source, attempts } = held();
    const { program } = start([source]);
    await pass(100);
    for (let line = 0; line < 5; line += 1) program(0).line("link up");
    await pass(1000);
    expect(attempts).toHaveLength(1);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(0);
    expect(attempts).toHaveLength(2);
  });

  test("after a quiet time is read at once; lines that do not count are not", async () => {
    const { source, attempts } = held();
    const { program } = start([source]);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(2000);
    nth(attempts, 1).answer([sensor(40)]);
    await pass(10_000);
    program(0).line("neighbour");
    await pass(0);
    expect(attempts).toHaveLength(2);
    program(0).line("link down");
    await pass(0);
    expect(attempts).toHaveLength(3);
  });

  test("a part is live while all its programs are up and what they told was read; a reading that is late is not", async () => {
    const { source, attempts } = heldSource({ triggers: [...TRIGGERS, { argv: ["udevadm"] }] });
    const { program } = start([source]);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(1999);
    expect(part().live).toBe(false);
    await pass(1);
    // They listen now: what happened before that is read once more, for each.
    expect(attempts).toHaveLength(2);
    nth(attempts, 1).answer([sensor(40)]);
    await pass(500);
    nth(attempts, 2).answer([sensor(40)]);
    await pass(10_000);
    expect(part().live).toBe(true);
    program(1).line("change");
    await pass(1999);
    expect(part().live).toBe(true);
    await pass(1);
    expect(part()).toMatchObject({ live: false, failure: null });
    nth(attempts, 3).answer([sensor(41)]);
    await pass(0);
    expect(part().live).toBe(true);
    program(0).end();
    await pass(0);
    expect(part().live).toBe(false);
  });

  test("a failed read is not live, however well its programs run", async () => {
    const { source, attempts } = held();
    start([source]);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(2000);
    nth(attempts, 1).fail(new Error("no"));
    await pass(0);
    expect(part()).toMatchObject({ live: false, failure: "no" });
  });

  test("what failed or hung and answers again is live only by programs that were started after that", async () => {
    const { source, attempts } = held();
    const { programs, program } = start([source]);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(2000);
    nth(attempts, 1).fail(new Error("no"));
    await pass(10_000);
    expect(programs).toHaveLength(1);
    program(0).line("link up");
    await pass(0);
    nth(attempts, 2).answer([sensor(41)]);
    await pass(0);
    // It may have hung with its source, and be deaf.
    expect(program(0).signal.aborted).toBe(true);
    expect(part()).toMatchObject({ live: false, failure: null });
    await pass(1000);
    expect(programs).toHaveLength(2);
    await pass(2000);
    nth(attempts, 3).answer([sensor(41)]);
    await pass(60_000);
    expect(part().live).toBe(true);
    expect([programs.length, program(1).signal.aborted]).toEqual([2, false]);
  });

  test("a program that cannot be ended is not started a second time, and makes nothing live", async () => {
    const { source, attempts } = heldSource({ every: 1000, triggers: TRIGGERS });
    let started = 0;
    const follow = () => {
      started += 1;
      return new Promise<never>(() => {});
    };
    hub = startHub({ sources: [source], ports: PORTS, follow, board });
    nth(attempts, 0).fail(new Error("no"));
    for (let at = 1; at < 60; at += 1) {
      await pass(1000);
      attempts[at]?.answer([sensor(at)]);
    }
    expect(part()).toMatchObject({ live: false, failure: null });
    expect(started).toBe(1);
  });

  test("a program that ends is started again, later each time up to a minute, and soon after a good run", async () => {
    const { source } = held();
    const { programs, program } = start([source]);
    const pauses: number[] = [];
    for (let at = 0; at < 9; at += 1) {
      program(at).end(at % 2 === 0 ? "exit" : "missing");
      const from = performance.now();
      while (programs.length === at + 1) await pass(500);
      pauses.push(program(at + 1).at - from);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    await pass(60_000);
    program(9).end();
    await pass(1000);
    expect(programs).toHaveLength(11);
  });

  test("stopping ends the programs and starts none again; a read that ends then is dropped", async () => {
    const { source, attempts } = held();
    const { programs, program } = start([source]);
    hub?.stop();
    expect(program(0).signal.aborted).toBe(true);
    expect(nth(attempts, 0).signal.aborted).toBe(true);
    nth(attempts, 0).answer([sensor(40)]);
    await pass(600_000);
    expect(programs).toHaveLength(1);
    expect(attempts).toHaveLength(1);
    expect(part().value).toBeNull();
  });
});

describe("the board", () => {
  test("tells a new value, a new state and the same again apart", () => {
    const told: [PartName, Change][] = [];
    board.listen((name, change) => told.push([name, change]));
    board.read("sensors", 1, [sensor(40)]);
    board.read("sensors", 2, [sensor(40)]);
    board.failed("sensors", "no");
    board.failed("sensors", "no");
    board.read("sensors", 3, [sensor(40)]);
    board.live("sensors", true);
    board.live("sensors", true);
    board.read("sensors", 4, []);
    expect(told.map(([, change]) => change)).toEqual(["value", "again", "state", "state", "state", "value"]);
  });

  test("knows every part of the snapshot, in its order", () => {
    expect(PART_NAMES).toEqual(Object.keys(PART_VALUES));
  });

  test("a part that no source reads says so; two sources for one part are a bug", () => {
    start([]);
    expect(board.part("pools").failure).toBe("this version does not read it");
    hub?.stop();
    expect(() => start([heldSource().source, heldSource().source])).toThrow("two sources read sensors");
  });
});

test("ten thousand refreshes later there is one timer, one value and no attempt left over", async () => {
  const { source, attempts } = heldSource({ every: 500 });
  start([source]);
  for (let at = 0; at < 10_000; at += 1) {
    nth(attempts, at).answer([sensor(at)]);
    await pass(500);
  }
  expect(part().value).toEqual([sensor(9_999)]);
  expect(vi.getTimerCount()).toBe(1);
});
