// The host's ssh key as people compare it: its SHA-256 as ssh-keygen prints it, and four words.
import { createHash } from "node:crypto";
import type { HostFacts } from "../status/host-facts.ts";
import { inWords } from "./words.ts";

/** Where installed hosts keep their key (docs/formats/dataset-tree.md), then where Debian puts it. */
export const HOST_KEY_FILES = [
  "/etc/ssh/host-keys/ssh_host_ed25519_key.pub",
  "/etc/ssh/ssh_host_ed25519_key.pub",
] as const;

/** A line of a public key file (sshd(8)): type, base64, comment. Null where the text is none. */
export function parseHostKey(text: string): HostFacts["hostKey"] {
  const [type = "", base64 = ""] = text.trim().split(/\s+/);
  if (!/^[a-z0-9@.-]{1,64}$/.test(type) || !/^[A-Za-z0-9+/]{16,}={0,2}$/.test(base64)) return null;
  const blob = Buffer.from(base64, "base64");
  // The blob begins with the type once more, its length before it (RFC 4253, 6.6): a key that was cut short does not pass.
  const length = blob.length < 4 ? 0 : blob.readUInt32BE(0);
  if (blob.subarray(4, 4 + length).toString("latin1") !== type || blob.length <= 4 + length) return null;
  const digest = createHash("sha256").update(blob).digest();
  return { type, sha256: `SHA256:${digest.toString("base64").replace(/=+$/, "")}`, words: inWords(digest) };
}
