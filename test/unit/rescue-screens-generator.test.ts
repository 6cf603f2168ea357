// The generator that decides which consoles get screens, on a made-up /proc, /sys and /dev.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const GENERATOR = new URL(
  "../../rescue/root/host/usr/lib/systemd/system-generators/multiverse-screens",
  import.meta.url,
).pathname;
const DEVICES = ["tty0", "tty1", "tty2", "tty3", "ttyS0", "ttyS1", "hvc0"];
/** A serial port that the kernel registers and the machine does not have. */
const DEAD = "ttyS1";

interface Generated {
  /** The terminals whose screen getty.target wants. */
  screens: string[];
  /** The units that cannot start. */
  masked: string[];
  said: string;
}

function generate(active: string, login?: string): Generated {
  const root = mkdtempSync(join(tmpdir(), "screens-"));
  try {
    for (const dir of ["proc", "sys/class/tty/console", "dev", "units", "bin"])
      mkdirSync(join(root, dir), { recursive: true });
    writeFileSync(join(root, "sys/class/tty/console/active"), `${active}\n`);
    const option = login === undefined ? "" : ` multiverse.login=${login}`;
    writeFileSync(join(root, "proc/cmdline"), `boot=multiverse-live console=tty0${option} loglevel=4\n`);
    for (const name of [...DEVICES, "kmsg"]) writeFileSync(join(root, "dev", name), "");
    // of a port that is not there, the settings cannot be read
    writeFileSync(join(root, "bin/stty"), `#!/bin/sh\ncase $2 in */${DEAD}) exit 1 ;; esac\n`, { mode: 0o755 });
    const units = join(root, "units");
    const env = { PATH: `${join(root, "bin")}:/usr/bin:/bin`, MULTIVERSE_ROOT: root };
    const { status, stderr } = spawnSync("sh", [GENERATOR, units], { env, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const wants = join(units, "getty.target.wants");
    const links = existsSync(wants) ? readdirSync(wants).sort() : [];
    for (const link of links)
      expect(readlinkSync(join(wants, link))).toBe("/usr/lib/systemd/system/multiverse-screen@.service");
    const masked = readdirSync(units).filter((name) => name !== "getty.target.wants");
    for (const name of masked) expect(readlinkSync(join(units, name))).toBe("/dev/null");
    return {
      screens: links.map((link) => /^multiverse-screen@(.*)\.service$/.exec(link)?.[1] ?? link),
      masked: masked.sort(),
      said: readFileSync(join(root, "dev/kmsg"), "utf8"),
    };
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe("consoles with screens", () => {
  test("none with multiverse.login=off: everything as it was", () => {
    expect(generate("ttyS0 tty0", "off")).toEqual({ screens: [], masked: [], said: "" });
  });

  test("a port that does not answer is left out without a word", () => {
    expect(generate("ttyS1 tty0")).toEqual({ screens: ["tty1"], masked: ["getty@tty1.service"], said: "" });
  });

  test.each(["nosuch", "ttyS1", "../tty1", "pts/0", "-F"])(
    "a terminal %s that was named and is none is said",
    (name) => {
      const { screens, masked, said } = generate("tty0", `${name},ttyS0`);
      expect(screens).toEqual(["ttyS0"]);
      expect(masked).toEqual(["serial-getty@ttyS0.service"]);
      expect(said).toBe(`<4>multiverse-screens: multiverse.login= names ${name}, which is no terminal here\n`);
    },
  );

  test("no console at all is no error", () => {
    expect(generate("").screens).toEqual([]);
  });

  test.each([
    ["tty0", ["tty1"]],
    ["ttyS0 tty0", ["tty1", "ttyS0"]],
    ["tty0 ttyS0", ["tty1", "ttyS0"]],
    ["tty3 tty0", ["tty1"]],
    ["hvc0", ["hvc0"]],
  ])("every kernel console: %s", (active, screens) => {
    expect(generate(active).screens).toEqual(screens);
  });

  test("only those that were named", () => {
    expect(generate("ttyS0 tty0", "tty1")).toEqual({ screens: ["tty1"], masked: ["getty@tty1.service"], said: "" });
    expect(generate("ttyS0 tty0", "tty2,hvc0").screens).toEqual(["hvc0", "tty2"]);
  });

  test("the last of several options counts", () => {
    expect(generate("ttyS0 tty0", "tty1 multiverse.login=off").screens).toEqual([]);
  });

  test("every screen takes the place of exactly one login", () => {
    const lists = fc.subarray(
      DEVICES.filter((name) => name !== DEAD && name !== "tty0"),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(lists, (names) => {
        const { screens, masked } = generate("tty0", names.join(","));
        expect(screens).toEqual([...names].sort());
        const getty = (name: string) => `${/^tty\d/.test(name) ? "" : "serial-"}getty@${name}.service`;
        expect(masked).toEqual(names.map(getty).sort());
      }),
      { numRuns: 20 },
    );
  });
});
