// Our systemd units: what systemd itself finds wrong with them, and that every program of ours that they start is there.
import { spawnSync } from "node:child_process";
import { accessSync, constants, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXIT } from "../../core/errors.ts";

const REPO = new URL("../..", import.meta.url).pathname;
/** The rescue system stands on the host's root: its units may start what is there. */
const PLACES = {
  host: { units: join(REPO, "systemd/host"), roots: [join(REPO, "rescue/root/host")] },
  rescue: {
    units: join(REPO, "systemd/rescue"),
    roots: [join(REPO, "rescue/root/rescue"), join(REPO, "rescue/root/host")],
  },
} as const;
type Place = keyof typeof PLACES;
const OURS = /^\/usr\/(lib\/multiverse-|bin\/multiverse)/;
const ALL = (["host", "rescue"] as const).flatMap((place) =>
  readdirSync(PLACES[place].units).map((unit) => ({ place, unit })),
);

const isThere = (place: Place, path: string) =>
  PLACES[place].roots.some((root) => {
    try {
      accessSync(join(root, path), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** A unit's settings in their order; a key may come more than once. */
const settings = (place: Place, unit: string): [string, string][] =>
  [...readFileSync(join(PLACES[place].units, unit), "utf8").matchAll(/^([A-Za-z]+)=(.*)$/gm)].map(
    ([, key = "", value = ""]) => [key, value],
  );

test.each(ALL)("every program of ours that $place's $unit starts is in the image", ({ place, unit }) => {
  for (const [key, value] of settings(place, unit)) {
    if (!key.startsWith("Exec")) continue;
    const path = /^[-+!@:]*(\S+)/.exec(value)?.[1] ?? "";
    if (OURS.test(path)) expect({ path, there: isThere(place, path) }).toEqual({ path, there: true });
  }
});

const version = Number(
  /^systemd (\d+)/.exec(spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1],
);

describe.skipIf(Number.isNaN(version))("systemd-analyze verify", () => {
  test.each(["host", "rescue"] as const)("has nothing to say of the %s's", (place) => {
    const folder = mkdtempSync(join(tmpdir(), "units-"));
    try {
      cpSync(PLACES.host.units, folder, { recursive: true });
      cpSync(PLACES[place].units, folder, { recursive: true });
      const instances = readdirSync(PLACES[place].units).map((name) => name.replace("@.", "@tty1."));
      const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...instances], {
        encoding: "utf8",
        env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
      });
      const left = stderr.split("\n").filter((line) => {
        const missing = /Command (\/\S+) is not executable: No such file or directory/.exec(line)?.[1];
        if (missing !== undefined) return OURS.test(missing) && !isThere(place, missing);
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
  const of = (unit: string, place: Place = "rescue") => settings(place, unit).map(([key, value]) => `${key}=${value}`);

  test.each(["host", "rescue"] as const)("%s: screens that end come back, eight times within ten minutes", (place) => {
    expect(of("multiverse-screen@.service", place)).toEqual(
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

  test("a host's login in the place of its screen has no limit either", () => {
    expect(of("multiverse-screen-failed@.service", "host")).toEqual(
      expect.arrayContaining(["Restart=always", "StartLimitIntervalSec=0"]),
    );
  });

  test("left for a login, the screen comes back when that ends, however it ends", () => {
    expect(of("multiverse-login@.service", "host")).toEqual(
      expect.arrayContaining([
        "OnSuccess=multiverse-screen@%i.service",
        "ExecStart=-/usr/lib/multiverse-console/login %I 120",
      ]),
    );
  });

  test("the status with which a host's screen asks for a login is the one that its unit knows", () => {
    expect(of("multiverse-screen@.service", "host")).toEqual(
      expect.arrayContaining([
        `SuccessExitStatus=${EXIT.loginWanted}`,
        `RestartPreventExitStatus=${EXIT.loginWanted}`,
        "OnSuccess=multiverse-login@%i.service",
      ]),
    );
  });

  test("a host's screen has no rights and a limit on memory", () => {
    expect(of("multiverse-screen@.service", "host")).toEqual(
      expect.arrayContaining([
        "User=multiverse-screen",
        "CapabilityBoundingSet=",
        "NoNewPrivileges=yes",
        "MemoryMax=160M",
      ]),
    );
  });

  test("what is copied does not end the installer: no limit on memory", () => {
    expect(of("multiverse-screen@.service").join("\n")).not.toMatch(/^Memory/m);
  });
});
