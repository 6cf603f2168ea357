// Which disk a spec means: a path, a name or a selector becomes one disk with a stable identity, or a refusal that says why.
import { ActionableError, EXIT } from "../errors.ts";
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";
import { globMatches } from "./glob.ts";
import { holds, parseComparisons } from "./quantity.ts";
import type { Spec } from "./schema.ts";

export type DiskSpec = NonNullable<Spec["disks"]>[string];
type Match = NonNullable<Exclude<DiskSpec, string>["match"]>;

/** Selected disks are known by this; it is what plans address. */
export type IdentifiedDisk = Disk & { id: string };

/** "nvme-eui.… (Samsung 990 PRO, 931 GiB; Windows, EFI system partition)" */
export function describeDisk(disk: Disk): string {
  const what = [disk.model, sizeInWords(disk.size)].filter((text) => text !== "").join(", ");
  const content = disk.content.length === 0 ? "" : `; holds ${disk.content.join(", ")}`;
  return `${disk.id ?? disk.path} (${what}${content})`;
}

/**
 * The one disk that is meant. `at` is where the spec says it, for the messages.
 * @throws ActionableError exit 4: `no-disk-matches`, `ambiguous-disk`, `disk-in-use`, `disk-without-identity`
 */
export function selectDisk(stated: DiskSpec, inventory: Inventory, at: string): IdentifiedDisk {
  const disk =
    typeof stated === "string"
      ? byName(stated, inventory, at)
      : stated.path === undefined
        ? byMatch(stated.match ?? {}, inventory, at)
        : byName(stated.path, inventory, at);
  if (disk.unusable.length > 0) throw inUse(disk, at);
  const { id } = disk;
  if (id === null) {
    throw new ActionableError({
      code: "disk-without-identity",
      exit: EXIT.refused,
      message: `${disk.path} has no name that stays: it could be another disk after the next start.`,
      evidence: [`${at}: ${describeDisk(disk)} has no usable link under /dev/disk/by-id (no serial number, no WWN)`],
      hint: "Use another disk. For a virtual machine, give the disk a serial number.",
    });
  }
  return { ...disk, id };
}

/** The identities of confirmed disks: a person may have written any of a disk's names; one of a disk that is not there stays as it is. */
export function confirmedIdentities(names: readonly string[], inventory: Inventory): string[] {
  return names.map(
    (name) => inventory.disks.find((disk) => disk.id === name || disk.aliases.includes(name))?.id ?? name,
  );
}

function byName(name: string, inventory: Inventory, at: string): Disk {
  const wanted = name.replace(/^\/dev\/disk\/by-(id|path)\//, "");
  const found = inventory.disks.filter(
    (disk) => disk.id === wanted || disk.aliases.includes(wanted) || disk.path === name,
  );
  if (found[0] !== undefined && found.length === 1) return found[0];
  if (found.length > 1) throw ambiguous(found, `${at}: the name ${name} leads to ${found.length} disks`);
  const whole = inventory.disks.find(
    (disk) =>
      disk.partitions.some((part) => part.path === name) ||
      [disk.id ?? "", ...disk.aliases].some((alias) => alias !== "" && wanted.startsWith(`${alias}-part`)),
  );
  const evidence = inventory.disks.map((disk) => `${describeDisk(disk)} is ${disk.path}`);
  throw noneMatches(
    whole === undefined
      ? `${at}: there is no disk ${name}`
      : `${at}: ${name} is a partition of ${whole.path}, and a whole disk is needed`,
    evidence,
  );
}

function byMatch(match: Match, inventory: Inventory, at: string): Disk {
  const judged = inventory.disks.map((disk) => ({ disk, misses: whyNot(match, disk) }));
  const fitting = judged.filter((one) => one.misses.length === 0).map((one) => one.disk);
  if (fitting.length === 0) {
    throw noneMatches(
      `${at}: no disk is like this`,
      judged.map((one) => `${describeDisk(one.disk)}: ${one.misses.join("; ")}`),
    );
  }
  // A disk in use is never meant; but it must not make the choice silently smaller either when nothing else is left.
  const free = fitting.filter((disk) => disk.unusable.length === 0);
  if (free.length > 1) throw ambiguous(free, `${at}: ${free.length} disks are like this, and one is wanted`);
  const [first] = free.length === 1 ? free : fitting;
  if (first === undefined || (free.length === 0 && fitting.length > 1))
    throw noneMatches(
      `${at}: every disk that is like this is in use`,
      fitting.map((disk) => `${describeDisk(disk)}: ${disk.unusable.join("; ")}`),
    );
  return first;
}

/** Every property in which a disk differs from what is wanted. */
function whyNot(match: Match, disk: Disk): string[] {
  const misses: string[] = [];
  const pattern = (what: string, wanted: string | undefined, is: readonly string[]) => {
    if (wanted !== undefined && !is.some((text) => globMatches(wanted, text)))
      misses.push(`its ${what} is ${is[0] ? is[0] : "not known"}, not ${wanted}`);
  };
  const exact = (what: string, wanted: string | number | boolean | undefined, is: string | number | boolean) => {
    if (wanted !== undefined && wanted !== is) misses.push(`${what} is ${is}, not ${wanted}`);
  };
  pattern("model", match.model, [disk.model]);
  pattern("vendor", match.vendor, [disk.vendor]);
  pattern("serial", match.serial, [disk.serial]);
  pattern("wwn", match.wwn, [disk.wwn]);
  pattern(
    "by-id name",
    match["by-id"],
    [disk.id ?? "", ...disk.aliases].filter((name) => name !== ""),
  );
  exact("its bus", match.bus, disk.bus);
  exact("rotational", match.rotational, disk.rotational);
  exact("removable", match.removable, disk.removable);
  exact("its sector size", match["sector-size"], disk.sector);
  if (match.size !== undefined && !holds(parseComparisons(match.size) ?? [], disk.size)) {
    misses.push(`its size is ${sizeInWords(disk.size)} (${disk.size} bytes), not ${match.size}`);
  }
  return misses;
}

function noneMatches(what: string, evidence: readonly string[]): ActionableError {
  return new ActionableError({
    code: "no-disk-matches",
    exit: EXIT.refused,
    message: "No disk of this machine is the one that the spec means.",
    evidence: [what, ...(evidence.length === 0 ? ["this machine has no disks"] : evidence)],
    hint: "Change `disks:` so that it fits one of these disks; `multiverse probe` shows them all.",
  });
}

function ambiguous(disks: readonly Disk[], what: string): ActionableError {
  return new ActionableError({
    code: "ambiguous-disk",
    exit: EXIT.refused,
    message: "More than one disk is like what the spec means; none is picked.",
    evidence: [what, ...disks.map((disk) => `${describeDisk(disk)}${tellApart(disk, disks)}`)],
    hint: "Add to `match:` what only the wanted disk has, or name it by its first word above.",
  });
}

/** What singles a disk out among the others. */
function tellApart(disk: Disk, among: readonly Disk[]): string {
  const only = (get: (disk: Disk) => string) =>
    get(disk) !== "" && among.filter((other) => get(other) === get(disk)).length === 1;
  const ways = [
    only((one) => one.serial) ? `serial: "${disk.serial}"` : "",
    only((one) => one.wwn) ? `wwn: "${disk.wwn}"` : "",
    only((one) => one.model) ? `model: "${disk.model}"` : "",
    only((one) => one.bus) ? `bus: ${disk.bus}` : "",
    only((one) => String(one.size)) ? `size: "= ${disk.size} B"` : "",
  ].filter((way) => way !== "");
  return ways.length === 0 ? "" : `: only this one has ${ways.join(", ")}`;
}

function inUse(disk: Disk, at: string): ActionableError {
  return new ActionableError({
    code: "disk-in-use",
    exit: EXIT.refused,
    message: `${disk.id ?? disk.path} cannot be a target: ${disk.unusable.join("; ")}.`,
    evidence: [`${at}: ${describeDisk(disk)}`, ...disk.unusable],
    hint: "Name another disk, or free this one first (unmount, swapoff, export the pool).",
  });
}
