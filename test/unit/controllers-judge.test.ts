// When a running controller counts as starting, running or silent; when it was heard; what a hung agent costs the others.
import { describe, expect, test } from "vitest";
import { createAgentPings } from "../../core/controllers/agent-pings.ts";
import { createHeartbeatChannels, type Line } from "../../core/controllers/heartbeat-channels.ts";
import { judge, type Running, SILENT_AFTER_MS, START_BOUND_MS } from "../../core/controllers/judge.ts";
import { type Clock, standIn } from "./libvirt-recorded.ts";

const running = (change: Partial<Running>): Running => ({
  ...{ now: 1_000_000, since: 0, foundRunning: false, expected: ["guest-agent"], heard: null },
  ...{ consoleAt: null, unansweredSince: null },
  ...change,
});

describe("judging", () => {
  test.each([
    ["never heard, long after its start", running({}), "silent"],
    ["never heard, found running", running({ since: 1_000_000 - SILENT_AFTER_MS - 1, foundRunning: true }), "silent"],
    ["never heard, but it may still start", running({ since: 1_000_000 - START_BOUND_MS }), "starting"],
    ["not heard for long", running({ heard: { at: 1_000_000 - SILENT_AFTER_MS - 1, by: "guest-agent" } }), "silent"],
    ["heard", running({ heard: { at: 1_000_000 - SILENT_AFTER_MS, by: "guest-agent" } }), "running"],
    [
      "heard before a pause that has just ended",
      running({ since: 999_000, heard: { at: 5, by: "guest-agent" } }),
      "running",
    ],
    ["nothing to hear it by", running({ expected: [] }), "running"],
    ["its QEMU hangs", running({ expected: [], unansweredSince: 1_000_000 - SILENT_AFTER_MS - 1 }), "silent"],
    ["its QEMU is busy for a moment", running({ expected: [], unansweredSince: 999_000 }), "running"],
  ])("%s", (_, known, state) => {
    const judged = judge(known);
    expect(judged.state).toBe(state);
    expect(judged.silence === null).toBe(state !== "silent");
  });

  test("a console that rests is no silence, and one that speaks is a heartbeat", () => {
    expect(judge(running({ expected: [], consoleAt: 0 })).heartbeat).toBeNull();
    expect(judge(running({ expected: [], consoleAt: 999_999 })).heartbeat).toEqual({ at: 999_999, by: "console" });
    // A guest whose agent is gone may still print.
    expect(judge(running({ consoleAt: 999_999 })).state).toBe("silent");
  });
});

/** A line that the test writes to. */
function testLine() {
  let ready = () => {};
  let ended = () => {};
  let waiting = "";
  const line: Line = {
    onReadable: (call) => {
      ready = call;
    },
    onEnd: (call) => {
      ended = call;
    },
    read() {
      const bytes = waiting === "" ? null : Buffer.from(waiting);
      waiting = "";
      return bytes;
    },
    close: () => ended(),
  };
  return {
    line,
    end: () => ended(),
    write(text: string) {
      waiting += text;
      ready();
    },
  };
}

describe("heartbeat channels", () => {
  const UUID = "e52cadb6-102b-4305-bfa3-9bcc16ee4993";
  function channelsWith() {
    const clock: Clock = { now: 0 };
    const lines: ReturnType<typeof testLine>[] = [];
    const paths: string[] = [];
    const waiting: (() => void)[] = [];
    const channels = createHeartbeatChannels({
      now: () => clock.now,
      later: (call) => void waiting.push(call),
      connectLine: (path) => {
        const line = testLine();
        lines.push(line);
        paths.push(path);
        return line.line;
      },
    });
    return { clock, lines, paths, waiting, channels };
  }

  test("bytes without a new line are no beat", () => {
    const { lines, channels } = channelsWith();
    channels.keep(new Map([[UUID, "/a"]]));
    lines[0]?.write("beat");
    expect(channels.heardAt(UUID)).toBeNull();
  });

  test("a flood is read once in a while, and nothing that waited counts as new beyond that", () => {
    const { clock, lines, waiting, channels } = channelsWith();
    channels.keep(new Map([[UUID, "/a"]]));
    for (const letter of "tick\n") lines[0]?.write(letter);
    expect(channels.heardAt(UUID)).toBeNull();
    clock.now = 1_000;
    waiting.shift()?.();
    expect(channels.heardAt(UUID)).toBe(1_000);
    for (let line = 0; line < 100; line++) lines[0]?.write("tick\n");
    clock.now = 2_000;
    waiting.shift()?.();
    clock.now = 3_000;
    waiting.shift()?.();
    expect(channels.heardAt(UUID)).toBe(2_000);
  });

  test("one that ended is opened again by the next reading, one that is gone is closed and forgotten", () => {
    const { lines, paths, channels } = channelsWith();
    channels.keep(new Map([[UUID, "/a"]]));
    channels.keep(new Map([[UUID, "/a"]]));
    expect(paths).toEqual(["/a"]);
    lines[0]?.end();
    channels.keep(new Map([[UUID, "/a"]]));
    channels.keep(new Map([[UUID, "/b"]]));
    expect(paths).toEqual(["/a", "/a", "/b"]);
    lines[2]?.write("x\n");
    expect(channels.heardAt(UUID)).toBe(0);
    channels.keep(new Map());
    expect(channels.heardAt(UUID)).toBeNull();
  });
});

describe("guest agents", () => {
  const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const all = Array.from({ length: 12 }, (_, index) => uuid(index));

  test("one that hangs takes its own lane with it once, and nobody from then on", async () => {
    const clock: Clock = { now: 0 };
    const hung = uuid(3);
    const { run, programs, commands } = standIn((command) => (command.includes(hung) ? "hangs" : '{"return":{}}'));
    const pings = createAgentPings();
    const round = () => pings.round(all, { run, uri: "test:///default" }, () => clock.now);
    await round();
    expect(programs.length).toBeLessThanOrEqual(4);
    clock.now = 9_000;
    await round();
    clock.now = 27_000;
    await round();
    clock.now = 36_000;
    await round();
    expect(all.filter((one) => pings.said(one) === null)).toEqual([hung]);
    expect(all.filter((one) => pings.said(one)?.at === 36_000)).toHaveLength(11);
    // Less and less often, too.
    commands.length = 0;
    for (clock.now = 100_000; clock.now < 160_000; clock.now += 10_000) await round();
    const asked = commands.filter((command) => command.includes(hung));
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  test("what an agent says of itself is scrubbed, and nonsense is nothing", async () => {
    const clock: Clock = { now: 0 };
    const answers: Record<string, string> = {
      "guest-ping": '{"return":{}}',
      "guest-get-osinfo": '{"return":{"pretty-name":"Debian\\u001b[2J 13"}}',
      "guest-network-get-interfaces":
        '{"return":[null,{"hardware-address":"52:54:00:AA:00:01","ip-addresses":[{"ip-address":"192.0.2.7"},{"ip-address":"x; y"},7]},{"hardware-address":"00:00:00:00:00:00","ip-addresses":[{"ip-address":"127.0.0.1"}]}]}',
    };
    const { run } = standIn((command) => Object.entries(answers).find(([name]) => command.includes(name))?.[1] ?? null);
    const pings = createAgentPings();
    const round = () => pings.round([uuid(1)], { run, uri: "test:///default" }, () => clock.now);
    await round();
    clock.now = 10_000;
    await round();
    expect(pings.said(uuid(1))).toEqual({
      at: 10_000,
      os: "Debian?[2J 13",
      addresses: new Map([["52:54:00:aa:00:01", ["192.0.2.7"]]]),
    });
    answers["guest-ping"] = '{"return":';
    clock.now = 20_000;
    await round();
    expect(pings.said(uuid(1))?.at).toBe(10_000);
  });
});
