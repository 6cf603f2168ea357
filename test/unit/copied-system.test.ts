import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { makeHostFile } from "../../core/hardware/host-file.ts";
import { loadTemplate, parseTemplate } from "../../core/hardware/load-template.ts";
import { copiedSystemSteps, FORMER_HOST, lostFlags, whatIsLost } from "../../core/plan/copied-system.ts";
import type { Evidence, Step } from "../../core/plan/step.ts";
import { actionsOf } from "../../core/steps/kinds.ts";
import { inventoryOf } from "./recorded-machine.ts";

const EVIDENCE = { kernel: { version: "6.12.117+deb13-amd64" } } as Evidence;

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** Runs the step's own find(1) on a root of a few files; says which are left, and what its check sees. */
function forget(files: readonly string[], step: Step): { left: string[]; seen: string } {
  folder = mkdtempSync(join(tmpdir(), "copied-"));
  const root = folder;
  for (const path of ["/etc/x", "/var/lib/x", ...files]) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, "x");
  }
  let seen = "";
  for (const action of actionsOf(step, "actions", EVIDENCE)) {
    if (action.do !== "run" && action.do !== "check") throw new Error("an action of another kind");
    const [program, ...words] = action.argv.map((word) => word.replace(/^\/mnt(?=$|\/|\()/, root));
    if (program === "find") seen = execFileSync("find", words, { encoding: "utf8" });
  }
  return { left: files.filter((path) => existsSync(root + path)), seen };
}

async function steps(): Promise<[Step, Step]> {
  const [first, second] = copiedSystemSteps(await inventoryOf("hw-dell-r730xd"));
  if (first === undefined || second === undefined) throw new Error("two steps were expected");
  return [first, second];
}

describe("the former host's identity", () => {
  test("what belongs to nobody stays", async () => {
    const files = [
      ...[
        "/etc/passwd",
        "/etc/systemd/network/README",
        "/etc/systemd/network/sub/10-x.network",
        "/etc/ssh/sshd_config",
      ],
      ...["/etc/ssh/sshd_config.d/10-multiverse.conf", "/etc/lvm/lvm.conf", "/etc/multiverse/other.yml"],
      ...["/var/lib/systemd/timers/x", "/var/lib/libvirt/images/work.qcow2", "/etc/wpa_supplicant/functions.sh"],
      ...["/etc/systemd/system/multi-user.target.wants/x.service", "/etc/udev/rules.d/99-mine.rules"],
    ];
    const [step] = await steps();
    expect(forget(files, step)).toEqual({ left: files, seen: "" });
  });

  test("everything else goes, folders and all, and the check sees nothing of it", async () => {
    const files = [
      ...["/etc/systemd/network/10-lan0.network", "/etc/systemd/network/10-wlm0.link"],
      ...["/etc/udev/rules.d/70-persistent-net.rules", "/etc/wpa_supplicant/wpa_supplicant-wlm0.conf"],
      "/etc/systemd/system/sys-subsystem-net-devices-wlm0.device.wants/wpa_supplicant@wlm0.service",
      ...["/etc/zfs/zpool.cache", "/etc/lvm/devices/system.devices", "/etc/lvm/backup/vg0", "/etc/mdadm/mdadm.conf"],
      ...["/etc/crypttab", "/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_rsa_key.pub"],
      ...["/etc/ssh/host-keys/ssh_host_ed25519_key", "/var/lib/dbus/machine-id", "/var/lib/systemd/random-seed"],
      ...[
        "/etc/multiverse/control/allowed_signers",
        "/etc/multiverse/control/deep/er",
        "/var/lib/multiverse/audit/log",
      ],
    ];
    const [step] = await steps();
    expect(forget(files, step)).toEqual({ left: [], seen: "" });
  });

  test("a root that has none of these folders is no error", async () => {
    const [step] = await steps();
    expect(forget([], step)).toEqual({ left: [], seen: "" });
    expect(new Set(FORMER_HOST).size).toBe(FORMER_HOST.length);
  });
});

test("drivers: one for each kind of storage, network and USB adapter, looked up in the copied system", async () => {
  const { hardware } = await inventoryOf("rescue-guest");
  expect(hardware.needs.map(({ modalias }) => modalias.slice(0, 40))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^pci:v00001B36d0000000D/),
      expect.stringMatching(/^pci:v00001B36d00000010/),
      expect.stringMatching(/^virtio:d00000001v/),
      expect.stringMatching(/^virtio:d00000002v/),
      expect.stringMatching(/^virtio:d00000008v/),
    ]),
  );
  // The display and the random number generator are no reason not to start.
  expect(JSON.stringify(hardware.needs)).not.toMatch(/v00001234d00001111|d00000004v/);
  const [, step] = copiedSystemSteps(await inventoryOf("rescue-guest"));
  if (step === undefined) throw new Error("no second step");
  const actions = actionsOf(step, "actions", EVIDENCE);
  expect(actions).toHaveLength(hardware.needs.length);
  expect(actions[0]).toMatchObject({
    do: "check",
    argv: [
      ...["modprobe", "--resolve-alias", "--dirname", "/mnt", "--set-version", "6.12.117+deb13-amd64"],
      expect.stringMatching(/^pci:/),
    ],
    otherwise: { code: "no-driver" },
  });
});

describe("what this machine lacks", async () => {
  const laptop = await inventoryOf("hw-laptop");
  const r630 = await inventoryOf("hw-dell-r630");
  const former = makeHostFile(laptop, {
    host: "jupiter.example.net",
    template: (await loadTemplate("laptop")).template,
  });

  test("flags, adapters and disks of the former machine", () => {
    expect(lostFlags(former, r630)).toEqual(["avx512f", "avx512vl", "sha_ni"]);
    expect(whatIsLost(former, r630)).toEqual([
      expect.stringMatching(/^the processor lacks avx512f, avx512vl, sha_ni: programs .*illegal instruction/),
      expect.stringMatching(/^adapters that are not here: 5c:87:9c:00:00:01 \(wifi\)/),
      "disks that are not here: nvme-eui.002538b111b2c3d4",
    ]);
  });

  test("nothing, where it comes from; another architecture; and what nobody knows", async () => {
    expect(whatIsLost(former, laptop)).toEqual([]);
    const board = await inventoryOf("hw-board-raspberry-pi-4");
    expect(whatIsLost(former, board)[0]).toMatch(/built for x86_64, and this machine is aarch64: it cannot start/);
    const bare = parseTemplate("t.yml", "version: 1\ntemplate: t\n").template;
    expect(whatIsLost(bare, board)).toEqual([]);
    // A flag that only one of two processors had was of no use to programs.
    const two = parseTemplate(
      "t.yml",
      "version: 1\ntemplate: t\ncpu: [{caps: [aes, sha_ni]}, {caps: [aes]}]\n",
    ).template;
    expect(lostFlags(two, r630)).toEqual([]);
  });
});
