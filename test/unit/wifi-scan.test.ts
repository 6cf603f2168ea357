// Wireless networks: what iw prints becomes a list that strangers cannot spoil.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { parseIwScan, unescapeSsid } from "../../core/network/iw-scan.ts";
import { scanWifi } from "../../core/network/wifi-scan.ts";
import type { Run, RunOptions, RunResult } from "../../core/tools/run.ts";
import { refusal } from "./spec-text.ts";

interface Sample {
  ssid?: string;
  signal?: string;
  freq?: string;
  capability?: string | null;
  more?: string;
}

/** One access point as iw 5.19 to 6.9 print it (scan.c, print_bss_handler). */
function bss({ ssid = "Home", signal = "-52.00 dBm", freq = "2412.0", capability = "ESS Privacy", more }: Sample = {}) {
  return [
    "BSS 02:11:22:33:44:55(on wlp2s0)",
    "\tlast seen: 5173.224s [boottime]",
    "\tTSF: 278643858296 usec (3d, 05:24:03)",
    `\tfreq: ${freq}`,
    "\tbeacon interval: 100 TUs",
    ...(capability === null ? [] : [`\tcapability: ${capability} (0x0411)`]),
    `\tsignal: ${signal}`,
    "\tlast seen: 120 ms ago",
    "\tInformation elements from Probe Response frame:",
    `\tSSID: ${ssid}`,
    "\tSupported rates: 1.0* 2.0* 5.5* 11.0*",
    ...(more === undefined ? [] : [more]),
    "\tWMM:\t * Parameter version 1",
    "\t\t * BE: CW 15-1023, AIFSN 3",
    "",
  ].join("\n");
}

const rsn = (suites: string, name = "RSN") =>
  `\t${name}:\t * Version: 1\n\t\t * Group cipher: CCMP\n\t\t * Pairwise ciphers: CCMP\n\t\t * Authentication suites: ${suites}\n\t\t * Capabilities: 1-PTKSA-RC 1-GTKSA-RC (0x0000)`;
const WPA2 = rsn("PSK");

describe("what strangers send", () => {
  test.each([
    [
      "an escape code",
      "\\x1b[2J\\x1b]0;x\\x07",
      "\u001b[2J\u001b]0;x\u0007",
      "?[2J?]0;x?",
      ["its name has control characters"],
    ],
    [
      "a line break and a second entry",
      "a\\x0aBSS 02:11:22:33:44:55(on x)",
      "a\nBSS 02:11:22:33:44:55(on x)",
      "a?BSS 02:11:22:33:44:55(on x)",
      ["its name has control characters"],
    ],
    ["text that runs the other way", "\\xe2\\x80\\xaegnp.exe", "\u202egnp.exe", "?gnp.exe", []],
    ["bytes that are no UTF-8", "caf\\xe9", "caf\ufffd", "caf\ufffd", ["its name is not UTF-8 text"]],
    ["a zero byte inside", "a\\x00b", "a\u0000b", "a?b", ["its name has control characters"]],
  ])("%s", (_, printed, ssid, label, unusable) => {
    expect(parseIwScan(bss({ ssid: printed, more: WPA2 }))).toMatchObject([{ ssid, label, unusable }]);
  });

  test.each([
    ["no name", ""],
    ["zero bytes instead of a name", "\\x00\\x00\\x00\\x00"],
    ["more than 32 bytes", "x".repeat(33)],
    ["a backslash that iw would not print", "a\\b"],
  ])("%s: left out", (_, ssid) => {
    expect(parseIwScan(bss({ ssid }))).toEqual([]);
  });

  test("a device name with line breaks gives nothing but what its sender could have sent anyway", () => {
    const wps = `\tWPS:\t * Version: 1.0\n\t\t * Device name: x\n\tSSID: Other\n\tsignal: -1.00 dBm`;
    expect(parseIwScan(bss({ more: `${WPA2}\n${wps}` }))).toMatchObject([{ ssid: "Home", signal: -52 }]);
  });

  test("whatever the text, it does not fail, and no label has a control character", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom("\n", "\t", "BSS 02:11:22:33:44:55(on x)\n", "\tSSID: ", "\\x", "\tRSN:", "\tsignal: -1 dBm\n"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const { label, ssid } of parseIwScan(bss() + pieces.join(""))) {
          expect(label).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          expect(Buffer.byteLength(ssid)).toBeGreaterThan(0);
        }
      }),
    );
  });

  test("every name of up to 32 bytes comes back as it was sent", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 32 }), (bytes) => {
        const printed = [...bytes]
          .map((byte, at) => {
            const plain = byte > 0x20 && byte < 0x7f && byte !== 0x5c;
            const space = byte === 0x20 && at !== 0 && at !== bytes.length - 1;
            return plain || space ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
          })
          .join("");
        expect(unescapeSsid(printed)?.equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });
});

describe("what is read", () => {
  test("a name of 32 bytes with letters of other languages, spaces at its ends and a backslash", () => {
    expect(parseIwScan(bss({ ssid: "\\x20Caf\\xc3\\xa9\\x5c\\xf0\\x9f\\x93\\xb6\\x20", more: WPA2 }))[0]).toMatchObject(
      {
        ssid: " Café\\📶 ",
        unusable: [],
      },
    );
    expect(parseIwScan(bss({ ssid: "\\xc3\\xbc".repeat(16), more: WPA2 }))[0]?.ssid).toBe("ü".repeat(16));
  });

  test.each([
    ["open", { capability: "ESS" }],
    ["psk", { more: WPA2 }],
    ["psk", { more: rsn("PSK SAE") }],
    ["psk", { more: rsn("IEEE 802.1X PSK") }],
    ["psk", { more: rsn("FT/PSK PSK/SHA-256") }],
    ["psk", { more: rsn("PSK", "WPA") }],
    ["sae", { more: rsn("SAE") }],
    ["sae", { more: rsn("FT/SAE") }],
    ["sae", { more: rsn("00-0f-ac:24") }],
    ["enterprise", { more: rsn("IEEE 802.1X") }],
    ["enterprise", { more: rsn("IEEE 802.1X/SUITE-B-192") }],
    ["other", { more: rsn("OWE") }],
    ["other", { more: rsn("TDLS/TPK") }],
    ["other", { capability: "ESS Privacy" }],
    ["other", { capability: null }],
  ])("%s: %j", (security, sample) => {
    const [network] = parseIwScan(bss(sample));
    expect(network?.security).toBe(security);
    expect(network?.unusable.length).toBe(security === "open" || security === "psk" ? 0 : 1);
  });

  test.each([
    ["2412", 1],
    ["2472.0", 13],
    ["2484", 14],
    ["5180", 36],
    ["5935", 2],
    ["6135", 37],
    ["58320", null],
    ["x", null],
  ])("%s MHz is channel %s", (freq, channel) => {
    expect(parseIwScan(bss({ freq, more: WPA2 }))[0]?.channel).toBe(channel);
  });

  test("access points of one network are one entry, strongest first; one without dBm is last", () => {
    const text = [
      bss({ ssid: "Home", signal: "-80.00 dBm", freq: "5180", more: WPA2 }),
      bss({ ssid: "Cafe", signal: "70/100", capability: "ESS" }),
      bss({ ssid: "Home", signal: "-41.00 dBm", more: WPA2 }),
      bss({ ssid: "Home", signal: "-60.00 dBm", more: WPA2 }),
      bss({ ssid: "Attic", signal: "-55.00 dBm", more: WPA2 }),
    ].join("");
    expect(parseIwScan(text).map(({ ssid, signal, channel }) => [ssid, signal, channel])).toEqual([
      ["Home", -41, 1],
      ["Attic", -55, 1],
      ["Cafe", null, 1],
    ]);
  });

  test("an open network with the name of one that has a key stays apart from it", () => {
    const text = bss({ more: WPA2 }) + bss({ capability: "ESS", signal: "-30.00 dBm" });
    expect(parseIwScan(text).map(({ security }) => security)).toEqual(["open", "psk"]);
  });
});

describe("scanning", () => {
  /** A door to programs that answers by the program's name. */
  function answering(answers: Record<string, { exit: number | "missing"; stdout?: string; stderr?: string }>) {
    const asked: string[] = [];
    const run = async (argv: readonly [string, ...string[]], _options?: RunOptions): Promise<RunResult> => {
      asked.push(argv.join(" "));
      const { exit, stdout = "", stderr = "" } = answers[argv[0]] ?? { exit: 0 };
      if (exit === "missing") throw new ProgramError(argv, "missing", null, "");
      return { argv, exit, stdout, stderr };
    };
    return { asked, run: Object.assign(run, { pipe: async () => {} }) satisfies Run };
  }

  test.each([
    [
      "wifi-switched-off",
      { ip: { exit: 2, stderr: "RTNETLINK answers: Operation not possible due to RF-kill\n" } },
      /rfkill/,
    ],
    ["wifi-busy", { iw: { exit: 240, stderr: "command failed: Device or resource busy (-16)\n" } }, /Try again/],
    [
      "wifi-cannot-scan",
      { iw: { exit: 255, stderr: "command failed: Operation not permitted (-1)\n" } },
      /not permitted/,
    ],
    ["wifi-cannot-scan", { iw: { exit: "missing" as const } }, /not installed[\s\S]*apt install iw/],
    ["wifi-cannot-scan", { ip: { exit: 1, stderr: 'Cannot find device "wlan9"\n' } }, /wlan9/],
  ])("%s: %j", async (code, answers, words) => {
    const error = await refusal(() => scanWifi(answering(answers).run, "wlan0"));
    expect(error).toMatchObject({ code, exit: 4 });
    expect(error.text).toMatch(words);
  });

  test("the adapter is switched on first", async () => {
    const { run, asked } = answering({ iw: { exit: 0, stdout: bss({ more: WPA2 }) } });
    expect(await scanWifi(run, "wlp2s0")).toMatchObject([{ ssid: "Home", security: "psk", signal: -52, channel: 1 }]);
    expect(asked).toEqual(["ip link set dev wlp2s0 up", "iw dev wlp2s0 scan"]);
  });
});
