// Why no disks are selected: each refusal with what was seen and what would help.
import { ActionableError, EXIT } from "../errors.ts";
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";
import type { Match } from "./schema-match.ts";
import { showMatch } from "./show-match.ts";
import { leavingJust, singlesOut } from "./tell-apart.ts";

/** Nobody reads on; `multiverse disks` shows all. */
const MOST_LINES = 40;

export function noneMatches(what: string, evidence: readonly string[], count = 1): ActionableError {
  return new ActionableError({
    code: "no-disk-matches",
    exit: EXIT.refused,
    message:
      count === 1
        ? "No disk of this machine is the one that the spec means."
        : `This machine does not have the ${count} disks that the spec means.`,
    evidence: [what, ...(evidence.length === 0 ? ["this machine has no disks"] : cut(evidence))],
    hint: "Change `disks:` so that it fits these disks; `multiverse disks --match …` tries a selector.",
  });
}

/** `match` is the selector that fits all of them; null where a name does. */
export function ambiguous(
  disks: readonly Disk[],
  what: string,
  match: Match | null = null,
  count = 1,
): ActionableError {
  const single = singlesOut(disks);
  const inWords = (disk: Disk) => {
    const ways = count === 1 ? single(disk).map(bare) : [];
    return `${describeDisk(disk)}${ways.length === 0 ? "" : `: only this one has ${ways.join(", ")}`}`;
  };
  const ways =
    match === null
      ? []
      : leavingJust(count, match, disks).map((way) => `with ${bare(way.set)} it would be ${namesOf(way.leaves)}`);
  return new ActionableError({
    code: "ambiguous-disk",
    exit: EXIT.refused,
    message: "More disks than are wanted are like what the spec means; none is picked.",
    evidence: [what, ...cut(disks.map(inWords)), ...ways],
    hint:
      count === 1
        ? "Add to `match:` what only the wanted disk has, or name it by its first word above."
        : "Add to `match:` what only the wanted disks have, or list them by their first words above.",
  });
}

/** A selector without the braces around it. */
function bare(match: Match): string {
  return showMatch(match).slice(1, -1);
}

function namesOf(disks: readonly Disk[]): string {
  return cut(
    disks.map((disk) => disk.id ?? disk.path),
    4,
  ).join(", ");
}

function cut(lines: readonly string[], most = MOST_LINES): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more`];
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

export function withoutIdentity(disk: Disk, { disks }: Inventory, at: string): ActionableError {
  const { serial, wwn } = disk;
  const twins = disks.filter(
    (other) => other !== disk && ((serial !== "" && other.serial === serial) || (wwn !== "" && other.wwn === wwn)),
  );
  const twinned =
    twins.length === 0
      ? []
      : [
          `${twins.map(({ path }) => path).join(", ")} says the same serial number or world wide name: two paths to one disk, or copies`,
        ];
  return new ActionableError({
    code: "disk-without-identity",
    exit: EXIT.refused,
    message: `${disk.path} has no name that stays: it could be another disk after the next start.`,
    evidence: [
      `${at}: ${describeDisk(disk)} has no usable link under /dev/disk/by-id${twins.length === 0 ? " (no serial number, no WWN)" : ""}`,
      ...twinned,
    ],
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

/** A disk that was pinned is gone, or was replaced: another one is not to take its place by itself. */
export function pinBroken(cause: ActionableError, at: string): ActionableError {
  return new ActionableError({
    ...{ code: cause.code, exit: cause.exit, message: cause.message, cause },
    evidence: [`${at}: \`pin:\` says which disks the selector once led to`, ...cause.evidence],
    hint: "Take `pin:` out to have the selector choose anew.",
  });
}
