// What a spec may hold of passwords and ssh keys: hashes and public keys. Messages here never repeat the value.
import { z } from "zod";

/** crypt(5): the methods that Debian 13 takes and that are not broken, with the exact lengths, so that a cut-off paste is seen. */
const HASHES = [
  /^\$g?y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}$/,
  /^\$7\$[./A-Za-z0-9]{11,97}\$[./A-Za-z0-9]{43}$/,
  /^\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}$/,
  /^\$6\$(rounds=[1-9][0-9]{0,8}\$)?[^$:\u0000-\u0020\u007f]{1,16}\$[./A-Za-z0-9]{86}$/,
  /^\$5\$(rounds=[1-9][0-9]{0,8}\$)?[^$:\u0000-\u0020\u007f]{1,16}\$[./A-Za-z0-9]{43}$/,
];

const HOW_TO_HASH = "make one with `mkpasswd -m yescrypt` or `openssl passwd -6`";

/** Why a text is not a password hash we take, without repeating it; null when it is one. */
export function whyNotHash(text: string): string | null {
  if (HASHES.some((hash) => hash.test(text))) return null;
  if (!text.startsWith("$"))
    return `looks like a password in clear text (not shown): only a hash may stand here; ${HOW_TO_HASH}`;
  if (/^\$(1|md5)/.test(text)) return `is an MD5 hash, which is broken; ${HOW_TO_HASH}`;
  return `is not a whole password hash of a known kind ($y$, $7$, $2b$, $6$, $5$): cut off or mistyped? ${HOW_TO_HASH}`;
}

const KEY_TYPES = new Set([
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
]);

/** Why a text is not an OpenSSH public key, without repeating it; null when it is one. sshd(8), AUTHORIZED_KEYS FILE FORMAT. */
export function whyNotPublicKey(text: string): string | null {
  if (/PRIVATE KEY/.test(text)) {
    return "IS A PRIVATE KEY. It must not stand in a spec: take it out, treat it as disclosed, and put the .pub file's line here";
  }
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return "must be one line without control characters";
  const [type = "", blob = ""] = text.split(" ");
  if (type === "ssh-dss") return "is a DSA key, which OpenSSH no longer takes";
  if (!KEY_TYPES.has(type))
    return "must begin with a key type such as ssh-ed25519 (the whole line of a .pub file, without options)";
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(blob) || blob.length % 4 !== 0)
    return "has a key that is not whole base64: cut off?";
  return holdsWholeFields(Buffer.from(blob, "base64"), type)
    ? null
    : "has a key that does not fit its type: cut off or mixed up?";
}

/** RFC 4253 §6.6: a key is length-prefixed fields, the first its own type; a cut-off paste ends inside one. */
function holdsWholeFields(blob: Buffer, type: string): boolean {
  let at = 0;
  let fields = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return false;
    if (fields === 0 && blob.toString("latin1", at + 4, end) !== type) return false;
    at = end;
    fields += 1;
  }
  return at === blob.length && fields >= 2;
}

/** Why a text is not the key of a WPA network, without repeating it; null when it is one. */
export function whyNotPsk(text: string): string | null {
  if (/^[0-9A-Fa-f]{64}$/.test(text)) return null;
  const how = "`wpa_passphrase NAME` asks for the passphrase and prints the 64 digits";
  if (/^[0-9A-Fa-f]+$/.test(text) && text.length > 40)
    return `must be 64 hexadecimal digits, and has ${text.length}: cut off? ${how}`;
  return `looks like a passphrase in clear text (not shown): only the key computed from it may stand here; ${how}`;
}

function refusing(why: (text: string) => string | null) {
  return z.string().check((context) => {
    const message = why(context.value);
    // `input` is what zod would keep for its own messages: a secret must not travel with an issue.
    if (message !== null) context.issues.push({ code: "custom", input: undefined, message });
  });
}

export const passwordHash = refusing(whyNotHash);
export const wifiKey = refusing(whyNotPsk);
export const publicKey = refusing(whyNotPublicKey);
