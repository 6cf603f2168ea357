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
    /^core\/zfs-layouts/,
    /^core\/boot\//,
    /^core\/control\/enroll/,
    /^core\/network\/wpa-supplicant/,
    /^core\/spec\/resolved/,
    /^core\/inventory\/inventory/,
    /^node:crypto$/,
  ],
  "core/steps/": [/^core\/plan\//, /^core\/boot\//, /^core\/tools\/run\.ts$/],
  "core/boot/": [],
  "core/controllers/": [
    /^core\/control\/(handlers|refusal|strict-json)\.ts$/,
    /^core\/errors/,
    /^core\/tools\/run\.ts$/,
    /^core\/inventory\/scrub\.ts$/,
    /^core\/status\/(source|controller-facts)\.ts$/,
    /^node:(crypto|fs|fs\/promises|net|path|stream|tty|util)$/,
  ],
  "core/network/": [
    /^core\/errors/,
    /^core\/tools\/run\.ts$/,
    /^core\/inventory\/(ask-program|scrub)\.ts$/,
    /^core\/spec\/resolved/,
    /^core\/status\/(source|network-facts|controller-facts)\.ts$/,
    /^node:(crypto|dgram)$/,
    /^yaml$/,
  ],
  "core/spec/": [
    /^core\/size-in-words/,
    /^core\/zfs-layouts/,
    /^core\/errors/,
    /^core\/inventory\//,
    /^core\/network\/psk/,
    /^core\/tools\/run\.ts$/,
    /^node:/,
    /^zod$/,
    /^yaml$/,
  ],
  "core/inventory/": [/^core\/errors/, /^core\/tools\/run\.ts$/, /^core\/size-in-words/, /^node:/, /^zod$/],
  "core/control/": [
    /^core\/errors/,
    /^core\/tools\/(run|durable)\.ts$/,
    /^core\/inventory\/scrub\.ts$/,
    /^core\/status\/control-facts\.ts$/,
    /^node:/,
    /^zod$/,
    /^yaml$/,
  ],
  // the one list of all sources
  "core/status/": [
    /^core\/(controllers|network|health)\/.*source/,
    /^core\/errors/,
    /^core\/inventory\/scrub/,
    /^core\/tools\/(run|cut-lines)\.ts$/,
    /^node:/,
    /^zod$/,
  ],
  "core/health/": [
    /^core\/(status|generations)\//,
    /^core\/inventory\/(ask-program|content|disk-devices|dmi|scrub)\.ts$/,
    /^core\/plan\/layout\/partition-types\.ts$/,
    /^core\/tools\/run\.ts$/,
    /^node:crypto$/,
  ],
  "core/generations/": [
    /^core\/status\//,
    /^core\/health\/ask-briefly\.ts$/,
    /^core\/inventory\/scrub\.ts$/,
    /^core\/tools\/run\.ts$/,
  ],
  "core/control/signers/": [/^core\/errors/, /^core\/tools\/run\.ts$/, /^core\/control\/ssh/, /^node:/],
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

/** Everything that is loaded with a file: through fixed imports that are not of types only. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const one of all) if (one.file === file && one.fixed && !one.typeOnly) loadedWith(one.target, seen);
  return seen;
}

test("what the daemon looks at the host with loads no package: it has 90 MB for everything", () => {
  const loaded = loadedWith("core/health/sources.ts");
  expect(loaded.size).toBeGreaterThan(15);
  expect([...loaded].filter((target) => !/^(core\/|node:)/.test(target))).toEqual([]);
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

test("what the screen sends commands with loads neither zod nor YAML nor what starts programs", () => {
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const { target, typeOnly, fixed } of all.filter((one) => one.file === file))
      if (!typeOnly && fixed) load(target);
  };
  load("core/control/seat-signer.ts");
  expect(loaded.size).toBeGreaterThan(10);
  expect([...loaded].filter((one) => !/^(node:|core\/(control|errors|inventory\/scrub))/.test(one))).toEqual([]);
});

test("of the shapes of the status its sources take the types only", () => {
  const taken = from("core/controllers/").filter(({ target }) => target.startsWith("core/status/"));
  expect(taken.length).toBeGreaterThan(0);
  expect(said(taken.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
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

test("YAML and zod come into the daemon with the policy file, when that is read", () => {
  const heavy = from("core/control/").filter(({ target, typeOnly }) => /^(zod|yaml)$/.test(target) && !typeOnly);
  expect(new Set(heavy.map(({ file }) => file))).toEqual(new Set(["core/control/policy-file.ts"]));
  const loaders = all.filter(({ target, typeOnly }) => target === "core/control/policy-file.ts" && !typeOnly);
  expect(loaders.filter(({ file }) => !file.startsWith("test/")).filter(({ fixed }) => fixed)).toEqual([]);
});

test("what needs a program gets the door passed in: only the program's entries make a real one", () => {
  const makers = all.filter(({ target, typeOnly }) => target === "core/tools/run-real.ts" && !typeOnly);
  expect(makers.map(({ file }) => file).filter((file) => !file.startsWith("bin/"))).toEqual([]);
});

test("what runs for ever, and what follows it, load neither zod nor yaml nor a screen", () => {
  // a verb brings what it runs by import(): that is an entry of its own here
  for (const entry of ["bin/run-daemon.ts", "bin/verbs/daemon.ts", "bin/verbs/status.ts", "core/status/client.ts"]) {
    const loaded = loadedWith(entry);
    expect(loaded.size, entry).toBeGreaterThan(2);
    expect(
      [...loaded].filter((name) => /^(zod|yaml|react|ink)$|^(screens|tui)\//.test(name)),
      entry,
    ).toEqual([]);
  }
  // the search would find it
  expect([...loadedWith("core/status/snapshot.ts")]).toContain("zod");
});
