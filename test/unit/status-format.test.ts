// What the first version told on the status socket: every later version must still read it.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { showStatus } from "../../bin/show-status.ts";
import { applyLine, NOTHING_KNOWN } from "../../core/status/apply-message.ts";
import { PART_VALUES, statusMessage } from "../../core/status/snapshot.ts";
import type { StatusView } from "../../core/status/view.ts";

const LINES = readFileSync(new URL("../fixtures/status-v1/status.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");
const applied = (lines: readonly string[]) =>
  lines.reduce<StatusView>((view, line) => applyLine(view, line, 0), NOTHING_KNOWN);

describe("the messages of version 1", () => {
  test.each(LINES.map((line, at) => [at, line] as const))("line %i has the shape of snapshot.ts", (_at, line) => {
    expect(statusMessage.safeParse(JSON.parse(line)).error?.issues).toBeUndefined();
  });

  test("hold every part with a value, and every type", () => {
    const messages = LINES.map((line) => statusMessage.parse(JSON.parse(line)));
    expect(new Set(messages.map(({ type }) => type))).toEqual(new Set(["snapshot", "part", "alive"]));
    const full = applied(LINES);
    expect(
      Object.keys(PART_VALUES).filter((name) => full.parts[name as keyof typeof full.parts]?.value == null),
    ).toEqual([]);
  });

  test("are read", () => {
    const view = applied(LINES);
    expect(view).toMatchObject({ state: "connected", boot: "5f1b3c1e-0a59-4f0e-9b6e-1d2c3b4a5f60", offset: 24_010 });
    expect(view.parts.sensors).toEqual({
      ...{ at: 14_000, failure: null, live: false },
      value: [{ name: "Package id 0", celsius: 48, criticalCelsius: 100 }],
    });
    expect(view.parts.pools).toMatchObject({ at: 4250, failure: "it has not answered for 30 s" });
    expect(view.parts.disks).toMatchObject({ failure: "smartctl did not finish in time", value: [{ kname: "sda" }] });
    expect(view.parts.network).toMatchObject({ live: true });
  });

  test("a part's shape is checked, not just that there is one", () => {
    const part = { type: "part", now: 1, name: "sensors", part: { at: 1, failure: null, live: false } };
    expect(statusMessage.safeParse(part).success).toBe(true);
    expect(statusMessage.safeParse({ ...part, part: { ...part.part, value: [{ celsius: 1 }] } }).success).toBe(false);
    expect(statusMessage.safeParse({ ...part, name: "tapes" }).success).toBe(false);
  });
});

describe("as text", () => {
  test("nothing known is a line for each part that says so", () => {
    const text = showStatus(applied(LINES.slice(0, 1)), 0);
    expect(text.trim().split("\n")).toHaveLength(12);
    expect(text).toMatch(/^pools {8}not known$/m);
  });

  test("every part with its age, what is broken and why there is nothing newer", () => {
    const text = showStatus(applied(LINES), 60_000);
    for (const line of [
      /^host {9}jupiter\.example\.net, Multiverse 0\.1\.0, Linux 6\.12\.48\+deb13-amd64 \(79 s ago\)$/m,
      /^ +fell back from 691f2b80: it was begun 3 times/m,
      /^network \(live\)$/m,
      /^ +gateway 203\.0\.113\.1: broken \(gateway-silent: no answer to 3 echo requests\)$/m,
      /^controllers {2}2 controllers \(79 s ago\)$/m,
      /^ +old: failed, ended by itself: qemu could not lock the disk; 1 processor, 1 GiB$/m,
      /^ +tank: DEGRADED, 50 % of 1\.8 TiB used, 3 errors$/m,
      /^ +! it has not answered for 30 s$/m,
      /^ +smartd\.service failed:/m,
      /^ +in doubt: vm\.stop by ada, 2025-11-20T23:06:40Z$/m,
    ])
      expect(text).toMatch(line);
  });

  test("what a guest calls itself cannot write on the terminal", () => {
    const evil = LINES.map((line) => line.replaceAll('"work"', '"\\u001b[2Jwork"'));
    expect(showStatus(applied(evil), 0)).toContain("?[2Jwork: running");
    expect(showStatus(applied(evil), 0)).not.toContain("\u001b");
  });
});
