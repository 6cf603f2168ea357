// Imports point one way (docs/architecture.md): what the linter's folder rules cannot say in one place stands here.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = new URL("../../", import.meta.url).pathname;
const FILES = globSync("{bin,core,rescue,tui,screens,test/pictures}/**/*.{ts,tsx}", { cwd: ROOT });

interface Import {
  file: string;
  /** A path from the root of the repository, or a package's name. */
  target: string;
  typeOnly: boolean;
  /** Loaded with the file, not by `import()`. */
  fixed: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = text.matchAll(/^(import|export)( type)?\s[^;]*?from\s+"([^"]+)"|\bimport\("([^"]+)"\)/gms);
  return [...found].map(([, , type, fixed, dynamic]) => {
    const name = fixed ?? dynamic ?? "";
    const target = name.startsWith(".") ? normalize(join(dirname(file), name)) : name;
    return { file, target, typeOnly: type !== undefined, fixed: fixed !== undefined };
  });
}

const all = FILES.flatMap(importsOf);
const from = (folder: string) => all.filter(({ file }) => file.startsWith(folder));
const said = (imports: Import[]) => imports.map(({ file, target }) => `${file} imports ${target}`);

/** What files of a folder may import besides that folder itself. */
const MAY: Readonly<Record<string, readonly RegExp[]>> = {
  "core/plan/": [
    /^core\/errors/,
    /^core\/size-in-words/,
    /^core\/boot\//,
    /^core\/network\/wpa-supplicant/,
    /^core\/spec\/resolved/,
    /^core\/inventory\/inventory/,
    /^node:crypto$/,
  ],
  "core/steps/": [/^core\/plan\//, /^core\/boot\//, /^core\/tools\/run\.ts$/],
  "core/boot/": [],
  "core/network/": [
    /^core\/errors/,
    /^core\/tools\/run\.ts$/,
    /^core\/inventory\/(ask-program|scrub)\.ts$/,
    /^core\/spec\/resolved/,
    /^node:crypto$/,
  ],
  "core/spec/": [
    /^core\/size-in-words/,
    /^core\/errors/,
    /^core\/inventory\//,
    /^core\/network\/psk/,
    /^core\/tools\/run\.ts$/,
    /^node:/,
    /^zod$/,
    /^yaml$/,
  ],
  "core/inventory/": [/^core\/errors/, /^core\/tools\/run\.ts$/, /^core\/size-in-words/, /^node:/, /^zod$/],
  "core/tools/": [/^core\/errors/, /^node:/, /^execa$/],
  "tui/console-font/": [/^node:zlib$/],
};

test("the search finds imports at all", () => {
  expect(all.length).toBeGreaterThan(300);
});

describe.each(Object.entries(MAY))("%s", (folder, allowed) => {
  test("imports only what it may", () => {
    const wrong = from(folder).filter(
      ({ target }) => !target.startsWith(folder) && !allowed.some((pattern) => pattern.test(target)),
    );
    expect(said(wrong)).toEqual([]);
  });
});

test("core knows nothing of the command line, the images or the tests", () => {
  expect(said(from("core/").filter(({ target }) => /^(bin|rescue|test|tui|screens)\//.test(target)))).toEqual([]);
});

test("the terminal kit knows nothing of the program that uses it", () => {
  expect(said(from("tui/").filter(({ target }) => /^(bin|core|rescue|screens|test)\//.test(target)))).toEqual([]);
});

test("the screens know core and the kit, and nothing of the command line, the images or the tests", () => {
  expect(said(from("screens/").filter(({ target }) => /^(bin|rescue|test)\//.test(target)))).toEqual([]);
});

test("what draws reads no files, starts no programs and asks no clock", () => {
  const drawing = all.filter(({ file }) =>
    /^(screens\/(installer\/|host\/(?!real-backend|seat-signer)|host-state\/|parts\/|text\/)|tui\/(parts|shell|text|theme|keys)\/)/.test(
      file,
    ),
  );
  expect(drawing.length).toBeGreaterThan(50);
  expect(said(drawing.filter(({ target, typeOnly }) => /^node:|^execa$|^node-pty$/.test(target) && !typeOnly))).toEqual(
    [],
  );
});

test("the screens of a host take the shapes of its status as types: zod would cost them their start", () => {
  const shapes = from("screens/").filter(
    ({ target, typeOnly }) => /^core\/status\/(?!client|apply-message|board)|^zod$/.test(target) && !typeOnly,
  );
  expect(said(shapes)).toEqual([]);
});

test("the status of a host is opened without the installer, and the installer without it", () => {
  const loaded = (entry: string) => {
    const seen = new Set<string>([entry]);
    for (const file of seen)
      for (const { target, typeOnly, fixed } of all.filter((each) => each.file === file))
        if (fixed && !typeOnly && /^(screens|tui|core)\//.test(target)) seen.add(target);
    return [...seen];
  };
  const host = loaded("screens/open-host.tsx");
  expect(host).toContain("screens/host/HostApp.tsx");
  expect(host.filter((file) => /^screens\/(installer|wizard|demo)|^core\/(?!size-in-words)/.test(file))).toEqual([]);
  expect(loaded("screens/open-place.ts").filter((file) => /\.tsx$/.test(file))).toEqual([]);
  expect(loaded("screens/installer-place.tsx").filter((file) => /^screens\/host/.test(file))).toEqual([]);
});

test("of the terminal kit the images take the console font only", () => {
  const taken = from("rescue/").filter(({ target }) => /^(tui|screens)\//.test(target));
  expect(taken.length).toBeGreaterThan(0);
  expect(said(taken.filter(({ target }) => !target.startsWith("tui/console-font/")))).toEqual([]);
});

test("programs are started in one place, and those on a terminal of their own in another", () => {
  const starts = new Set(["execa", "node:child_process", "child_process", "node-pty"]);
  const starters = all.filter(({ target }) => starts.has(target)).map(({ file }) => file);
  expect(new Set(starters)).toEqual(new Set(["core/tools/run-real.ts", "tui/pty/open-pty.ts"]));
});

test("what only a pane needs is not loaded before one is opened", () => {
  const heavy = from("tui/").filter(
    ({ target, typeOnly }) => /^(node-pty|@xterm\/headless)$/.test(target) && !typeOnly,
  );
  expect(new Set(said(heavy))).toEqual(
    new Set(["tui/pty/open-pty.ts imports node-pty", "tui/pty/pty-screen.ts imports @xterm/headless"]),
  );
  expect(heavy.filter(({ fixed }) => fixed)).toEqual([]);
});

test("what needs a program gets the door passed in: only the program's entries make a real one", () => {
  const makers = all.filter(({ target, typeOnly }) => target === "core/tools/run-real.ts" && !typeOnly);
  expect(makers.map(({ file }) => file).filter((file) => !file.startsWith("bin/"))).toEqual([]);
});
