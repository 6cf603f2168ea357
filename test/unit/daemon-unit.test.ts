// multiversed's unit: what systemd itself finds wrong with it, that it is enabled, and that its sandbox stays shut.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const REPO = new URL("../..", import.meta.url).pathname;
const UNIT = join(REPO, "systemd/host/multiversed.service");
const PROGRAM = join(REPO, "rescue/root/host/usr/bin/multiversed");
const text = readFileSync(UNIT, "utf8");

const version = Number(
  /^systemd (\d+)/.exec(spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1],
);
const analyze = (...args: string[]) => spawnSync("systemd-analyze", args, { encoding: "utf8" });

describe.skipIf(Number.isNaN(version))("systemd-analyze", () => {
  test("has nothing to say of it", () => {
    const left = analyze("verify", "--man=no", UNIT)
      .stderr.split("\n")
      .filter((line) => line.includes("multiversed") && !/multiversed is not executable: No such file/.test(line))
      // known from systemd 254 on; the image has a newer one
      .filter((line) => version >= 254 || !line.includes("Unknown key 'RestartMode'"));
    expect(left).toEqual([]);
  });

  test("finds it no more exposed than it was", () => {
    const { stdout } = analyze("security", "--offline=true", "--no-pager", UNIT);
    const exposure = Number(/Overall exposure level[^:]*: ([\d.]+)/.exec(stdout)?.[1]);
    expect(exposure).toBeLessThanOrEqual(3.7);
  });
});

test("no capability that loads modules, becomes another user or reboots", () => {
  const allowed = /^CapabilityBoundingSet=(.*)$/m.exec(text)?.[1]?.split(" ") ?? [];
  expect(allowed.sort()).toEqual(
    ["CHOWN", "DAC_OVERRIDE", "NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_RAWIO"].map((name) => `CAP_${name}`),
  );
});

test("where it may pass over the rights of files there are no files of others to write", () => {
  const lines = text.split("\n");
  for (const line of ["ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes"]) expect(lines).toContain(line);
  expect(text).not.toMatch(/^(ReadWritePaths|BindPaths|TemporaryFileSystem)=/m);
});

test("disks may be read and not written", () => {
  const devices = [...text.matchAll(/^DeviceAllow=(\S+) (\S+)$/gm)].map(([, device, access]) => [device, access]);
  expect(devices.filter(([, access]) => access !== "r").map(([device]) => device)).toEqual(["/dev/zfs", "/dev/tpmrm0"]);
});

test("it comes back however often it ends, and its folder stays", () => {
  for (const line of [
    "Restart=always",
    "StartLimitIntervalSec=0",
    "RuntimeDirectoryPreserve=yes",
    "OOMPolicy=continue",
  ])
    expect(text.split("\n")).toContain(line);
});

test("its program is there and hands its words on", () => {
  expect(statSync(PROGRAM).mode & 0o111).toBe(0o111);
  expect(readFileSync(PROGRAM, "utf8")).toMatch(/\nexec \/usr\/lib\/multiverse-node\/node [^"]* daemon "\$@"\n$/);
});

test("a unit that forbids memory to write and execute starts a Node that needs none", () => {
  expect(text).toMatch(/^MemoryDenyWriteExecute=yes$/m);
  expect(readFileSync(PROGRAM, "utf8")).toMatch(/^exec .* --jitless /m);
});

test("the image enables it, as every unit of a host that says for what, but templates", () => {
  const loop = /^for unit in \/usr\/lib[\s\S]*?^done$/m.exec(
    readFileSync(join(REPO, "rescue/configure-host.sh"), "utf8"),
  )?.[0];
  const folder = mkdtempSync(join(tmpdir(), "enable-"));
  try {
    const units = ["multiversed.service", "multiverse-ssh-keys.service", "multiverse-login@.service", "other.service"];
    for (const name of units) writeFileSync(join(folder, name), "[Install]\n");
    writeFileSync(join(folder, "multiverse-by-hand.service"), "[Service]\n");
    const script = `systemctl() { echo "$1 $2"; }\n${loop?.replaceAll("/usr/lib/systemd/system", folder)}`;
    const { stdout } = spawnSync("sh", ["-euc", script], { encoding: "utf8" });
    expect(stdout.trim().split("\n")).toEqual(["enable multiverse-ssh-keys.service", "enable multiversed.service"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
