import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const TOOLS = new URL("../../initramfs-hooks/scripts/multiverse-live-tools", import.meta.url).pathname;

interface FakeDevice {
  node: string;
  links: string[];
}

const stick = (node: string, serial: string, uuid: string): FakeDevice => ({
  node,
  links: [`disk/by-id/usb-${serial}-part2`, "disk/by-partlabel/multiverse-live", `disk/by-partuuid/${uuid}`],
});

/** Runs `call` after the tools, with a udevadm whose database has these devices. */
function live(call: string, devices: readonly FakeDevice[] = []): string {
  const directory = mkdtempSync(join(tmpdir(), "live-"));
  try {
    const record = ({ node, links }: FakeDevice) => [
      `P: /devices/x/${node}`,
      `N: ${node}`,
      "L: 0",
      ...links.map((link) => `S: ${link}`),
      "E: SUBSYSTEM=block",
      "",
    ];
    writeFileSync(join(directory, "db"), devices.flatMap(record).join("\n"));
    writeFileSync(join(directory, "udevadm"), '#!/bin/sh\n[ "$1" != info ] || cat "$FAKE/db"\n', { mode: 0o755 });
    const script = `panic() { echo "panic: $*"; exit 1; }\nsleep() { :; }\n. ${TOOLS}\n${call}`;
    const env = { ...process.env, FAKE: directory, PATH: `${directory}:${process.env.PATH}` };
    return spawnSync("sh", ["-u", "-c", script], { env, encoding: "utf8" }).stdout.trim();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("the device of the live medium", () => {
  test.each([
    ["", "/dev/disk/by-partlabel/multiverse-live"],
    ["PARTUUID=0a-1", "/dev/disk/by-partuuid/0a-1"],
    ["PARTLABEL=mine", "/dev/disk/by-partlabel/mine"],
    ["/dev/disk/by-id/virtio-x", "/dev/disk/by-id/virtio-x"],
  ])("multiverse.live=%s is %s", (option, path) => {
    expect(live(`live_device '${option}'`)).toBe(path);
  });

  const a = stick("sda2", "A", "11");
  const b = stick("sdb2", "B", "22");
  const other = { node: "vda", links: ["disk/by-id/virtio-multiverse-live"] };

  test("one stick is taken without a word", () => {
    expect(live("live_single /dev/disk/by-partlabel/multiverse-live 1; echo on", [other, a])).toBe("on");
  });

  test("a device without a link is taken without a word", () => {
    expect(live("live_single /dev/vda 1; echo on", [other, a])).toBe("on");
  });

  test("beside another image's stick, one is found by its GUID", () => {
    expect(live("live_single /dev/disk/by-partuuid/22 1; echo on", [a, b])).toBe("on");
  });

  test("two of a name are listed, and none is chosen", () => {
    const said = live("live_single /dev/disk/by-partlabel/multiverse-live 1; echo on", [a, b]);
    expect(said).toContain("more than one device is called /dev/disk/by-partlabel/multiverse-live:");
    expect(said).toContain("  /dev/sda2 /dev/disk/by-id/usb-A-part2\n  /dev/sdb2 /dev/disk/by-id/usb-B-part2\n");
    expect(said).toMatch(/panic: multiverse: More than one device/);
    expect(said).not.toContain("\non");
  });
});
