// Room for partitions beside others that stay: the largest free stretch of a GPT, or the place of one partition.
import { ActionableError, EXIT } from "../../errors.ts";
import type { TableFacts } from "../../inventory/closer-look.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import { describeDisk } from "../../spec/describe-disk.ts";
import type { DiskUse, ResolvedSpec } from "../../spec/resolved.ts";
import type { Beside, NamedDisk } from "./disk-layout.ts";
import type { Room } from "./geometry.ts";
import { espNeeds, espPartitions, factsOf, sumOf } from "./join-esps.ts";
import { MIB } from "./partition-types.ts";

/**
 * The disk with what is ours of it, where the spec does not use it whole; and whether it gets an ESP.
 * @throws ActionableError `table-not-looked-at`, `not-gpt`, `no-free-space`, `table-full`, `joins-erased-disk`
 */
export function besideOthers(spec: ResolvedSpec, disk: NamedDisk, inventory: Inventory): NamedDisk {
  const use = spec.uses?.[disk.id];
  const named = Array.isArray(spec.esp.join) ? spec.esp.join : null;
  if (use === undefined) {
    if (named !== null) refuseErasedEsp(disk, named);
    return named === null ? disk : { ...disk, joinsEsp: true };
  }
  const beside = besideOf(disk, use, inventory);
  const joins = named !== null || (spec.esp.join !== "none" && roomyEsps(spec, disk, use, inventory).length > 0);
  return { ...disk, beside, room: beside.room, ...(joins ? { joinsEsp: true as const } : {}) };
}

/** ESPs of a disk that stay and have room for our files. */
export function roomyEsps(spec: ResolvedSpec, disk: NamedDisk, use: DiskUse, inventory: Inventory) {
  const needed = sumOf(espNeeds(spec, inventory));
  return espPartitions(disk).filter((partition) => {
    if (use.use === "replace" && use.partuuid === partition.partuuid) return false;
    const facts = inventory.closer?.esps.find(({ partuuid }) => partuuid === partition.partuuid);
    return facts?.problem === null && factsOf(partition, inventory).free >= needed;
  });
}

function besideOf(disk: NamedDisk, use: DiskUse, { closer }: Inventory): Beside {
  const table = closer?.tables.find((each) => each.disk === disk.id);
  refuseTable(disk, table);
  const { partitions, entries } = table;
  const replaced =
    use.use === "replace" ? (partitions.find((each) => each.partuuid === use.partuuid.toLowerCase()) ?? null) : null;
  if (use.use === "replace" && replaced === null) throw tableChanged(disk, use.partuuid);
  const kept = partitions.filter((each) => each !== replaced);
  const taken = new Set(kept.map(({ number }) => number));
  const numbers = Array.from({ length: entries }, (_, at) => at + 1).filter((number) => !taken.has(number));
  return {
    room: replaced === null ? largest(disk, table) : within(replaced.start, replaced.start + replaced.size),
    ...{ numbers: numbers.slice(0, MOST), kept: [...taken].sort((a, b) => a - b) },
    replaced: replaced === null ? null : { number: replaced.number, partuuid: replaced.partuuid },
  };
}

/** More partitions than a layout makes on one disk. */
const MOST = 16;

/** Whole MiB of a stretch of bytes. */
function within(start: number, end: number): Room {
  const from = Math.ceil(start / MIB) * MIB;
  return { start: from, size: Math.max(0, Math.floor(end / MIB) * MIB - from) };
}

/** The largest stretch that no partition has, the first of equal ones. */
export function largest(disk: NamedDisk, { first, end, partitions }: TableFacts): Room {
  let from = first;
  let best: Room = { start: first, size: 0 };
  for (const { start, size } of [...partitions.toSorted((a, b) => a.start - b.start), { start: end, size: 0 }]) {
    const room = within(from, start);
    if (room.size > best.size) best = room;
    from = Math.max(from, start + size);
  }
  if (best.size > 0) return best;
  throw refuse(
    "no-free-space",
    `${disk.id} has no space that no partition has.`,
    [describeDisk(disk), ...disk.partitions.map(({ number, path, content }) => `${number}: ${path} (${content})`)],
    "Make one of them smaller with the system that it belongs to, or name one that may go: `use: {replace: …}`.",
  );
}

function refuseTable(disk: NamedDisk, table: TableFacts | undefined): asserts table is TableFacts {
  if (table === undefined)
    throw refuse(
      "table-not-looked-at",
      `The partition table of ${disk.id} was not read, so nothing can be added to it.`,
      ["a recorded machine does not hold it, and only root can read it"],
      "Make this plan on the machine itself, as root.",
    );
  if (disk.table === "dos")
    throw refuse(
      "not-gpt",
      `${disk.id} has an MBR, and a partition beside others needs a GPT: an MBR gives partitions no identifiers, by which they are addressed, and holds four of them.`,
      [describeDisk(disk)],
      "Convert it with the system that it belongs to (Windows: mbr2gpt), or use another disk.",
    );
  if (table.problem !== null)
    throw refuse(
      "table-unusable",
      `Nothing is added to the partition table of ${disk.id} as it is.`,
      [table.problem],
      "Mend the table first (`sfdisk --verify`, `sgdisk --verify`), or use the whole disk.",
    );
}

function tableChanged(disk: NamedDisk, partuuid: string): ActionableError {
  return refuse(
    "no-such-partition",
    `${disk.id} has no partition ${partuuid} that could be replaced.`,
    [describeDisk(disk)],
    "Look at `multiverse probe`, then name one of its partitions.",
  );
}

function refuseErasedEsp(disk: NamedDisk, named: readonly string[]): void {
  const lost = espPartitions(disk).filter(({ partuuid }) => named.includes(partuuid));
  if (lost.length === 0) return;
  throw refuse(
    "joins-erased-disk",
    `The EFI partition that is to be joined is on ${disk.id}, all of which would be erased.`,
    lost.map(({ path, partuuid }) => `${partuuid} is ${path}`),
    "Leave `esp.join` out, or use only the free space of that disk (`use: free`).",
  );
}

function refuse(code: string, message: string, evidence: readonly string[], hint: string): ActionableError {
  return new ActionableError({ code, exit: EXIT.refused, message, evidence, hint });
}
