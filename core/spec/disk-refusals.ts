// Why no disks are selected: each refusal with what was seen and what would help.
import { ActionableError, EXIT } from "../errors.ts";
import type { Disk } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";
import { tellApart } from "./tell-apart.ts";

export function noneMatches(what: string, evidence: readonly string[], count = 1): ActionableError {
  return new ActionableError({
    code: "no-disk-matches",
    exit: EXIT.refused,
    message:
      count === 1
        ? "No disk of this machine is the one that the spec means."
        : `This machine does not have the ${count} disks that the spec means.`,
    evidence: [what, ...(evidence.length === 0 ? ["this machine has no disks"] : evidence)],
    hint: "Change `disks:` so that it fits these disks; `multiverse probe` shows them all.",
  });
}

export function ambiguous(disks: readonly Disk[], what: string, count = 1): ActionableError {
  return new ActionableError({
    code: "ambiguous-disk",
    exit: EXIT.refused,
    message: "More disks than are wanted are like what the spec means; none is picked.",
    evidence: [what, ...disks.map((disk) => `${describeDisk(disk)}${tellApart(disk, disks)}`)],
    hint:
      count === 1
        ? "Add to `match:` what only the wanted disk has, or name it by its first word above."
        : "Add to `match:` what only the wanted disks have, or list them by their first words above.",
  });
}

export function inUse(disk: Disk, at: string): ActionableError {
  return new ActionableError({
    code: "disk-in-use",
    exit: EXIT.refused,
    message: `${disk.id ?? disk.path} cannot be a target: ${disk.unusable.join("; ")}.`,
    evidence: [`${at}: ${describeDisk(disk)}`, ...disk.unusable],
    hint: "Name another disk, or free this one first (unmount, swapoff, export the pool).",
  });
}

export function withoutIdentity(disk: Disk, at: string): ActionableError {
  return new ActionableError({
    code: "disk-without-identity",
    exit: EXIT.refused,
    message: `${disk.path} has no name that stays: it could be another disk after the next start.`,
    evidence: [`${at}: ${describeDisk(disk)} has no usable link under /dev/disk/by-id (no serial number, no WWN)`],
    hint: "Use another disk. For a virtual machine, give the disk a serial number.",
  });
}

export function namedTwice(disk: Disk, names: readonly string[], at: string): ActionableError {
  return new ActionableError({
    code: "same-disk-twice",
    exit: EXIT.refused,
    message: "One disk is named twice in the list.",
    evidence: [`${at}: ${names.join(" and ")} are both ${describeDisk(disk)}`],
    hint: "List every disk once, by its name under /dev/disk/by-id.",
  });
}
