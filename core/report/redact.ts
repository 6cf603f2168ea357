// Takes out of a report what must never be in one, whatever it was made from.

/** crypt(5) hashes: a hash is not the password, but who has it can try passwords in peace. */
const HASH = /\$(?:y|gy|7|6|5|1|2[abxy]|sm3|md5|argon2(?:id?|d))\$[^\s"',:]+/g;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;

/** `secrets` are values that are known to whoever makes the report; the longest go first, in case one holds another. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text.replace(PRIVATE_KEY, "(a private key, taken out)").replace(HASH, "(a password hash, taken out)");
  // Events are JSON, which writes quotes and backslashes in its own way.
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  for (const secret of forms.filter((each) => each !== "").toSorted((a, b) => b.length - a.length)) {
    clean = clean.replaceAll(secret, "(a secret, taken out)");
  }
  return clean;
}
