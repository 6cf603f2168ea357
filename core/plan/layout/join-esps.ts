// Which ESPs that are there get our files, whether they have room, and what is done about the loaders that they have.
import { ActionableError, EXIT } from "../../errors.ts";
import type { EspFacts } from "../../inventory/closer-look.ts";
import type { Disk, Inventory, Partition } from "../../inventory/inventory.ts";
import { sizeInWords } from "../../size-in-words.ts";
import type { ResolvedSpec } from "../../spec/resolved.ts";
import type { JoinedMenu } from "../step.ts";
import type { JoinedEsp } from "./layout.ts";
import { MIB, PARTITION_TYPE } from "./partition-types.ts";

export interface Joining {
  joined: JoinedEsp[];
  /** For the review, one sentence for each ESP. */
  how: string[];
  notes: string[];
}

/** Where rEFInd goes when none of ours is there: below our own folder, so that no other is in the way. */
export const LOADER = { folder: "/EFI/multiverse/refind", file: "refind_x64.efi" } as const;
const FALLBACK = { folder: "/EFI/BOOT", file: "BOOTX64.EFI" } as const;
/** What another system's fallback loader is called when ours takes its place. */
const KEPT = "/EFI/BOOT/before-multiverse.efi";

/** Of a disk (inventory/unusable.ts): its ESP is the medium's own, or cannot be written. */
const NOT_OURS: ReadonlySet<string> = new Set(["live medium", "holds this installer's state", "read-only"]);

/** rEFInd with its icons. */
const LOADER_BYTES = 4 * MIB;
/** Where the size of kernel and initramfs cannot be looked at yet. */
const USUAL_BOOT_BYTES = 96 * MIB;
/** Processor microcode, which comes with the hypervisor set. */
const MICROCODE_BYTES = 24 * MIB;

/** What one ESP must have room for: two releases, because an update is staged beside the one that works. */
export function espNeeds(spec: ResolvedSpec, { closer }: Pick<Inventory, "closer">): [number, string][] {
  const boot = (closer?.bootBytes ?? USUAL_BOOT_BYTES) + (spec.packages.set === "hypervisor" ? MICROCODE_BYTES : 0);
  return [
    [boot, "kernel and initramfs"],
    [boot, "those of the next release, beside them"],
    [LOADER_BYTES, "the boot loader"],
  ];
}

export const sumOf = (needs: readonly [number, string][]): number => needs.reduce((sum, [bytes]) => sum + bytes, 0);

/** The ESPs of a disk: only those of a GPT have the name that a firmware entry needs. */
export const espPartitions = ({ partitions }: Pick<Disk, "partitions">): (Partition & { partuuid: string })[] =>
  partitions.filter(
    (each): each is Partition & { partuuid: string } => each.type === PARTITION_TYPE.esp && each.partuuid !== null,
  );

/**
 * Those that the spec names, else those on the given disks.
 * @throws ActionableError `no-esp`, `esp-unreadable`, `esp-too-full`, `boot-files-exist`, `fallback-is-taken`, `nothing-would-start`
 */
export function joinEsps(spec: ResolvedSpec, inventory: Inventory, disks: readonly Disk[]): Joining {
  const named = Array.isArray(spec.esp.join) ? spec.esp.join : null;
  const all = inventory.disks
    .filter(({ unusable }) => !unusable.some((why) => NOT_OURS.has(why)))
    .flatMap((disk) => espPartitions(disk).map((partition) => ({ disk, partition })));
  const chosen = all.filter(({ disk, partition }) =>
    named === null ? disks.some(({ kname }) => kname === disk.kname) : named.includes(partition.partuuid),
  );
  if (chosen.length === 0) throw noEsp(all, named !== null);
  const parts = chosen.map(({ disk, partition }) => {
    const facts = factsOf(partition, inventory);
    refuseFullEsp(spec, inventory, partition, facts);
    return joinOne(spec, inventory, disk, partition, facts);
  });
  return {
    joined: parts.map(({ esp }) => esp),
    how: parts.map(({ how }) => how),
    notes:
      disks.length > 0 && named === null
        ? notOnAll(
            disks,
            chosen.map(({ disk }) => disk),
          )
        : [],
  };
}

export function factsOf(partition: Partition & { partuuid: string }, { closer }: Pick<Inventory, "closer">): EspFacts {
  const facts = closer?.esps.find(({ partuuid }) => partuuid === partition.partuuid);
  if (facts?.problem === null) return facts;
  throw new ActionableError({
    code: "esp-unreadable",
    exit: EXIT.refused,
    message: "What is on the EFI system partition is not known, so nothing can be added to it.",
    evidence: [inWords(partition), facts?.problem ?? "it was not looked at"],
    hint: "Name another in `esp: {join: …}`. Reading one needs root; a damaged one is mended by `fsck.vfat`.",
  });
}

export const inWords = ({ path, partuuid, size, content }: Partition): string =>
  `${path} (PARTUUID ${partuuid ?? "none"}, ${sizeInWords(size)}): ${content}`;

function noEsp(all: readonly { partition: Partition }[], named: boolean): ActionableError {
  return new ActionableError({
    code: "no-esp",
    exit: EXIT.refused,
    message: named
      ? "The EFI system partition that the spec names is not there."
      : "The pool's disks have no EFI system partition that the machine could start the new system from.",
    evidence:
      all.length === 0
        ? ["there is none in this machine"]
        : all.map(({ partition }) => `there is ${inWords(partition)}`),
    hint:
      all.length === 0
        ? "Make one of 1 GiB on one of the disks (type EFI system, formatted as FAT32), or use another disk."
        : "Say which is meant: `esp: {join: /dev/disk/by-partuuid/…}`.",
  });
}

function refuseFullEsp(spec: ResolvedSpec, inventory: Inventory, partition: Partition, { free }: EspFacts): void {
  const needs = espNeeds(spec, inventory);
  if (sumOf(needs) <= free) return;
  throw new ActionableError({
    code: "esp-too-full",
    exit: EXIT.refused,
    message: "The EFI system partition has no room for another system's kernels.",
    evidence: [inWords(partition), ...arithmetic(needs, free)],
    hint: "Remove kernels of systems that are gone from it, or name another in `esp: {join: …}`.",
  });
}

export function arithmetic(needs: readonly [number, string][], free: number): string[] {
  const line = (sign: string, bytes: number, what: string) => `${sign} ${sizeInWords(bytes).padEnd(10)} ${what}`;
  return [
    ...needs.map(([bytes, what], at) => line(at === 0 ? " " : "+", bytes, what)),
    line("=", sumOf(needs), "needed"),
    line(" ", free, "free"),
  ];
}

function joinOne(
  spec: ResolvedSpec,
  { firmware }: Inventory,
  disk: Disk,
  partition: Partition & { partuuid: string },
  facts: EspFacts,
): { esp: JoinedEsp; how: string } {
  const { partuuid, number, path } = partition;
  const has = (file: string) => facts.paths.some((each) => each.toLowerCase() === file.slice(1).toLowerCase());
  refuseOurFolder(spec, partition, facts);
  const esp = (menu: Omit<JoinedMenu, "partuuid">): JoinedEsp => ({
    target: { id: disk.id ?? disk.path, size: String(disk.size), serial: disk.serial },
    ...{ number, menu: { partuuid, ...menu } },
  });
  const where = `the EFI partition ${path} of ${disk.id ?? disk.path}`;
  if (facts.menus.length > 0) {
    const menus = facts.menus.map(({ folder, text }) => ({ path: `/${folder}/multiverse.conf`, text }));
    return {
      esp: esp({ menus, loaders: [] }),
      how: `On ${where} our boot menu gets one more entry; its other entries, its default and the firmware's order stay.`,
    };
  }
  const fallback = `${FALLBACK.folder}/${FALLBACK.file}`;
  const stays = has(fallback);
  if (!stays)
    return {
      esp: esp({ menus: [], loaders: [LOADER, FALLBACK] }),
      how: `${where} gets rEFInd in ${LOADER.folder} and as ${fallback}, where nothing was; other loaders stay. ${orderInWords(spec)}`,
    };
  if (spec.esp.fallback === "replace") {
    if (has(`${FALLBACK.folder}/refind.conf`) || has(KEPT)) throw fallbackTaken(partition, KEPT);
    return {
      esp: esp({ menus: [], loaders: [LOADER, FALLBACK], kept: { path: fallback, as: KEPT } }),
      how: `${where} gets rEFInd in ${LOADER.folder} and as ${fallback}; the loader that was there is kept as ${KEPT}, and our menu offers it. ${orderInWords(spec)}`,
    };
  }
  if (!firmware.nvram) throw nothingStarts(partition, fallback);
  return {
    esp: esp({ menus: [], loaders: [LOADER] }),
    how: `${where} gets rEFInd in ${LOADER.folder}; ${fallback} and every other loader stay as they are. ${orderInWords(spec)}`,
  };
}

function orderInWords({ boot }: ResolvedSpec): string {
  return boot.order === "first"
    ? "The firmware starts it first from now on."
    : "The firmware's new entry comes last, so the machine starts as before: choose Multiverse in the firmware's boot menu, or say `boot: {order: first}`.";
}

function refuseOurFolder(spec: ResolvedSpec, partition: Partition, { paths }: EspFacts): void {
  const folder = `EFI/multiverse/${spec.host.name}/${spec.root.system}/`.toLowerCase();
  const there = paths.filter((each) => each.toLowerCase().startsWith(folder));
  if (there.length === 0) return;
  throw new ActionableError({
    code: "boot-files-exist",
    exit: EXIT.refused,
    message: `The EFI partition has kernels of a system ${spec.root.system} of ${spec.host.name} already, which are not touched.`,
    evidence: [inWords(partition), ...there.slice(0, 5)],
    hint: "Give the new system another name (`root: {system: …}`); where that system is gone, remove its folder and its entry in multiverse.conf.",
  });
}

function fallbackTaken(partition: Partition, kept: string): ActionableError {
  return new ActionableError({
    code: "fallback-is-taken",
    exit: EXIT.refused,
    message:
      "The loader in EFI/BOOT cannot be replaced: another rEFInd has its settings there, or it was replaced before.",
    evidence: [inWords(partition), `EFI/BOOT/refind.conf or ${kept} is there`],
    hint: "Use `esp: {fallback: keep}`: ours gets an entry of the firmware's.",
  });
}

function nothingStarts(partition: Partition, fallback: string): ActionableError {
  return new ActionableError({
    code: "nothing-would-start",
    exit: EXIT.refused,
    message:
      "Nothing would start the new system: this firmware takes no boot entries, and another system's loader is where it looks by itself.",
    evidence: [inWords(partition), `${fallback} is there`, "EFI variables cannot be written"],
    hint: "Say `esp: {fallback: replace}`: that loader is kept under another name, and our menu offers it.",
  });
}

function notOnAll(disks: readonly Disk[], having: readonly Disk[]): string[] {
  const without = disks.filter(({ kname }) => !having.some((each) => each.kname === kname));
  if (without.length === 0) return [];
  const names = without.map(({ id, path }) => id ?? path).join(", ");
  return [`${names} of the pool has no EFI partition: it does not start the machine alone.`];
}
