// The key that is computed from a passphrase.
import { describe, expect, test } from "vitest";
import { pskOf, whyNotPassphrase } from "../../core/network/psk.ts";

describe("what Wi-Fi does not take is refused, and not repeated", () => {
  test.each([
    ["short1x", /shorter than the 8/],
    ["x".repeat(64), /longer than the 63/],
    ["pässword", /not plain ASCII/],
    ["pass\tword", /not plain ASCII/],
  ])("%s", (passphrase, message) => {
    expect(whyNotPassphrase(passphrase)).toMatch(message);
    expect(() => pskOf("Home", passphrase)).toThrow(message);
    expect(whyNotPassphrase(passphrase)).not.toContain(passphrase);
  });

  test.each(["", "ü".repeat(17)])("the name %j", (ssid) => {
    expect(() => pskOf(ssid, "password")).toThrow(/1 to 32 bytes/);
  });
});

test.each([
  ["IEEE", "password", "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"],
  ["ThisIsASSID", "ThisIsAPassword", "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af"],
])("the test values of IEEE 802.11 annex J.4.2: %s", (ssid, passphrase, psk) => {
  expect(pskOf(ssid, passphrase)).toBe(psk);
});
