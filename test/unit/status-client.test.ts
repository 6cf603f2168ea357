// The reading side: connections that break, lines in halves, what is no message, another boot.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { afterLoss, applyLine, NOTHING_KNOWN } from "../../core/status/apply-message.ts";
import { makeBoard } from "../../core/status/board.ts";
import { followStatus, SILENCE_MS, type StatusClock } from "../../core/status/client.ts";
import { partLine, snapshotLine } from "../../core/status/lines.ts";
import { ageOf, type StatusView } from "../../core/status/view.ts";
import { sensor } from "./status-stand-ins.ts";

let folder = "";
let path = "";
let server: Server | undefined;
let following: { stop(): void } | undefined;
let connections: Socket[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "client-"));
  path = join(folder, "status.sock");
  connections = [];
});
afterEach(async () => {
  following?.stop();
  for (const socket of connections) socket.destroy();
  await new Promise<void>((resolve) => (server?.listening ? server.close(() => resolve()) : resolve()));
  rmSync(folder, { recursive: true });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

function listen(): Promise<void> {
  server = createServer((socket) => {
    socket.on("error", () => {});
    connections.push(socket);
  });
  return new Promise((resolve) => server?.listen(path, () => resolve()));
}

/** A clock that only the test moves. */
function handClock(): StatusClock & { pass(ms: number): void; waiting(): number } {
  let now = 0;
  const due = new Set<{ at: number; run: () => void }>();
  return {
    now: () => now,
    after(ms, run) {
      const one = { at: now + ms, run };
      due.add(one);
      return () => void due.delete(one);
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        due.delete(next);
        now = next.at;
        next.run();
      }
      now = end;
    },
    waiting: () => due.size,
  };
}

function follow() {
  const clock = handClock();
  const views: StatusView[] = [];
  following = followStatus({ from: path, onStatus: (view) => void views.push(view), clock });
  const last = (): StatusView => views.at(-1) ?? NOTHING_KNOWN;
  const says = (state: StatusView["state"]) => until(() => last().state === state && views.length > 0);
  return { clock, views, last, says };
}

const board = makeBoard();
board.read("sensors", 5000, [sensor(40)]);
const line = (pieces: readonly (string | Buffer)[]) => pieces.map(String).join("");
const SNAPSHOT = line(snapshotLine(board, 6000, "b1"));
const PART = (() => {
  board.read("sensors", 7000, [{ ...sensor(41), name: "grün" }]);
  return line(partLine(board, 8000, "sensors", true));
})();
const AGAIN = line(partLine(board, 9000, "sensors", false));

describe("a daemon that is not there", () => {
  test("is said to be not running, and tried again every second until it is there", async () => {
    const { clock, views, last, says } = follow();
    await until(() => views.length === 1);
    expect(last()).toEqual({ ...NOTHING_KNOWN, why: "multiversed is not running" });
    clock.pass(1000);
    await until(() => views.length === 2);
    await listen();
    clock.pass(1000);
    await until(() => connections.length === 1);
    connections[0]?.write(SNAPSHOT);
    await says("connected");
    expect(last()).toMatchObject({ why: null, boot: "b1" });
  });

  test("accepts and says nothing: given up", async () => {
    await listen();
    const { clock, last, views } = follow();
    await until(() => connections.length === 1);
    clock.pass(SILENCE_MS - 1);
    expect(views).toEqual([]);
    clock.pass(1);
    expect(last()).toMatchObject({ state: "connecting", why: "multiversed has said nothing for 25 s" });
  });

  test("goes away: what was known stays, is no longer live, and ages", async () => {
    await listen();
    const { clock, last, says } = follow();
    await until(() => connections.length === 1);
    connections[0]?.write(SNAPSHOT.replace(/("sensors":\{"at":5000,"failure":null,"live":)false/, "$1true"));
    await says("connected");
    expect(last().parts.sensors?.live).toBe(true);
    expect(ageOf(last(), "sensors", clock.now())).toBe(1000);
    connections[0]?.destroy();
    await says("lost");
    clock.pass(500);
    expect(last()).toMatchObject({ why: "multiversed has ended the connection", boot: "b1" });
    expect(last().parts.sensors).toMatchObject({ value: [sensor(40)], live: false });
    expect(ageOf(last(), "sensors", clock.now())).toBe(1500);
  });

  test("lives as long as it says something in time", async () => {
    await listen();
    const { clock, last, says, views } = follow();
    await until(() => connections.length === 1);
    connections[0]?.write(SNAPSHOT);
    await says("connected");
    for (let at = 1; at < 20; at += 1) {
      clock.pass(20_000);
      connections[0]?.write(`{"type":"alive","now":${6000 + at * 20_000}}\n`);
      await until(() => views.length === at + 1);
    }
    expect(last().state).toBe("connected");
    clock.pass(SILENCE_MS);
    expect(last()).toMatchObject({ state: "lost", why: "multiversed has said nothing for 25 s" });
  });

  test("stopped means that nothing is called and nothing waits any more", async () => {
    await listen();
    const { clock, views, says } = follow();
    await until(() => connections.length === 1);
    connections[0]?.write(SNAPSHOT);
    await says("connected");
    following?.stop();
    expect(clock.waiting()).toBe(0);
    connections[0]?.write(PART);
    connections[0]?.end();
    await new Promise<void>((resolve) => connections[0]?.once("close", () => resolve()).resume());
    clock.pass(100_000);
    expect(views).toHaveLength(1);
  });
});

describe("what comes", () => {
  test("in single bytes is the same as at once", async () => {
    await listen();
    const { last, views } = follow();
    await until(() => connections.length === 1);
    for (const byte of Buffer.from(SNAPSHOT + PART + AGAIN)) connections[0]?.write(Buffer.of(byte));
    await until(() => views.length === 3);
    expect(last().parts.sensors).toEqual({
      ...{ at: 7000, failure: null, live: false, value: [{ ...sensor(41), name: "grün" }] },
    });
  });

  test.each([
    ["no JSON", "hello\n", "it sent a line that is no message"],
    ["a list", "[]\n", "it sent a line that is no message"],
    ["no time", '{"type":"alive"}\n', "it sent a message without its time"],
    ["no snapshot first", PART, "it did not begin with a snapshot"],
    ["another version", SNAPSHOT.replace('"version":1', '"version":2'), /speaks version 2 .* this program 1/],
    ["a snapshot without parts", '{"type":"snapshot","version":1,"now":1,"boot":"b"}\n', /without its parts/],
    ["a part that is none", SNAPSHOT.replace('"pools":{', '"pools":7,"x":{'), "it sent a part that is none"],
  ])("%s: the connection is given up with the reason, and tried again", async (_what, text, why) => {
    await listen();
    const { clock, last, views } = follow();
    await until(() => connections.length === 1);
    connections[0]?.write(text);
    await until(() => views.length === 1);
    expect(last().state).toBe("connecting");
    expect(last().why).toMatch(why);
    clock.pass(1000);
    await until(() => connections.length === 2);
    connections[1]?.write(SNAPSHOT);
    await until(() => last().state === "connected");
  });

  test("of another boot leaves nothing of the last one", async () => {
    await listen();
    const { clock, last, says } = follow();
    await until(() => connections.length === 1);
    connections[0]?.write(SNAPSHOT);
    await says("connected");
    connections[0]?.destroy();
    await says("lost");
    clock.pass(1000);
    await until(() => connections.length === 2);
    connections[1]?.write(line(snapshotLine(makeBoard(), 10, "b2")));
    await says("connected");
    expect(last()).toMatchObject({ boot: "b2", offset: 10 - clock.now() });
    expect(last().parts.sensors).toEqual({ at: null, value: null, failure: null, live: false });
    expect(ageOf(last(), "sensors", clock.now())).toBeNull();
  });
});

describe("applyLine", () => {
  const viewAfter = (...lines: [string, number][]) =>
    lines.reduce((view, [text, now]) => applyLine(view, text, now), NOTHING_KNOWN);

  test("a message that lay in a queue makes nothing look younger than it is", () => {
    const view = viewAfter([SNAPSHOT, 0], ['{"type":"alive","now":9000}', 13_000]);
    expect(view.offset).toBe(6000);
    expect(ageOf(view, "sensors", 13_000)).toBe(14_000);
  });

  test("parts and messages that only a later daemon knows are passed over", () => {
    const view = viewAfter(
      [SNAPSHOT, 0],
      ['{"type":"part","now":1,"name":"tapes","part":{}}', 0],
      ['{"type":"x","now":1}', 0],
    );
    expect(Object.keys(view.parts)).not.toContain("tapes");
    expect(view.state).toBe("connected");
    expect(
      viewAfter(['{"type":"snapshot","version":1,"now":1,"boot":"b","parts":{"constructor":{}}}', 0]).parts,
    ).toEqual({});
  });

  test("an age is never negative", () => {
    expect(ageOf(viewAfter([SNAPSHOT, 0]), "sensors", -5000)).toBe(0);
  });

  test("whatever a line is, it is a view or an error with a sentence", () => {
    const connected = viewAfter([SNAPSHOT, 0]);
    const message = fc.record(
      {
        type: fc.constantFrom("snapshot", "part", "alive", "x"),
        ...{ version: fc.constantFrom(1, 2), now: fc.oneof(fc.integer(), fc.string()), boot: fc.string() },
        ...{ name: fc.constantFrom("sensors", "pools", "__proto__"), part: fc.jsonValue() },
        parts: fc.dictionary(fc.constantFrom("sensors", "pools", "x"), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          message.map((one) => JSON.stringify(one)),
        ),
        (text) => {
          for (const view of [NOTHING_KNOWN, connected, afterLoss(connected, "gone")]) {
            try {
              const next = applyLine(view, text, 0);
              for (const part of Object.values(next.parts)) {
                expect(typeof part.live).toBe("boolean");
                expect(part.failure === null || typeof part.failure === "string").toBe(true);
              }
              expect(Number.isFinite(next.offset)).toBe(true);
            } catch (error) {
              if (!(error instanceof Error) || !error.message.startsWith("it ")) throw error;
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
