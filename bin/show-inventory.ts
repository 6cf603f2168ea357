// An inventory as tables for people and as JSON for programs.
import type { Disk, Inventory } from "../core/inventory/inventory.ts";
import { sizeInWords } from "../core/size-in-words.ts";
import { pairs, table } from "./tables.ts";

export function inventoryAsJson(inventory: Inventory): string {
  return asJson(inventory);
}

/** Sizes are decimal strings: other languages' numbers may not hold them. */
export function asJson(data: unknown): string {
  const sizes = new Set(["size", "start", "memory", "free", "installed", "allocated"]);
  const asText = (key: string, value: unknown): unknown =>
    sizes.has(key) && typeof value === "number" ? String(value) : value;
  return `${JSON.stringify(data, asText, 2)}\n`;
}

export function inventoryAsText(inventory: Inventory): string {
  const { machine, firmware, cpu, live } = inventory;
  const named = [machine.vendor, machine.product].filter((text) => text !== "").join(" ");
  return `${[
    ...pairs([
      ["machine", `${named || "unknown"}${machine.serial === "" ? "" : `, serial ${machine.serial}`}`],
      [
        "firmware",
        firmware.kind === "bios"
          ? "BIOS"
          : `UEFI, Secure Boot ${firmware.secureBoot ? "on" : "off"}, boot entries ${firmware.nvram ? "writable" : "not writable"}`,
      ],
      ["processor", `${cpu.model || "unknown"}, ${cpu.threads} threads`],
      ["memory", sizeInWords(inventory.memory)],
      ["consoles", inventory.consoles.join(", ") || "none found"],
      [
        "medium",
        live === null
          ? "not started from the rescue system"
          : `Debian ${live.debian}, Linux ${live.kernel.version}, ZFS ${live.zfs}`,
      ],
    ]),
    "",
    ...table(["DISK", "NAME NOW", "MODEL", "SIZE", "ON IT NOW", "CAN BE A TARGET"], inventory.disks.map(diskRow)),
    "",
    ...table(
      ["ADAPTER", "MAC", "DRIVER", "LINK", "ADDRESSES"],
      inventory.nics
        .filter((nic) => nic.physical)
        .map((nic) => [
          nic.name,
          nic.mac,
          nic.driver ?? "",
          nic.carrier ? "up" : "no carrier",
          nic.addresses.join(" "),
        ]),
    ),
    ...poolLines(inventory),
    ...mediumLines(inventory),
    ...inventory.notes.map((note) => `! ${note}`),
  ].join("\n")}\n`;
}

function diskRow(disk: Disk): string[] {
  const usable =
    disk.unusable.length > 0
      ? `no: ${disk.unusable.join("; ")}`
      : disk.id === null
        ? "no: has no name that stays"
        : "yes";
  return [
    disk.id ?? "-",
    disk.path,
    disk.model || disk.vendor,
    `${sizeInWords(disk.size)} ${disk.bus}`,
    disk.content.join(", ") || "empty",
    usable,
  ];
}

function poolLines({ pools }: Inventory): string[] {
  const imported = pools.imported.map((pool) => `pool ${pool.name} is imported (${pool.guid})`);
  const importable = pools.importable.map(
    (pool) => `pool ${pool.name} can be imported (${pool.guid}, ${pool.state}): ${pool.members.join(", ")}`,
  );
  return imported.length + importable.length === 0 ? [] : ["", ...imported, ...importable];
}

function mediumLines({ media }: Inventory): string[] {
  const lines = media.map(
    ({ device, name, live }) => `source live:${device} (${name}): Debian ${live.debian}, Linux ${live.kernel.version}`,
  );
  return lines.length === 0 ? [] : ["", ...lines];
}
