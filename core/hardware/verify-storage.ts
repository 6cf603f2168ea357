// Buses and disks that a template asks for, held against those of the machine: which is which is found by what fits best.

import type { StorageBus } from "../inventory/hardware/hardware.ts";
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";
import { globMatches } from "../spec/glob.ts";
import { type Check, check, scoreOf } from "./check.ts";
import { countHolds, patternHolds, patternsInWords, sizeHolds } from "./compare.ts";
import type { TemplateBus, TemplateDisk } from "./schema.ts";

/** A bus of the machine with the disks that belong to it for good. */
export interface BusWithDisks {
  bus: StorageBus;
  disks: Disk[];
}

const KINDS: ReadonlySet<string> = new Set(["sas", "sata", "nvme", "virtio", "usb", "mmc", "scsi", "ide"]);

/** The medium that the system runs from is pulled one day: it belongs to no machine. */
export function busesOf({ hardware, disks }: Inventory): BusWithDisks[] {
  const stay = (disk: Disk) =>
    !disk.unusable.some((why) => why === "live medium" || why === "holds this installer's state");
  return hardware.storage.map((bus) => ({
    bus,
    disks: disks.filter((disk) => bus.disks.includes(disk.kname) && stay(disk)),
  }));
}

export interface StorageVerdict {
  checks: Check[];
  /** Which of the machine's buses stands for which of the template's. */
  assigned: Map<string, BusWithDisks>;
}

export function verifyStorage(stated: Readonly<Record<string, TemplateBus>>, inventory: Inventory): StorageVerdict {
  const entries = Object.entries(stated);
  const buses = busesOf(inventory);
  const assigned = assign(entries, buses);
  const checks = entries.flatMap(([name, bus]) => {
    const is = assigned.get(name);
    return is === undefined ? [missingBus(name, bus, buses)] : checkBus(name, bus, is);
  });
  return { checks, assigned };
}

function kindOf(name: string, bus: TemplateBus): string | undefined {
  return bus.kind ?? (KINDS.has(name) ? name : undefined);
}

type Entry = readonly [string, TemplateBus];

/**
 * The assignment with the most points. Tried out whole for a few buses, which is all that people write; taken one after
 * the other for more.
 */
function assign(entries: readonly Entry[], buses: readonly BusWithDisks[]): Map<string, BusWithDisks> {
  const may = ([name, stated]: Entry, { bus }: BusWithDisks) => {
    const kind = kindOf(name, stated);
    return kind === undefined || kind === bus.kind;
  };
  // That a bus is there at all is worth more than anything on it.
  const worth = ([name, stated]: Entry, bus: BusWithDisks) => 1000 + scoreOf(checkBus(name, stated, bus)).points;
  const best = (
    left: readonly Entry[],
    free: readonly BusWithDisks[],
  ): { points: number; pairs: [string, BusWithDisks][] } => {
    const [entry, ...others] = left;
    if (entry === undefined) return { points: 0, pairs: [] };
    const options = free.filter((bus) => may(entry, bus));
    const tried = (
      left.length > 5 ? options.toSorted((a, b) => worth(entry, b) - worth(entry, a)).slice(0, 1) : options
    ).map((bus) => {
      const rest = best(
        others,
        free.filter((other) => other !== bus),
      );
      return {
        points: worth(entry, bus) + rest.points,
        pairs: [[entry[0], bus] as [string, BusWithDisks], ...rest.pairs],
      };
    });
    const without = best(others, free);
    return [...tried, without].reduce((a, b) => (b.points > a.points ? b : a));
  };
  return new Map(best(entries, buses).pairs);
}

function missingBus(name: string, stated: TemplateBus, buses: readonly BusWithDisks[]): Check {
  const kind = kindOf(name, stated) ?? "storage";
  const { disks } = stated;
  const amount = disks === undefined ? "" : ` with ${Array.isArray(disks) ? disks.length : disks} disks`;
  const there = buses.map(({ bus, disks: on }) => `${bus.kind} (${on.length} disks)`).join(", ");
  const said = ["driver", "mode", "removable", "rotational", "size"].filter((key) => Object.hasOwn(stated, key)).length;
  return {
    ...check(["peripherals", "storage", name], `the bus ${name}`, {
      ...{ says: `a ${kind} bus${amount}`, has: `none (buses here: ${there || "none"})`, holds: false },
    }),
    points: 1 + said + (Array.isArray(disks) ? disks.length : disks === undefined ? 0 : 1),
  };
}

function checkBus(name: string, stated: TemplateBus, { bus, disks }: BusWithDisks): Check[] {
  const path = ["peripherals", "storage", name];
  const checks = [check(path, `the bus ${name}`, { says: "a bus", has: bus.kind, holds: true })];
  const about = (key: string, what: string, verdict: Parameters<typeof check>[2]) =>
    checks.push(check([...path, key], what, verdict));
  if (stated.driver !== undefined)
    about("driver", `the driver of ${name}`, {
      ...{ says: patternsInWords(stated.driver), has: bus.driver ?? "not known" },
      holds: bus.driver === null ? undefined : patternHolds(stated.driver, [bus.driver]),
    });
  if (stated.mode !== undefined)
    about("mode", `the RAID card of ${name}`, {
      ...{ says: `${stated.mode} mode`, has: bus.raid === null ? "no RAID card" : `in ${bus.raid} mode` },
      // Without a disk nobody can tell; an adapter that is no RAID card shows its disks.
      holds: bus.raid === "empty" ? undefined : (bus.raid ?? "hba") === stated.mode,
    });
  const each = (key: "removable" | "rotational", yes: string, no: string) => {
    const wanted = stated[key];
    if (wanted === undefined) return;
    const others = disks.filter((disk) => disk[key] !== wanted);
    const has = `${others.map((disk) => disk.path).join(", ")} ${wanted ? no : yes}`;
    about(key, `what the disks of ${name} are`, { says: wanted ? yes : no, has, holds: others.length === 0 });
  };
  each("removable", "removable", "not removable");
  each("rotational", "spinning", "flash");
  if (stated.size !== undefined) {
    const { size } = stated;
    const others = disks.filter((disk) => !sizeHolds(size, disk.size));
    const has = others.map((disk) => `${sizeInWords(disk.size)} for ${disk.path}`).join(", ");
    about("size", `the size of the disks of ${name}`, { says: size, has, holds: others.length === 0 });
  }
  if (Array.isArray(stated.disks)) checks.push(...checkDisks(name, stated.disks, disks, bus));
  else if (stated.disks !== undefined)
    about("disks", `the number of disks of ${name}`, {
      ...{ says: String(stated.disks), has: `${disks.length}${hides(bus)}` },
      holds: countHolds(stated.disks, disks.length),
    });
  return checks;
}

const hides = (bus: StorageBus) => (bus.raid === "raid" ? " (the card is in RAID mode and hides its disks)" : "");

/** Each description takes the first disk that fits it wholly; what is left over is compared in order. */
function checkDisks(name: string, stated: readonly TemplateDisk[], disks: readonly Disk[], bus: StorageBus): Check[] {
  const free = new Set(disks);
  const fitting = stated.map((one) => {
    const found = [...free].find((disk) => whyNot(one, disk).length === 0);
    if (found !== undefined) free.delete(found);
    return found;
  });
  const left = [...free];
  return stated.map((one, at) => {
    const path = ["peripherals", "storage", name, "disks", at];
    const what = `disk ${at + 1} of ${name}`;
    if (fitting[at] !== undefined) return check(path, what, { says: "this", has: "this", holds: true });
    const disk = left.shift();
    if (disk === undefined) return check(path, what, { says: inWords(one), has: `none${hides(bus)}`, holds: false });
    const misses = whyNot(one, disk);
    const says = misses.map((miss) => miss.says).join(", ");
    return check(path, what, { says, has: misses.map((miss) => miss.has).join(", "), holds: false });
  });
}

function whyNot(stated: TemplateDisk, disk: Disk): { says: string; has: string }[] {
  const misses: { says: string; has: string }[] = [];
  const miss = (wrong: boolean, says: string, has: string) => {
    if (wrong) misses.push({ says, has: has || "not known" });
  };
  const { id, model, serial, size, rotational } = stated;
  const names = [disk.id ?? "", ...disk.aliases];
  if (id !== undefined) miss(!names.some((one) => one !== "" && globMatches(id, one)), id, disk.id ?? disk.path);
  if (model !== undefined) miss(!patternHolds(model, [disk.model]), patternsInWords(model), disk.model);
  if (serial !== undefined)
    miss(!globMatches(serial, disk.serial), `serial ${serial}`, disk.serial && `serial ${disk.serial}`);
  if (size !== undefined) miss(!sizeHolds(size, disk.size), size, sizeInWords(disk.size));
  const kind = (spins: boolean) => (spins ? "spinning" : "flash");
  if (rotational !== undefined) miss(rotational !== disk.rotational, kind(rotational), kind(disk.rotational));
  const sector = stated["sector-size"];
  if (sector !== undefined) miss(sector !== disk.sector, `sectors of ${sector}`, `sectors of ${disk.sector}`);
  return misses;
}

function inWords({ id, model, serial, size }: TemplateDisk): string {
  const words = [model && patternsInWords(model), size, serial && `serial ${serial}`, id].filter(
    (text) => text !== undefined,
  );
  return words.join(", ") || "any disk";
}
