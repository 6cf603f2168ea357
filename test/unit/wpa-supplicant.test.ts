// The configuration of wpa_supplicant: whatever a network is called, its name cannot say anything in it.
import fc from "fast-check";
import { expect, test } from "vitest";
import { wpaSupplicantConf } from "../../core/network/wpa-supplicant.ts";

test("a name with line breaks and braces adds no line", () => {
  const shape = (ssid: string) =>
    wpaSupplicantConf({ ssid, hidden: true, security: "psk", psk: "a1".repeat(32) })
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.replace(/^\tssid=[0-9a-f]+$/, "\tssid=…"));
  const plain = shape("Home");
  expect(plain).toContain("\tssid=…");
  expect(shape('x\n}\nnetwork={\n\tssid="evil"\n\tkey_mgmt=NONE')).toEqual(plain);
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 32 }), (ssid) => {
      expect(shape(ssid)).toEqual(plain);
    }),
  );
});
