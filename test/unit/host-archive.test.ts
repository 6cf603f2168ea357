// The appended cpio archive: read back by our own reader and by GNU cpio.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeHostArchive, readHostArchive } from "../../core/boot/host-archive.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/);
const archive = fc.uniqueArray(
  fc.record({
    path: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
    content: fc.uint8Array({ maxLength: 64 }),
  }),
  { selector: ({ path }) => path, maxLength: 5 },
);

test("a cut archive is an error, not a shorter one", () => {
  const whole = makeHostArchive([{ path: "etc/hostid", content: Buffer.from("abcd") }]);
  expect(() => readHostArchive(whole.subarray(0, 200))).toThrow();
});

test("whatever goes in comes out", () => {
  fc.assert(
    fc.property(archive, (files) => {
      const read = readHostArchive(makeHostArchive(files));
      expect(read.map(({ path, content }) => [path, [...content]])).toEqual(
        files.map(({ path, content }) => [path, [...content]]),
      );
    }),
  );
});

test("GNU cpio unpacks it, directories included", () => {
  const directory = mkdtempSync(join(tmpdir(), "archive-"));
  try {
    const bytes = makeHostArchive([
      { path: "etc/hostid", content: Buffer.from([1, 2, 3, 4]) },
      { path: "etc/multiverse/host.conf", content: Buffer.from("A=1\n") },
    ]);
    execFileSync("cpio", ["--extract", "--make-directories", "--quiet"], { cwd: directory, input: bytes });
    expect(readFileSync(join(directory, "etc/multiverse/host.conf"), "utf8")).toBe("A=1\n");
    expect([...readFileSync(join(directory, "etc/hostid"))]).toEqual([1, 2, 3, 4]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
