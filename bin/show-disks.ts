// Disks as a table for people, and what selectors make of them.
import { stringify } from "yaml";
import type { Disk, Inventory } from "../core/inventory/inventory.ts";
import { sizeInWords } from "../core/size-in-words.ts";
import { describeDisk } from "../core/spec/describe-disk.ts";
import { showMatch } from "../core/spec/show-match.ts";
import type { Tried, TriedSelector } from "../core/spec/try-selectors.ts";
import { asJson } from "./show-inventory.ts";
import { table } from "./tables.ts";

/** As the screens list them: a disk that cannot be used says why in place of what is on it. */
export function disksAsText({ disks }: Inventory): string {
  const head = ["DISK", "NAME", "SERIAL", "BUS", "SIZE", "ON IT NOW"];
  return `${table(head, disks.map(row)).join("\n")}\n`;
}

function row(disk: Disk): string[] {
  const why = [...disk.unusable, ...(disk.id === null ? ["has no name that stays"] : [])];
  return [
    disk.id ?? disk.path,
    [disk.vendor, disk.model].filter((word) => word !== "").join(" ") || disk.bus,
    ...[disk.serial, disk.bus, sizeInWords(disk.size)],
    why.length > 0 ? `cannot be used: ${why.join("; ")}` : disk.content.join(", ") || "empty",
  ];
}

/** Each selector with every disk that fits, that fits and cannot be used, and that does not fit; then what would be pinned. */
export function triedAsText({ selectors, pinned }: Tried): string {
  return `${[...selectors.flatMap(selectorLines), ...(pinned === null ? [] : pinLines(pinned))].join("\n")}\n`;
}

function selectorLines({ match, disks }: TriedSelector): string[] {
  const usable = disks.filter((one) => one.usable);
  const used = disks.filter((one) => one.fits && !one.usable);
  const misfits = disks.filter((one) => !one.fits);
  return [
    `${showMatch(match)}: ${usable.length === 1 ? "one disk fits and can be used" : `${usable.length} disks fit and can be used`}`,
    ...usable.map(({ disk }) => `  fits  ${describeDisk(disk)}`),
    ...used.map(({ disk, reasons }) => `  fits, but cannot be used  ${describeDisk(disk)}: ${reasons.join("; ")}`),
    ...misfits.map(({ disk, reasons }) => `  no    ${describeDisk({ ...disk, content: [] })}: ${reasons.join("; ")}`),
    "",
  ];
}

function pinLines(pinned: NonNullable<Tried["pinned"]>): string[] {
  const yaml = stringify({ disks: { system: pinned } }, { lineWidth: 0 });
  return [
    "An installation would write this into the spec:",
    ...yaml
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

/** docs/formats/disk-list.md. */
export function disksAsJson({ disks }: Inventory, tried: Tried | null): string {
  return asJson({ version: 1, disks, tried: tried === null ? null : triedAsData(tried) });
}

function triedAsData({ count, selectors, pinned, refused }: Tried) {
  return {
    count,
    selectors: selectors.map(({ match, disks }) => ({
      match,
      disks: disks.map(({ disk, fits, usable, reasons }) => ({ id: disk.id, path: disk.path, fits, usable, reasons })),
    })),
    pin: pinned?.pin ?? null,
    refused:
      refused === null
        ? null
        : { code: refused.code, message: refused.message, evidence: refused.evidence, hint: refused.hint ?? null },
  };
}
