// Our systemd units: what systemd itself finds wrong with them, and that every program of ours that they start is there.
import { spawnSync } from "node:child_process";
import { accessSync, constants, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const REPO = new URL("../..", import.meta.url).pathname;
const UNITS = join(REPO, "systemd/rescue");
const ROOT = join(REPO, "rescue/root/rescue");
const OURS = "/usr/lib/multiverse-rescue/";
/** Written by another part when it has a font; its line is one that may fail. */
const OPTIONAL = `${OURS}console-font`;
const names = readdirSync(UNITS);

const isThere = (path: string) => {
  try {
    accessSync(join(ROOT, path), constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** A unit's settings in their order; a key may come more than once. */
const settings = (unit: string): [string, string][] =>
  [...readFileSync(join(UNITS, unit), "utf8").matchAll(/^([A-Za-z]+)=(.*)$/gm)].map(([, key = "", value = ""]) => [
    key,
    value,
  ]);

test.each(names)("every program of ours that %s starts is in the image", (unit) => {
  for (const [key, value] of settings(unit)) {
    if (!key.startsWith("Exec")) continue;
    const [, sign = "", path = ""] = /^([-+!@:]*)(\S+)/.exec(value) ?? [];
    if (!path.startsWith(OURS)) continue;
    expect({ path, there: isThere(path) || (path === OPTIONAL && sign.includes("-")) }).toEqual({ path, there: true });
  }
});

const version = Number(
  /^systemd (\d+)/.exec(spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1],
);

describe.skipIf(Number.isNaN(version))("systemd-analyze verify", () => {
  test("has nothing to say", () => {
    const folder = mkdtempSync(join(tmpdir(), "units-"));
    try {
      cpSync(UNITS, folder, { recursive: true });
      const instances = names.map((name) => name.replace("@.", "@tty1."));
      const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...instances], {
        encoding: "utf8",
        env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
      });
      const left = stderr.split("\n").filter((line) => {
        const missing = /Command (\/\S+) is not executable: No such file or directory/.exec(line)?.[1];
        if (missing !== undefined) return !isThere(missing);
        // known from systemd 254 on; the image has a newer one
        if (version < 254 && line.includes("Unknown key 'RestartMode'")) return false;
        return line.includes("multiverse");
      });
      expect(left).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a console is never dark", () => {
  const of = (unit: string) => settings(unit).map(([key, value]) => `${key}=${value}`);

  test("screens that end come back, and eight times within ten minutes lead to a shell", () => {
    expect(of("multiverse-screen@.service")).toEqual(
      expect.arrayContaining([
        "Restart=always",
        "RestartMode=direct",
        "StartLimitIntervalSec=600",
        "StartLimitBurst=8",
        "OnFailure=multiverse-screen-failed@%i.service",
      ]),
    );
  });

  test("the shell has no limit, and leaving it starts the screens", () => {
    expect(of("multiverse-screen-failed@.service")).toEqual(
      expect.arrayContaining([
        "Restart=on-failure",
        "StartLimitIntervalSec=0",
        "OnSuccess=multiverse-screen@%i.service",
      ]),
    );
  });

  test("what is copied does not end the installer: no limit on memory", () => {
    expect(of("multiverse-screen@.service").join("\n")).not.toMatch(/^Memory/m);
  });
});
