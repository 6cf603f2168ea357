// What virsh and QEMU's log say, read from recordings and from what no recording has.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consoleLines } from "../../core/controllers/console-lines.ts";
import { lifeOf, lifeOfWord } from "../../core/controllers/domain-state.ts";
import { indexOf, numberOf, parseDomstats, parseList, parseUuids } from "../../core/controllers/domstats.ts";
import { lastEnd } from "../../core/controllers/qemu-log.ts";
import { createRates } from "../../core/controllers/rates.ts";
import { recorded } from "./libvirt-recorded.ts";

describe("lists", () => {
  test("lines that are none are left out", () => {
    expect(parseList("error: x\n\n-\n e52cadb6-102b 1 a\n")).toEqual([]);
    expect(parseUuids("error: no\n\n40f36575-3dcc-411a-9dde-b3007f2fbffc x\n")).toEqual(new Set());
  });

  test("a name may have spaces, and a domain that is off has no id", () => {
    expect(parseList(recorded("list.txt"))).toEqual([
      { uuid: "e52cadb6-102b-4305-bfa3-9bcc16ee4993", id: "16", name: "one guest" },
      { uuid: "40f36575-3dcc-411a-9dde-b3007f2fbffc", id: null, name: "beats" },
    ]);
    expect(parseUuids("40f36575-3dcc-411a-9dde-b3007f2fbffc\n\n").size).toBe(1);
  });
});

describe("figures", () => {
  test("nothing and nonsense have no figures", () => {
    expect(parseDomstats("").size).toBe(0);
    expect(numberOf(parseDomstats("Domain: 'a'\n  x=\n  y=abc\nz=1\n").get("a"), "x")).toBeNull();
    expect(numberOf(parseDomstats("Domain: 'a'\n  y=abc\n").get("a"), "y")).toBeNull();
    expect(parseDomstats("  lost=1\n").size).toBe(0);
    expect(indexOf(new Map([["net.count", "99999999999"]]), "net", "vnet0")).toBeNull();
  });

  test("a QEMU that hangs gives no counters of its disks", () => {
    const hung = parseDomstats(recorded("domstats-details-hung.txt")).get("one guest");
    const well = parseDomstats(recorded("domstats-details.txt")).get("one guest");
    expect(numberOf(hung, "block.0.rd.reqs")).toBeNull();
    expect(numberOf(well, "block.0.rd.bytes")).toBe(512);
    expect(indexOf(well, "block", "vda")).toBe(0);
  });

  test("whatever is printed, reading it does not throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parseDomstats(text);
        parseList(text);
        lastEnd(text);
      }),
    );
  });
});

describe("states", () => {
  test.each([
    [5, 0, "off-unknown"],
    [null, null, "off-unknown"],
    [5, 1, "off"],
    [5, 2, "off"],
    [5, 5, "off"],
    [5, 3, "failed"],
    [5, 6, "failed"],
    [5, 8, "failed"],
    [6, 1, "failed"],
    [3, 1, "paused"],
    [7, 0, "paused"],
    [3, 11, "running"],
    [3, 8, "ending"],
    [3, 5, "failed"],
    [3, 10, "failed"],
    [1, 1, "running"],
    [2, 0, "running"],
    [4, 0, "ending"],
  ])("state %s for reason %s is %s", (state, reason, kind) => expect(lifeOf(state, reason).kind).toBe(kind));

  test.each([
    ["crashed", "failed"],
    ["failed", "failed"],
    ["destroyed", "off"],
    ["shutdown", "off"],
    ["x", "off"],
  ])("the log's word %s is %s", (word, kind) => expect(lifeOfWord(word).kind).toBe(kind));

  test("killed from outside is failed, as recorded", () => {
    const figures = parseDomstats(recorded("domstats-crashed.txt")).get("one guest");
    expect(lifeOf(numberOf(figures, "state.state"), numberOf(figures, "state.reason"))).toEqual({
      kind: "failed",
      why: "its QEMU process ended by itself",
    });
  });
});

describe("the log of a domain", () => {
  test("of one that runs says nothing of an end", () => {
    expect(lastEnd("")).toBeNull();
    expect(
      lastEnd(`${recorded("qemu-destroyed.log")}2026-11-20 21:00:00.000+0000: starting up libvirt version: 9.0.0\n`),
    ).toBeNull();
  });

  test("killed: QEMU had no time for words", () => {
    expect(lastEnd(recorded("qemu-crashed.log"))).toEqual({
      why: "crashed",
      at: Date.UTC(2026, 10, 20, 21, 17, 12, 758),
      said: null,
    });
  });

  test("could not start: its last words are told, not those of an earlier run", () => {
    const end = lastEnd(recorded("qemu-failed.log"));
    expect(end).toMatchObject({ why: "failed", at: Date.UTC(2026, 10, 20, 21, 10, 2, 131) });
    expect(end?.said).toContain("Could not open '/srv/test/boot.img': Permission denied");
    expect(lastEnd(recorded("qemu-destroyed.log"))?.said).toContain("terminating on signal 15");
  });
});

describe("the console", () => {
  test("escape sequences go, and what a guest overwrote", () => {
    expect(
      consoleLines("\u001b[2J\u001b[1;31mred\u001b[0m\r\n\u001b]0;title\u0007a\u001b(Bb\n10%\r20%\r\n", false),
    ).toEqual(["red", "ab", "20%"]);
    expect(consoleLines("half a line\nwhole\n", true)).toEqual(["whole"]);
  });

  test("whatever a guest writes: at most 20 short lines without anything that moves or turns", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.boolean(), (text, cut) => {
        const lines = consoleLines(text, cut);
        expect(lines.length).toBeLessThanOrEqual(20);
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(200);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        }
      }),
    );
    expect(consoleLines("x\n".repeat(50), false)).toHaveLength(20);
    expect(consoleLines("y".repeat(5000), false)[0]).toHaveLength(200);
  });
});

describe("rates", () => {
  test("none at first, none after a counter went back, none without a figure", () => {
    const rates = createRates();
    expect(rates.perSecond("a", 1000, 0)).toBeNull();
    expect(rates.perSecond("a", 500, 1000)).toBeNull();
    expect(rates.perSecond("a", null, 2000)).toBeNull();
    expect(rates.perSecond("a", 700, 3000)).toBeNull();
  });

  test("a second reading within a moment repeats the rate", () => {
    const rates = createRates();
    rates.perSecond("a", 0, 0);
    expect(rates.perSecond("a", 2000, 2000)).toBe(1000);
    expect(rates.perSecond("a", 2000, 2001)).toBe(1000);
    expect(rates.perSecond("a", 2000, 4000)).toBe(0);
  });
});
