// Text as nobody would choose it for a name, but disks, networks and people's files have it.
import fc from "fast-check";

export const HOSTILE: readonly string[] = [
  "\u001b[2J\u001b[H\u001b[31mred\u001b[0m",
  "\u001b]0;title\u0007\u001bP+q\u001b\\",
  "\u009b2J\u0090x\u009c",
  "\r\n\r\n\tline\u2028line\u2029\u0085",
  "\u0000\u0008\u007f\u0004",
  "x".repeat(10_000),
  "漢字".repeat(5_000),
  "\u202egpj.exe\u202c\u2066a\u2069\u200f",
  "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031ea\u0365lgo",
  "a\u0301\u0302\u0303".repeat(300),
  "👩‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽1️⃣",
  "한국어 ᄒ\u1161\u11ab ﾊﾞﾄﾞ ำ",
  "नमस्ते ไทย العربية עברית",
  "\ud83d lone \udc00",
  "\u3000wide space\u00a0\u2003\u202f",
  "│┌─┐▒░█ �\ufeff\ufff9",
  "",
  " ",
  "Zażółć gęślą jaźń; Größe; 5″",
];

/** Any text: letters of every script, hostile ones more often than in life. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc
    .array(fc.constantFrom(...HOSTILE.map((text) => text.slice(0, 60)), "漢", "é", " ", "word"), { maxLength: 8 })
    .map((all) => all.join("")),
  fc.constantFrom(...HOSTILE),
);
