// A small machine and a resolved spec that the unit tests of plan, steps and executor share.
import type { Disk, Inventory, SourceMedium } from "../../core/inventory/inventory.ts";
import { UNKNOWN_STACKS } from "../../core/inventory/stacks/stacks.ts";
import { makePlan } from "../../core/plan/make-plan.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { ResolvedSpec, ZfsRoot } from "../../core/spec/resolved.ts";

const GIB = 1024 ** 3;

export function sampleDisk(overrides: Partial<Disk> = {}): Disk {
  return {
    ...{ id: "virtio-MVTARGET01", aliases: ["virtio-MVTARGET01"], kname: "vda", path: "/dev/vda" },
    ...{ model: "", vendor: "", serial: "MVTARGET01", wwn: "", bus: "virtio", size: 12 * GIB },
    ...{ sector: 512, physicalSector: 512, rotational: false, removable: false, readOnly: false },
    ...{ table: null, tableUuid: null, partitions: [], holders: [], content: [], unusable: [] },
    ...overrides,
  };
}

export function sampleInventory(overrides: Partial<Inventory> = {}): Inventory {
  return {
    version: 1,
    machine: { vendor: "QEMU", product: "Standard PC (Q35 + ICH9, 2009)", serial: "", uuid: "" },
    firmware: { kind: "uefi", secureBoot: false, nvram: true },
    cpu: { model: "QEMU TCG CPU", threads: 2 },
    memory: 2 * GIB,
    consoles: ["tty0", "ttyS0"],
    disks: [sampleDisk()],
    nics: [],
    ...{ notes: [], media: [] },
    pools: { imported: [], importable: [] },
    stacks: UNKNOWN_STACKS,
    live: {
      kernel: {
        ...{ version: "6.12.0-amd64", vmlinuz: "/live/vmlinuz", initrd: "/live/initrd" },
        ...{ vmlinuzSha256: "aa", initrdSha256: "bb" },
      },
      ...{ zfs: "2.3.9", debian: "13" },
      host: { path: "/live/host", treeBytes: "1000", sha256: "cc" },
      sets: {},
      program: { path: "/live/program", treeBytes: "10", sha256: "dd" },
      refind: "/live/refind",
    },
    ...overrides,
  };
}

/** A second stick with the very image that the sample machine runs from. */
export function sampleMedium(overrides: Partial<SourceMedium> = {}): SourceMedium {
  const { live } = sampleInventory();
  if (live === null) throw new Error("the sample machine has no live medium");
  const at = "/run/multiverse/source";
  return {
    ...{ device: SAMPLE_MEDIUM, aliases: [SAMPLE_MEDIUM, "/dev/disk/by-id/usb-Kingston_X-0:0-part2"], disk: "sdb" },
    ...{ name: "Kingston X, 29 GiB", manifestSha256: "ee" },
    live: {
      ...live,
      kernel: { ...live.kernel, vmlinuz: `${at}/medium/vmlinuz`, initrd: `${at}/medium/initrd` },
      host: { ...live.host, path: `${at}/host` },
      program: { ...live.program, path: `${at}/program` },
      refind: `${at}/medium/refind`,
    },
    ...overrides,
  };
}

/** A public key whose private half nobody has: 32 bytes of the letter A. */
export const SAMPLE_KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from("ssh-ed25519"),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, "A"),
]).toString("base64")} grace`;

/** A medium's package set. */
export const SAMPLE_SET = { path: "/live/hypervisor.squashfs", treeBytes: "1500", sha256: "ee" };

/** The sample host with the hypervisor set. */
export function sampleHypervisorPlan(spec: Partial<ResolvedSpec> = {}): Plan {
  const { live } = sampleInventory();
  if (live === null) throw new Error("the sample machine runs the rescue system");
  return samplePlan(
    { packages: { set: "hypervisor", add: [], mirror: null }, ...spec },
    { live: { ...live, sets: { hypervisor: SAMPLE_SET } } },
  );
}

export const SAMPLE_MEDIUM = "/dev/disk/by-partuuid/0000013a-1111-4222-8333-000000000002";

/** The sample plan, copied from the second stick. */
export function sampleMediumPlan(spec: Partial<ResolvedSpec> = {}): Plan {
  return samplePlan(
    { source: { uri: `live:${SAMPLE_MEDIUM}`, device: SAMPLE_MEDIUM }, ...spec },
    { media: [sampleMedium()] },
  );
}

/** The root of the sample host: a pool of its own. */
export const SAMPLE_ROOT: ZfsRoot = {
  ...{ filesystem: "zfs", pool: "saturn", layout: "single", on: "system", size: "rest", system: "jupiter" },
  ...{ extras: {}, datasets: [], poolOptions: {}, encryption: "none", keep: 3, keepReleases: 5 },
};

export function sampleSpec(overrides: Partial<ResolvedSpec> = {}): ResolvedSpec {
  return {
    version: 1,
    host: {
      ...{ name: "jupiter.example.net", timezone: "Europe/Berlin", locale: "en_US.UTF-8", keyboard: "us" },
      ...{ proxy: null, ntp: [] },
    },
    disks: { system: ["virtio-MVTARGET01"] },
    root: SAMPLE_ROOT,
    esp: { size: GIB },
    swap: { kind: "partition", size: GIB / 2 },
    source: { uri: "live:", device: null },
    boot: { loader: "refind", timeout: 5, consoles: ["tty0", "ttyS0"], options: "" },
    users: [{ name: "ada", password: "$6$abc$def", groups: ["sudo"], sshKeys: ["ssh-ed25519 AAAA ada"] }],
    network: [{ name: "lan", macs: [], dhcp: true, addresses: [], gateway: null, dns: [] }],
    admins: [],
    packages: { set: "minimal" as const, add: [], mirror: null },
    salt: "0123456789abcdef",
    confirmErase: ["virtio-MVTARGET01"],
    unattended: false,
    origins: [],
    ...overrides,
  };
}

/** The sample host on a mirror of two disks, the second one larger. */
export function sampleMirrorPlan(spec: Partial<ResolvedSpec> = {}): Plan {
  const disk = (at: number) =>
    sampleDisk({
      id: `virtio-D${at}`,
      serial: `D${at}`,
      kname: `vd${at}`,
      path: `/dev/vd${at}`,
      size: (11 + at) * GIB,
    });
  return samplePlan(
    { disks: { system: ["virtio-D1", "virtio-D2"] }, root: { ...SAMPLE_ROOT, layout: "mirror" }, ...spec },
    { disks: [disk(1), disk(2)] },
  );
}

export function samplePlan(spec: Partial<ResolvedSpec> = {}, inventory: Partial<Inventory> = {}): Plan {
  return makePlan(sampleSpec(spec), sampleInventory(inventory), { now: 0x6740a1b2, saveTo: "/run/multiverse/state" });
}
