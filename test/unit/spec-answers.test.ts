import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { setValues } from "../../core/spec/answers.ts";
import { keepAnswers } from "../../core/spec/keep-answers.ts";
import { valueAt } from "../../core/spec/path.ts";
import { parseYaml } from "../../core/spec/yaml.ts";
import { refusal } from "./spec-text.ts";

const salt = (value: string) => [{ path: ["salt"], value }];

const TEXT = `# what this file is for
version: 1

host: # the machine
  name: {ask: "which?"} # ask the person
# between
disks: {system: /dev/sda} # in one line
users: []
`;

describe("writing answers back", () => {
  test("keeps every comment, the order and what it does not set", () => {
    const text = setValues(TEXT, [
      { path: ["host", "name"], value: "jupiter" },
      { path: ["salt"], value: "0123456789abcdef" },
      { path: ["root", "encryption", "unlock"], value: "none" },
    ]);
    for (const comment of TEXT.match(/#[^\n]*/g) ?? []) expect(text).toContain(comment);
    // Only the comment behind a key that opens a map moves, to the line below: the library keeps it there.
    expect(text).toBe(
      `${TEXT.replace('{ask: "which?"}', "jupiter").replace("host: # the machine", "host:\n  # the machine")}salt: "0123456789abcdef"\nroot:\n  encryption:\n    unlock: none\n`,
    );
  });

  test("a new key at the top leaves every byte before it alone", () => {
    expect(setValues(TEXT, [{ path: ["salt"], value: "0123456789abcdef" }])).toBe(`${TEXT}salt: "0123456789abcdef"\n`);
    expect(setValues("a: 1\n...\n", [{ path: ["b"], value: 2 }])).toMatch(/^a: 1\nb: 2\n/);
    expect(setValues("{ a: 1 }\n", [{ path: ["b"], value: 2 }])).toBe("{ a: 1, b: 2 }\n");
  });

  test("any answer is read back as it was given, and the rest stays", () => {
    const word = fc.stringMatching(/^[a-z][a-z-]{0,6}$/);
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom("no", "0123", "1e3", "null", "~", "- x", "a: b", "# c", "x\ny"),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string(), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), value, (path, answer) => {
        fc.pre(!["version", "host", "disks", "users"].includes(path[0] ?? ""));
        const text = setValues(TEXT, [{ path, value: answer }]);
        const { data } = parseYaml("f.yml", text);
        expect(valueAt(data, path)).toEqual(answer);
        expect(data).toMatchObject(parseYaml("f.yml", TEXT).data as object);
        for (const comment of TEXT.match(/#[^\n]*/g) ?? []) expect(text).toContain(comment);
      }),
    );
  });

  test("into an empty file, an empty value and over a value", () => {
    expect(setValues("", [{ path: ["a", "b"], value: 1 }])).toBe("a:\n  b: 1\n");
    expect(setValues("a:\n", [{ path: ["a", "b"], value: 1 }])).toMatch(/^a:\s+b: 1\n$/);
    expect(setValues("a: 1 # why\n", [{ path: ["a"], value: 2 }])).toBe("a: 2 # why\n");
    expect(
      setValues("users:\n  - name: a\n    password: {ask: x}\n", [{ path: ["users", 0, "password"], value: "$6$x" }]),
    ).toBe('users:\n  - name: a\n    password: "$6$x"\n');
  });

  test.each([
    ['host: {ref: "o.yml#/host"}\n', "`host` comes from another place ({ref: …})"],
    ["x: &x {name: a}\nhost: *x\n", "`host` comes from another place (an alias)"],
    ["host: word\n", "`host` is a word, not a map"],
  ])("%j: what stands elsewhere is not overwritten", async (text, message) => {
    const refused = await refusal(() => setValues(text, [{ path: ["host", "name"], value: "x" }]));
    expect(refused).toMatchObject({ code: "cannot-write-back", exit: 4 });
    expect(refused.text).toContain(message);
  });
});

describe("keeping the salt", () => {
  async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "salt-"));
    try {
      await work(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  test("goes into the last file, once", () =>
    inFolder(async (folder) => {
      const [a, b] = [join(folder, "a.yml"), join(folder, "b.yml")];
      await writeFile(a, "version: 1\n");
      await writeFile(b, "# mine\nhost: {name: x}\n");
      await keepAnswers([a, b], salt("0123456789abcdef"), expect.unreachable);
      await keepAnswers([a, b], salt("ffffffffffffffff"), expect.unreachable);
      expect(await readFile(a, "utf8")).toBe("version: 1\n");
      expect(await readFile(b, "utf8")).toBe('# mine\nhost: {name: x}\nsalt: "0123456789abcdef"\n');
    }));

  test("that cannot be written is a warning with what to do", () =>
    inFolder(async (folder) => {
      const file = join(folder, "a.yml");
      await writeFile(file, "host: &h {name: x}\nversion: 1\n");
      const said: string[] = [];
      // The new file's name is taken by a folder, as on a medium that cannot be written: chmod does not stop root.
      await import("node:fs/promises").then(({ mkdir }) => mkdir(`${file}.new`));
      await keepAnswers([file], salt("0123456789abcdef"), (message) => said.push(message)).catch((error: Error) =>
        said.push(`threw ${error.message}`),
      );
      expect(said.join()).toMatch(/could not be written back.*add `salt: "0123456789abcdef"`/);
    }));
});
