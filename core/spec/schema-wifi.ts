// `network.<name>.wifi:`: which wireless network a link joins. The passphrase never stands in a spec, only the key made from it.
import { z } from "zod";
import { LONGEST_SSID } from "../network/psk.ts";
import { wifiKey } from "./credentials.ts";
import { line } from "./names.ts";
import { key, laterMeta, needed, word } from "./question-meta.ts";

/** A key that people will look for and that must not be there: known, so that the refusal can say what to do instead. */
function passphraseRefused() {
  const schema = z
    .unknown()
    .refine(
      () => false,
      "must not stand in a spec (not shown): put the key under psk:, as `wpa_passphrase NAME` computes it from the passphrase",
    )
    .describe("Never: the passphrase in clear text. See psk.");
  laterMeta.add(schema, { now: null });
  return schema.optional();
}

export const wifiSchema = z
  .strictObject({
    ssid: needed(
      line.refine(
        (text) => Buffer.byteLength(text) <= LONGEST_SSID,
        "is longer than the 32 bytes that the name of a wireless network can have",
      ),
      "The network's name.",
    ),
    security: key(
      word(["psk", "open"], ["sae", "enterprise"]),
      "psk: a key of its own (WPA2, also where WPA3 is offered beside it); open: not encrypted. Default: psk.",
    ),
    psk: key(
      wifiKey,
      "The network's key, 64 hexadecimal digits as wpa_passphrase computes them from name and passphrase. Keep the spec as you keep a key.",
      {
        class: "defaulted",
        ask: "Which key opens the wireless network (64 hexadecimal digits, from `wpa_passphrase NAME`)?",
        why: "The spec asks for it.",
      },
    ),
    passphrase: passphraseRefused(),
    hidden: key(z.boolean(), "Whether the network hides its name. Default: false."),
  })
  .refine((wifi) => (wifi.security ?? "psk") !== "psk" || wifi.psk !== undefined, {
    path: ["psk"],
    error: "is missing: a network that is not `security: open` has a key",
  })
  .refine((wifi) => wifi.security !== "open" || wifi.psk === undefined, {
    path: ["psk"],
    error: "is given although the network is open",
  });
