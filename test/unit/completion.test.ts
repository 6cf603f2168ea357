// Shell completion: in a real bash, with the words as readline gives them; zsh and fish where they are installed.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bashCompletion } from "../../bin/completion/bash.ts";
import { fishCompletion } from "../../bin/completion/fish.ts";
import { zshCompletion } from "../../bin/completion/zsh.ts";
import type { Verb } from "../../bin/verb.ts";
import { VERBS } from "../../bin/verbs.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
  writeFileSync(join(folder, "jupiter.yml"), "");
  writeFileSync(join(folder, "io moon.yml"), "");
  mkdirSync(join(folder, "rack"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers behind these words; the last one is the word under the cursor. */
function offered(...words: string[]): string[] {
  const script = `${bashCompletion(VERBS)}
COMP_WORDS=(multiverse "$@")
COMP_CWORD=$#
_multiverse
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script, "bash", ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

describe("bash", () => {
  const FILES = ["io moon.yml", "jupiter.yml", "rack"];

  test.each([
    [["x"], []],
    [["plan", "--expect"], []],
    [["probe", ""], []],
    [["install", "--expect-plan", ""], []],
    [["install", "--passphrase-fd", ""], []],
    [["nothing", ""], []],
    [["rescue", "build", ""], []],
    [["completion", "bash", ""], []],
    [["plan", "nowhere"], []],
  ])("%j: nothing is offered", (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  test.each([
    [["p"], ["probe", "profile", "plan"]],
    [["profile", "p"], ["pci"]],
    [["profile", "host", "--te"], ["--template"]],
    [["--v"], ["--version"]],
    [
      ["plan", "--"],
      ["--machine", "--format", "--help"],
    ],
    [["plan", "jupiter.yml", "--f"], ["--format"]],
    [
      ["plan", "--format", ""],
      ["text", "json", "sh"],
    ],
    [["plan", "--format", "j"], ["json"]],
    [
      ["plan", "--format", "="],
      ["text", "json", "sh"],
    ],
    [["plan", "--format", "=", "s"], ["sh"]],
    ...[
      ["spec", ""],
      ["spec", "--format", "json", ""],
      ["spec", "--format", "=", "json", ""],
    ].map((words): [string[], string[]] => [words, ["show", "from-host"]]),
    [["help", "comp"], ["completion"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [
      ["rescue", ""],
      ["build", "verify"],
    ],
  ])("%j: words", (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  test.each([
    [["plan", ""], FILES],
    [["plan", "jupiter.yml", ""], FILES],
    [["plan", "--machine", "j"], ["jupiter.yml"]],
    [["plan", "--machine", "=", ""], FILES],
    [["plan", "--format", "json", "r"], ["rack"]],
    [["install", "--headless", "j"], ["jupiter.yml"]],
    [["install", "--passphrase-file", "io"], ["io moon.yml"]],
    [["spec", "show", ""], FILES],
  ])("%j: files", (words, expected) => {
    expect(offered(...words).sort()).toEqual(expected);
  });

  test("every verb and every option of every verb is offered", () => {
    expect(offered("")).toEqual([...VERBS.map(({ name }) => name), "help", "--help", "--version"]);
    for (const verb of VERBS) {
      expect(offered(verb.name, "--")).toEqual([...Object.keys(verb.options), "help"].map((name) => `--${name}`));
    }
  });

  test("shellcheck has nothing to say", () => {
    const { stdout } = spawnSync("shellcheck", ["-S", "style", "-"], {
      input: bashCompletion(VERBS),
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });
});

const awkward: Verb = {
  ...{ name: "odd", summary: "it's [a] test: $HOME `x` \\", usage: "odd", about: [], examples: [], words: [0, 1] },
  options: { "odd-one": { value: "a|b", says: "it's [one]: \\", words: ["a", "b"] } },
  run: async () => undefined,
};

describe.each([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
] as const)("%s", (shell, write) => {
  test("names every verb and option", () => {
    const script = write(VERBS);
    for (const verb of VERBS) {
      expect(script).toContain(verb.name);
      for (const option of Object.keys(verb.options)) {
        expect(script).toContain(shell === "fish" ? ` -l ${option}` : `--${option}`);
      }
    }
  });

  test("quotes close, whatever a description says", () => {
    // Inside single quotes bash and zsh know no escape; fish knows \\ and \'.
    const [escaped, quote] = shell === "fish" ? [/\\[\\']/g, /'[^']*'/g] : [/'\\''/g, /'[^']*'/g];
    for (const line of write([awkward])
      .split("\n")
      .filter((one) => !one.trimStart().startsWith("#"))) {
      expect(line.replace(escaped, "").replace(quote, ""), line).not.toMatch(/'|\$HOME|it\b/);
    }
  });

  const found = spawnSync(shell, ["-c", "exit 0"]).status === 0;
  test.skipIf(!found)("the shell itself reads it", () => {
    expect(spawnSync(shell, ["-n"], { input: write([...VERBS, awkward]), encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });
});
