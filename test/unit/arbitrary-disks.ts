// Made-up disks and selectors for properties: few values each, so that disks share some and differ in others.
import fc from "fast-check";
import type { Disk, Inventory } from "../../core/inventory/inventory.ts";
import type { Match } from "../../core/spec/schema-match.ts";
import { sampleDisk, sampleInventory } from "./sample-host.ts";

const GB = 10 ** 9;
const MODELS = [
  "",
  "Samsung SSD 990 PRO 1TB",
  "samsung ssd 990 pro 2TB",
  "WDC *RED?",
  "Größe 4",
  "INTEL SSDSC2KB480G8",
];
const SERIALS = ["", "S1", "S2", "S3", "s*3", "0014"];
const WWNS = ["", "0x5000c500a0b1c2d3", "0x5000c500a0b1c2d4", "eui.0025384131b10001"];
const PLACES = ["", "pci-0000:01:00.0-nvme-1", "pci-0000:02:00.0-nvme-1", "pci-0000:00:17.0-ata-1"];
const CONTENTS = ["Windows (BitLocker)", "member of pool tank", "Debian GNU/Linux 13", "swap"];
const DRIVERS = ["", "nvme", "ahci", "megaraid_sas"];
const PCI = [[], ["0000:00:1d.0", "0000:01:00.0"], ["0000:00:1d.0", "0000:02:00.0"], ["0000:00:17.0"]];
const SIZES = [0.5, 480, 1000, 2000, 3980, 4000, 4001].map((size) => size * GB);
const BUSES = ["nvme", "sata", "sas", "usb"] as const;

const HEALTH = [null, "passed", "failing"] as const;

/** A disk from one number, a digit for each property: drawing sixteen values for a disk took ten times as long as the test. */
function diskOf(seed: number, at: number): Disk {
  let rest = seed;
  const pick = <T>(from: readonly T[]): T => {
    const digit = rest % from.length;
    rest = Math.floor(rest / from.length);
    return from[digit] as T;
  };
  const byPath = pick(PLACES);
  const content = [pick([...CONTENTS, ""]), pick([CONTENTS[0] ?? "", "", ""])];
  const about = {
    ...{ model: pick(MODELS), serial: pick(SERIALS), wwn: pick(WWNS), bus: pick(BUSES), size: pick(SIZES) },
    ...{ vendor: pick(["", "ATA", "Kingston"]), sector: pick([512, 4096]), driver: pick(DRIVERS), pci: pick(PCI) },
    ...{ rotational: pick([true, false]), removable: pick([true, false]), health: pick(HEALTH) },
    ...{ byPath: byPath === "" ? [] : [byPath], content: [...new Set(content)].filter((text) => text !== "") },
  };
  // Of seven disks one cannot be used, and of twelve one has no name that stays.
  const used = pick([0, 0, 0, 1, 0, 0, 0]) === 1;
  const named = pick([1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]) === 1;
  const [kname, id] = [`sd${"abcdefghi"[at]}`, `wwn-0x500000000000000${at}`];
  return sampleDisk({
    ...about,
    ...{ kname, path: `/dev/${kname}`, id: named ? id : null },
    aliases: [...(named ? [id, `scsi-3500000000000000${at}`] : []), ...about.byPath],
    unusable: used ? ["swap in use"] : [],
  });
}

export const machine: fc.Arbitrary<Inventory> = fc
  .array(fc.maxSafeNat(), { maxLength: 9 })
  .map((seeds) => sampleInventory({ disks: seeds.map(diskOf) }));

const pattern = (texts: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...texts.filter((text) => text !== "")), fc.nat(5), fc.constantFrom("", "*", "?"))
    .map(([text, cut, end]) => (end === "" ? text : `${text.slice(0, cut)}${end === "?" ? "*?" : "*"}`));

/** What may be said of one disk alone. */
export const simple: fc.Arbitrary<Match> = fc
  .record(
    {
      model: pattern(MODELS),
      vendor: pattern(["ATA", "Kingston"]),
      serial: pattern(SERIALS),
      wwn: pattern(WWNS),
      "by-id": fc.constantFrom("wwn-*", "*0001", "*3", "scsi-*2", "pci-*"),
      "by-path": pattern(PLACES),
      bus: fc.constantFrom(...BUSES),
      size: fc.constantFrom(
        "> 1 GB",
        "< 2 TB",
        ">= 480 GB, <= 2 TB",
        "4 TB ± 1 %",
        "4 TB +- 1 GB",
        "= 1 TB",
        "1 TB ± 99 %",
      ),
      rotational: fc.boolean(),
      removable: fc.boolean(),
      "sector-size": fc.constantFrom(512 as const, 4096 as const),
      driver: pattern(DRIVERS),
      pci: fc.constantFrom("0000:00:1d.*", "*:01:*", "0000:00:17.0"),
      health: fc.constantFrom("passed" as const, "failing" as const, "unknown" as const),
      empty: fc.boolean(),
      holds: pattern(CONTENTS),
    },
    { requiredKeys: [] },
  )
  // One key in eight: more, and hardly any disk would be like it.
  .chain((all) => fc.subarray(Object.keys(all) as (keyof Match)[], { maxLength: 2 }).map((keys) => only(all, keys)))
  .filter((match) => Object.keys(match).length > 0);

function only(match: Match, keys: readonly (keyof Match)[]): Match {
  return Object.fromEntries(Object.entries(match).filter(([key]) => keys.includes(key as keyof Match)));
}

const { inner } = fc.letrec<{ inner: Match }>((tie) => ({
  inner: fc.oneof(
    { maxDepth: 2 },
    { weight: 5, arbitrary: simple },
    { weight: 1, arbitrary: fc.record({ not: tie("inner") }) },
    { weight: 1, arbitrary: fc.record({ or: fc.array(tie("inner"), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ and: fc.array(tie("inner"), { minLength: 1, maxLength: 2 }) }) },
  ),
}));

/** A selector as a whole, which may want the largest or smallest. */
export const selector: fc.Arbitrary<Match> = fc
  .tuple(inner, fc.constantFrom("", "", "", "largest", "smallest"))
  .map(([match, rank]) =>
    rank === "" ? match : { ...match, size: match.size === undefined ? rank : `${match.size}, ${rank}` },
  );
