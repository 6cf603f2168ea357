// The host key in words: no word is taken for another, and the fingerprint is the one that ssh-keygen prints.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHostKey } from "../../core/health/host-key.ts";
import { inWords, WORDS } from "../../core/health/words.ts";

/** Whether one letter put in, taken out or changed makes one word the other. */
function near(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  let [endA, endB] = [a.length, b.length];
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  return endA - from <= 1 && endB - from <= 1;
}

test("the comparison of words sees a letter more, less and changed", () => {
  expect([near("otter", "utter"), near("cart", "cat"), near("cat", "cart"), near("cat", "dog")]).toEqual([
    ...[true, true, true, false],
  ]);
});

test("1024 short words, of which no two are near each other or begin alike", () => {
  expect(WORDS).toHaveLength(1024);
  expect(WORDS.filter((word) => !/^[a-z]{3,6}$/.test(word))).toEqual([]);
  expect(new Set(WORDS.map((word) => word.slice(0, 4))).size).toBe(1024);
  const tooNear = WORDS.flatMap((a, at) => WORDS.slice(at + 1).flatMap((b) => (near(a, b) ? [`${a} ${b}`] : [])));
  expect(tooNear).toEqual([]);
});

test("too few bytes are no fingerprint", () => {
  expect(() => inWords(new Uint8Array(4))).toThrow("too short");
});

test("other 40 bits are other words, and the words give the bits back", () => {
  const digest = fc.uint8Array({ minLength: 5, maxLength: 32 });
  fc.assert(
    fc.property(digest, (bytes) => {
      const number = inWords(bytes).reduce((sum, word) => (sum << 10n) | BigInt(WORDS.indexOf(word)), 0n);
      expect(number).toBe(BigInt(`0x${Buffer.from(bytes.subarray(0, 5)).toString("hex")}`));
    }),
  );
});

test("the numbers of the words are fixed: hosts keep their names", () => {
  expect(inWords(Uint8Array.of(0, 0, 0, 0, 0))).toEqual(Array(4).fill(WORDS[0]));
  expect(inWords(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff))).toEqual(Array(4).fill(WORDS[1023]));
  expect(inWords(Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9a))).toMatchInlineSnapshot(`
    [
      "beak",
      "senior",
      "gusto",
      "cereal",
    ]
  `);
});

const BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAI";
test.each([
  "",
  "ssh-ed25519",
  "ssh-ed25519 !!!!",
  `ssh-ed25519 ${BLOB}`.slice(0, 30),
  `ssh-rsa ${BLOB}${"A".repeat(43)}`,
  `\u001b[31mssh ${BLOB}${"A".repeat(43)}`,
  "-----BEGIN OPENSSH PRIVATE KEY-----",
])("no public key: %j", (text) => {
  expect(parseHostKey(text)).toBe(null);
});

test("whatever is in the file, it is a key or none", () => {
  fc.assert(fc.property(fc.string(), (text) => void parseHostKey(text)));
});

test("a real key has the fingerprint that ssh-keygen prints", () => {
  const directory = mkdtempSync(join(tmpdir(), "host-key-"));
  try {
    const file = join(directory, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "host", "-f", file]);
    const printed = execFileSync("ssh-keygen", ["-l", "-f", `${file}.pub`], { encoding: "utf8" });
    const key = parseHostKey(readFileSync(`${file}.pub`, "utf8"));
    expect(key).toMatchObject({ type: "ssh-ed25519", sha256: printed.split(" ")[1] });
    expect(key?.words).toHaveLength(4);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
