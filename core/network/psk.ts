// From a Wi-Fi passphrase to the key that a spec may hold.
import { pbkdf2Sync } from "node:crypto";

/** A network's name is 1 to 32 bytes (IEEE 802.11-2020 §9.4.2.2). */
export const LONGEST_SSID = 32;

/** Why a text cannot be the passphrase of a WPA network, without repeating it; null when it can. */
export function whyNotPassphrase(passphrase: string): string | null {
  // IEEE 802.11-2020 §J.4.1: 8 to 63 characters, each of them printable ASCII.
  if (passphrase.length < 8) return "is shorter than the 8 characters that Wi-Fi takes";
  if (passphrase.length > 63) return "is longer than the 63 characters that Wi-Fi takes";
  return /^[\u0020-\u007e]+$/.test(passphrase) ? null : "has characters that are not plain ASCII; Wi-Fi takes no other";
}

/**
 * The pre-shared key of a WPA2 network, 64 hexadecimal digits: PBKDF2 with HMAC-SHA1, the name as salt, 4096 rounds, 256
 * bits (IEEE 802.11-2020 §J.4.1). It opens this network as the passphrase does, and no other; about 5 ms.
 * @throws RangeError for a name or passphrase that Wi-Fi does not know; ask `whyNotPassphrase` before
 */
export function pskOf(ssid: string, passphrase: string): string {
  const length = Buffer.byteLength(ssid);
  if (length === 0 || length > LONGEST_SSID) throw new RangeError("a network's name has 1 to 32 bytes");
  const why = whyNotPassphrase(passphrase);
  if (why !== null) throw new RangeError(`the passphrase ${why}`);
  return pbkdf2Sync(passphrase, ssid, 4096, 32, "sha1").toString("hex");
}
