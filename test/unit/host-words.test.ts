// What a host's screens make of text and numbers: addresses taken out, command lines quoted, ages, releases, big digits, shared rows.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEMO_MONOTONIC, DEMO_NOW, DEMO_WALL, demoView, hop, NETWORK } from "../../screens/demo/host/view.ts";
import { bigDigits } from "../../screens/host/big-digits.ts";
import { blankAddresses } from "../../screens/host/blank-addresses.ts";
import { ctlLine } from "../../screens/host/ctl-line.ts";
import { madeAt } from "../../screens/host/generation-rows.ts";
import { uptime } from "../../screens/host/head-rows.ts";
import { clockTime, known, lookOf, seconds, whenInWords } from "../../screens/host/look.ts";
import { hopsOf, latencyInWords, mainAddress, speedInWords } from "../../screens/host/network-rows.ts";
import { startHost } from "../../screens/host-state/model.ts";
import { translator } from "../../screens/text/translate.ts";
import { line, spread, widthOf } from "../../tui/line.ts";
import { panelStack, shareRows } from "../../tui/parts/panel-stack.ts";
import { makeSurface } from "../../tui/theme/surface.ts";

const look = (animated = true) =>
  lookOf(
    startHost({ monotonic: DEMO_MONOTONIC, wall: DEMO_WALL, language: "en", place: "vt", view: demoView() }),
    makeSurface({ columns: 80, rows: 24, animated }),
    translator("en"),
  );

describe("a part that has failed", () => {
  const failed = (at: number | null, failure: string) =>
    known("pools", { ...look(), view: demoView({ pools: { at, value: null, failure, live: false } }) });

  test("says since when it hangs, and not a second time for how long its source waits", () => {
    expect(failed(DEMO_NOW - 41_000, "it has not answered for 25 s")).toMatchObject({
      trouble: "has not answered for 41 s",
      why: null,
    });
  });

  test("keeps every other reason, and that one where there is no older value", () => {
    expect(failed(DEMO_NOW - 41_000, "zpool does not answer.").why).toBe("zpool does not answer.");
    expect(failed(null, "it has not answered for 25 s")).toMatchObject({
      trouble: "does not answer",
      why: "it has not answered for 25 s",
    });
  });
});

describe("addresses in text", () => {
  test.each([
    ["no answer of 203.0.113.1 to 3 ARP requests.", "no answer of ··· to 3 ARP requests."],
    ["peer [2001:db8::1]:51820, fe80::1%eth0 and ::1", "peer [···]:51820, ··· and ···"],
    ["10.0.0.3/24 via 10.0.0.1:22", "··· via ···:22"],
    ["link 52:54:00:12:34:56 is up", "link ··· is up"],
    ["52-54-00-12-34-56", "···"],
    ["(192.168.10.2)", "(···)"],
    ["::ffff:192.0.2.1", "······"],
    ["Nov 20 12:03:45 work sshd[1]: ready", "Nov 20 12:03:45 work sshd[1]: ready"],
    ["std::vector, a:b, 12:03, version 6.12.57", "std::vector, a:b, 12:03, version 6.12.57"],
  ])("%s", (text, blank) => {
    expect(blankAddresses(text)).toBe(blank);
  });

  const words = fc.constantFrom("peer", "of", "-", "(", ")", ",", "via", "=", "to", ".");
  test("none is left, wherever it stands between words", () => {
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter((text) => !/^\d\d:\d\d:\d\d$/.test(text)),
    );
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 4 }),
        address,
        fc.array(words, { maxLength: 4 }),
        (before, one, after) => {
          expect(blankAddresses([...before, one, ...after].join(" "))).not.toContain(one);
        },
      ),
    );
  });

  test("any text is answered, and in no time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
        expect(typeof blankAddresses(text)).toBe("string");
      }),
    );
    expect(blankAddresses(`${"a:".repeat(20_000)}!`)).toBe("···!");
    expect(blankAddresses("1.".repeat(20_000)).length).toBeGreaterThan(0);
  });
});

test("the line for another machine survives any shell", () => {
  expect(ctlLine("jupiter.example.net", "vm.start", { name: "work" })).toBe(
    "multiverse ctl vm.start name=work --host ssh://root@jupiter.example.net",
  );
  expect(ctlLine(null, "vm.pause", { name: "a b'; rm -rf /", resume: true })).toBe(
    "multiverse ctl vm.pause 'name=a b'\\''; rm -rf /' resume:=true --host ssh://root@HOST",
  );
});

describe("time", () => {
  test.each([
    [0, "00:00"],
    [-5000, "00:00"],
    [252 * 60_000, "04:12"],
    [3 * 86_400_000 + 252 * 60_000, "3 d 04:12"],
  ])("up %i ms is %s", (ms, said) => expect(uptime(ms)).toBe(said));

  test("of day is the host's, and one that its zone's name does not tell is UTC's", () => {
    expect(clockTime(DEMO_WALL, look())).toBe("12:03");
    expect(clockTime(DEMO_WALL, { onHost: false, view: { ...demoView(), parts: {} } })).toBe("11:03");
    const strange = demoView();
    const { host } = strange.parts;
    if (host?.value == null) throw new Error("the demo has a host");
    const value = { ...host.value, clock: { ...host.value.clock, timezone: "Nowhere/\u001b[2J" } };
    expect(clockTime(DEMO_WALL, { onHost: false, view: { ...strange, parts: { host: { ...host, value } } } })).toBe(
      "11:03",
    );
  });

  test("further away has its date, and no number breaks it", () => {
    expect(whenInWords(DEMO_WALL - 3 * 86_400_000, look())).toBe("12-29 12:03");
    expect(whenInWords(DEMO_WALL - 400 * 86_400_000, look())).toBe("2024-11-27");
    expect(whenInWords(DEMO_WALL + 3_600_000, look())).toBe("13:03");
    for (const odd of [Number.MAX_VALUE, -Number.MAX_VALUE, Number.NaN])
      expect(typeof whenInWords(odd, look())).toBe("string");
  });

  test("goes in steps of ten seconds on a slow line", () => {
    expect([0, 9.9, 10, 19, 31, 59, 60].map((age) => seconds(age, look(false)))).toEqual([
      ...["<10 s", "<10 s", "10 s", "10 s", "30 s", "50 s", "1 min"],
    ]);
    expect(seconds(31.7, look())).toBe("31 s");
  });
});

test("a release's name tells when it was made", () => {
  expect(madeAt("6740a1b2")).toBe(0x6740a1b2 * 1000);
  for (const other of ["", "auto", "6740A1B2", "6740a1b2x"]) expect(madeAt(other)).toBe(null);
});

describe("the network", () => {
  test("a loop in what was told ends", () => {
    const one = hop("bridge", "a");
    one.next.push(one);
    expect(hopsOf([one]).length).toBe(13);
  });

  test("the address that tells most is the first", () => {
    const [wan] = NETWORK.roots;
    expect(mainAddress(wan?.addresses.toReversed() ?? [])?.address).toBe("203.0.113.7");
    expect(mainAddress([])).toBe(null);
  });

  test("speeds and latencies", () => {
    expect([10, 100, 1000, 2500, 10_000].map(speedInWords)).toEqual([
      "10 Mb/s",
      "100 Mb/s",
      "1 Gb/s",
      "2.5 Gb/s",
      "10 Gb/s",
    ]);
    expect([0.01, 0.44, 1, 21.4].map(latencyInWords)).toEqual(["0.1 ms", "0.4 ms", "1 ms", "21 ms"]);
  });
});

test("digits are five rows that fit, or none at all", () => {
  for (const width of [10, 35, 36, 60, 76]) {
    const rows = bigDigits("4821-7730", "#", width);
    if (rows === null) continue;
    expect(rows).toHaveLength(5);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(width);
  }
  expect(bigDigits("4821-7730", "#", 76)?.[0]?.length).toBe(78 - 8);
  expect(bigDigits("4821-7730", "#", 20)).toBe(null);
  expect(bigDigits("ABCD", "#", 76)).toBe(null);
  expect(bigDigits("", "#", 76)).toBe(null);
});

describe("panels", () => {
  test("share all rows, each what it needs at least where there is room for that", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ wanted: fc.nat(60), least: fc.nat(10) }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 4, max: 100 }),
        (panels, total) => {
          const wanted = panels.map((panel) => panel.wanted);
          const least = panels.map((panel) => panel.least);
          const shares = shareRows(wanted, least, total);
          expect(shares.every((share) => share >= 0)).toBe(true);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
          const needed = wanted.map((want, at) => Math.min(want, least[at] ?? 1));
          if (needed.reduce((sum, each) => sum + each, 0) <= total)
            for (const [at, need] of needed.entries()) expect(shares[at]).toBeGreaterThanOrEqual(need);
        },
      ),
    );
  });

  test("are as wide and high as they should be, whatever their titles", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.string({ maxLength: 60 }),
        fc.integer({ min: 12, max: 90 }),
        fc.nat(6),
        (title, aside, width, height) => {
          const surface = makeSurface({ columns: 80, rows: 24, glyphSet: "ascii" });
          const rows = panelStack([{ title, aside, rows: [line("x".repeat(100))], height }], width, surface);
          expect(rows).toHaveLength(height + 2);
          expect(new Set(rows.map(widthOf))).toEqual(new Set([width]));
        },
      ),
    );
  });

  test("a row's right end stays, its left gives way", () => {
    expect(
      spread(line("a long text"), line("4 ms"), 10, "~")
        .map(({ text }) => text)
        .join(""),
    ).toBe("a lo~ 4 ms");
    expect(widthOf(spread(line("a"), line("much too long"), 6, "~"))).toBe(6);
    expect(widthOf(spread(line("a"), [], 6, "~"))).toBe(6);
  });
});
