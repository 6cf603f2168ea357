// The console font in the images: made from a root's own packages, and loaded by a script that never gets in the way.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ActionableError } from "../../core/errors.ts";
import { addConsoleFont, CONSOLE_FONT, consoleFont } from "../../rescue/console-font.ts";
import { readFont } from "../../tui/console-font/psf.ts";
import { ourFont } from "../pictures/font.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mv-font-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("making it", () => {
  test("a root without the fonts: an error that names the file and the package", async () => {
    const error = await consoleFont(folder).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ActionableError);
    expect(error).toMatchObject({ code: "console-font-letters", exit: 4 });
    expect(`${error instanceof ActionableError ? [...error.evidence, error.hint].join() : ""}`).toMatch(
      /Uni2-Fixed16\.psf\.gz.*console-setup/,
    );
  });

  test("a root whose font is damaged", async () => {
    mkdirSync(join(folder, "usr/share/consolefonts"), { recursive: true });
    for (const name of ["Uni2", "Uni1"])
      writeFileSync(
        join(folder, `usr/share/consolefonts/${name}-Fixed16.psf.gz`),
        Uint8Array.from([0x36, 4, 0, 16, 0]),
      );
    await expect(consoleFont(folder)).rejects.toMatchObject({ evidence: ["the file ends inside glyph 0 of 256"] });
  });

  test("from this machine's packages: our font, the same bytes each time, at its place in the tree", async () => {
    const made = await consoleFont("/");
    expect(readFont(made)).toEqual(ourFont());
    expect(await consoleFont("/")).toEqual(made);
    await addConsoleFont(made, folder);
    expect(readFont(readFileSync(join(folder, CONSOLE_FONT)))).toEqual(ourFont());
  });
});

describe("loading it", () => {
  const script = readFileSync(
    new URL("../../rescue/root/host/usr/lib/multiverse-console/console-font", import.meta.url),
    "utf8",
  );
  const mark = (name: string) => join(folder, "run/multiverse/console-font", name);
  const leaveMark = (name: string) => {
    mkdirSync(join(folder, "run/multiverse/console-font"), { recursive: true });
    writeFileSync(mark(name), "");
  };

  /** Runs it in a tree of its own with a setfont that ends with `status` and says much. */
  function load(name: string | null, status: number) {
    const moved = script.replaceAll(/(?<![\w/])\/(dev|usr|run)\//g, `${folder}/$1/`).replace("#!", "# ");
    for (const dir of ["dev", "usr/share/multiverse", "bin"]) mkdirSync(join(folder, dir), { recursive: true });
    writeFileSync(join(folder, "script"), moved);
    writeFileSync(
      join(folder, "bin/setfont"),
      `#!/bin/sh\necho "$@" >"${folder}/asked"\necho out; echo err >&2\nexit ${status}\n`,
    );
    chmodSync(join(folder, "bin/setfont"), 0o755);
    const result = spawnSync("dash", [join(folder, "script"), ...(name === null ? [] : [name])], {
      encoding: "utf8",
      env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin` },
    });
    expect([result.status, result.stdout, result.stderr]).toEqual([0, "", ""]);
    return existsSync(join(folder, "asked")) ? readFileSync(join(folder, "asked"), "utf8").trim() : null;
  }
  const prepare = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), "");
    }
  };

  test.each(["ttyS0", "console", "pts/0", "tty", "tty0", "tty1/../../etc", "../tty1", "", "tty1 tty2", "-C"])(
    "%j is no virtual terminal: nothing is tried",
    (name) => {
      prepare("dev/ttyS0", "dev/tty1", CONSOLE_FONT);
      expect(load(name, 0)).toBeNull();
      expect(existsSync(mark(name === "" ? "x" : name))).toBe(false);
    },
  );

  test("without a name, too", () => {
    prepare("dev/tty1", CONSOLE_FONT);
    expect(load(null, 0)).toBeNull();
  });

  test("a mark that can be neither removed nor made (no rights): still without a word", () => {
    prepare("dev/tty1", CONSOLE_FONT, "run/multiverse/console-font/tty1/in-the-way");
    expect(load("tty1", 0)).not.toBeNull();
  });

  test("no such terminal, or no font: nothing is tried, and an old mark goes", () => {
    prepare("dev/tty1");
    leaveMark("tty1");
    expect(load("tty1", 0)).toBeNull();
    expect(existsSync(mark("tty1"))).toBe(false);
    prepare(CONSOLE_FONT);
    leaveMark("tty2");
    expect(load("tty2", 0)).toBeNull();
    expect(existsSync(mark("tty2"))).toBe(false);
  });

  test("the console does not take it: no mark, and the one of an earlier time goes", () => {
    prepare("dev/tty1", CONSOLE_FONT);
    leaveMark("tty1");
    expect(load("tty1", 71)).toBe(`-C ${folder}/dev/tty1 ${folder}/${CONSOLE_FONT}`);
    expect(existsSync(mark("tty1"))).toBe(false);
  });

  test("the console takes it: a mark of its name, whether it was named with its folder or not", () => {
    prepare("dev/tty1", "dev/tty12", CONSOLE_FONT);
    load("tty1", 0);
    load("/dev/tty12".replace("/dev", `${folder}/dev`), 0);
    expect(existsSync(mark("tty1"))).toBe(true);
    expect(existsSync(mark("tty12"))).toBe(true);
  });
});
