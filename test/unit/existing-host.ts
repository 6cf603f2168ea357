// A machine with a pool that another system lives on, and a spec that adds one to it; random ones, too.
import fc from "fast-check";
import type { CloserLook, EspFacts, PoolFacts, PoolSet } from "../../core/inventory/closer-look.ts";
import type { Disk, Inventory, Partition } from "../../core/inventory/inventory.ts";
import { makePlan } from "../../core/plan/make-plan.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { ExistingRoot, ResolvedSpec } from "../../core/spec/resolved.ts";
import { sampleDisk, sampleInventory, sampleSpec } from "./sample-host.ts";

export const GIB = 1024 ** 3;
export const MIB = 1024 ** 2;
export const POOL_GUID = "9876543210987654321";
export const ESP_TYPE = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
export const KNOWN = { now: 0x6740a1b2, saveTo: "/run/multiverse/state" };

export const OUR_MENU = `# Written by multiverse; changes here are lost. The boot menu is kept as YAML on the host.

menuentry "saturn.example.net" {
    icon /EFI/refind/icons/os_debian.png
    loader /EFI/multiverse/saturn.example.net/saturn/0123456789abcdef/vmlinuz
    initrd /EFI/multiverse/saturn.example.net/saturn/0123456789abcdef/initrd
    options "boot=multiverse root=ZFS=${POOL_GUID}/saturn/os/g2@auto quiet"
}
`;

/** PARTUUID of the ESP on the disk with that number. */
export const espUuid = (at: number): string => `e5900000-0000-4000-8000-00000000000${at}`;

export function partition(number: number, more: Partial<Partition>): Partition {
  return {
    ...{ kname: `vda${number}`, path: `/dev/vda${number}`, number, start: number * GIB, size: GIB, type: null },
    ...{ partuuid: null, partlabel: null, filesystem: null, label: null, uuid: null, mountpoints: [], content: "" },
    ...more,
  };
}

/** A disk with an ESP and a member of the pool. */
export function poolDisk(at = 1, more: Partial<Disk> = {}): Disk {
  const kname = `vd${"abcdefgh"[at - 1]}`;
  const own = (number: number) => ({ kname: `${kname}${number}`, path: `/dev/${kname}${number}` });
  return sampleDisk({
    ...{ id: `virtio-POOL${at}`, aliases: [`virtio-POOL${at}`], serial: `POOL${at}`, kname, path: `/dev/${kname}` },
    ...{ table: "gpt", tableUuid: `7ab1e000-0000-4000-8000-00000000000${at}`, size: 40 * GIB },
    partitions: [
      partition(1, {
        ...own(1),
        ...{ type: ESP_TYPE, partuuid: espUuid(at), filesystem: "vfat", content: "EFI system partition" },
      }),
      partition(2, {
        ...own(2),
        ...{ partuuid: `9001f000-0000-4000-8000-00000000000${at}`, filesystem: "zfs_member", size: 38 * GIB },
        ...{ uuid: POOL_GUID, label: "tank", content: "member of pool tank" },
      }),
    ],
    content: ["EFI system partition", "member of pool tank"],
    ...more,
  });
}

const set = (name: string, more: Partial<PoolSet> = {}): PoolSet => ({
  ...{ name, used: GIB, encryptionRoot: null, hostid: null, unfinished: null },
  ...more,
});

export function poolFacts(more: Partial<PoolFacts> = {}): PoolFacts {
  return {
    ...{ name: "tank", guid: POOL_GUID, lastUser: null, problem: null, health: "ONLINE", available: 20 * GIB },
    features: { encryption: "enabled", large_dnode: "enabled", lz4_compress: "active" },
    unsupported: [],
    sets: [set("tank"), set("tank/home"), set("tank/saturn", { hostid: "aabbccdd" })],
    ...more,
  };
}

export function espFacts(at = 1, more: Partial<EspFacts> = {}): EspFacts {
  return {
    ...{ partuuid: espUuid(at), problem: null, free: 600 * MIB },
    paths: [
      ...["EFI/", "EFI/refind/", "EFI/refind/refind_x64.efi", "EFI/refind/refind.conf", "EFI/refind/multiverse.conf"],
      ...["EFI/BOOT/", "EFI/BOOT/BOOTX64.EFI", "EFI/BOOT/refind.conf", "EFI/BOOT/multiverse.conf"],
      "EFI/multiverse/saturn.example.net/saturn/0123456789abcdef/vmlinuz",
    ],
    menus: [
      { folder: "EFI/refind", text: OUR_MENU },
      { folder: "EFI/BOOT", text: OUR_MENU },
    ],
    ...more,
  };
}

/** What Windows leaves on its ESP. */
export const WINDOWS = ["EFI/", "EFI/BOOT/", "EFI/Boot/bootx64.efi", "EFI/Microsoft/Boot/bootmgfw.efi"];

export function closerLook(more: Partial<CloserLook> = {}): CloserLook {
  return { pools: [poolFacts()], esps: [espFacts()], tables: [], bootBytes: 60 * MIB, ...more };
}

export function existingRoot(more: Partial<ExistingRoot> = {}): ExistingRoot {
  return {
    ...{ filesystem: "zfs-existing", pool: "tank", guid: POOL_GUID, takeOverFrom: null, system: "jupiter" },
    ...{ encryption: "none", datasets: [], keep: 3, keepReleases: 5 },
    ...more,
  };
}

export function existingSpec(root: Partial<ExistingRoot> = {}, more: Partial<ResolvedSpec> = {}): ResolvedSpec {
  return sampleSpec({
    ...{ disks: {}, root: existingRoot(root), swap: { kind: "none" }, confirmErase: [] },
    ...more,
  });
}

export function existingInventory(closer: Partial<CloserLook> = {}, more: Partial<Inventory> = {}): Inventory {
  return sampleInventory({
    disks: [poolDisk()],
    pools: { imported: [], importable: [{ name: "tank", guid: POOL_GUID, state: "ONLINE", members: ["vda2"] }] },
    closer: closerLook(closer),
    ...more,
  });
}

export function existingPlan(
  root: Partial<ExistingRoot> = {},
  closer: Partial<CloserLook> = {},
  more: { spec?: Partial<ResolvedSpec>; inventory?: Partial<Inventory> } = {},
): Plan {
  return makePlan(existingSpec(root, more.spec), existingInventory(closer, more.inventory), KNOWN);
}

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((text) => !/^(g[123]|saturn|home)$/.test(text));

/** Every state of an ESP that can be joined. */
const espState = fc.constantFrom("ours", "windows", "replaced", "empty", "foreign refind");

function espOf(at: number, state: string): EspFacts {
  if (state === "ours") return espFacts(at);
  const paths =
    state === "empty"
      ? []
      : state === "foreign refind"
        ? ["EFI/refind/refind.conf", "EFI/refind/multiverse.conf", "EFI/BOOT/BOOTX64.EFI"]
        : WINDOWS;
  return espFacts(at, { paths, menus: [] });
}

/** A spec and the machine that it is for. */
export const randomExisting: fc.Arbitrary<{ spec: ResolvedSpec; inventory: Inventory }> = fc
  .record({
    ...{ system: name, host: name, pool: name, state: espState, disks: fc.integer({ min: 1, max: 3 }) },
    encryption: fc.constantFrom("none" as const, "passphrase" as const),
    swap: fc.constantFrom("none" as const, "zram" as const, "zvol" as const),
    others: fc.uniqueArray(name, { maxLength: 4 }),
    lastUser: fc.option(fc.record({ hostid: fc.constantFrom("0000beef", "aabbccdd"), name })),
    first: fc.boolean(),
    packages: fc.boolean(),
    media: fc.boolean(),
    salt: fc.stringMatching(/^[0-9a-f]{16}$/),
  })
  .map((one) => {
    const sets = [one.pool, `${one.pool}/home`, ...one.others.map((other) => `${one.pool}/other-${other}`)];
    const facts = poolFacts({
      ...{ name: one.pool, lastUser: one.lastUser },
      sets: sets.map((each, at) => set(each, at === 2 ? { hostid: "aabbccdd" } : {})),
    });
    const numbers = Array.from({ length: one.disks }, (_, at) => at + 1);
    const spec = existingSpec(
      {
        ...{ pool: one.pool, system: one.system, encryption: one.encryption },
        takeOverFrom: one.lastUser === null ? null : one.lastUser.hostid,
        datasets: one.media ? [{ name: "media", mountpoint: "/srv/media" }] : [],
      },
      {
        host: { ...sampleSpec().host, name: `${one.host}.example.net` },
        swap: one.swap === "none" ? { kind: "none" } : { kind: one.swap, size: GIB },
        esp: { size: GIB, ...(one.state === "replaced" ? { fallback: "replace" as const } : {}) },
        boot: { ...sampleSpec().boot, ...(one.first ? { order: "first" as const } : {}) },
        packages: { set: "minimal", add: one.packages ? ["vim"] : [], mirror: null },
        salt: one.salt,
      },
    );
    return {
      spec,
      inventory: existingInventory(
        { pools: [facts], esps: numbers.map((at) => espOf(at, one.state)) },
        { disks: [...numbers.map((at) => poolDisk(at)), sampleDisk({ id: "ata-OTHER", serial: "OTHER" })] },
      ),
    };
  });
