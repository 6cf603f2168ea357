// What a person would call what is on a partition, from its type, its file system and what was read from it.
import { sizeInWords } from "../size-in-words.ts";
import type { BlockDevice } from "./lsblk.ts";
import { scrub } from "./scrub.ts";

/** GPT types by GUID and MBR types by number (lsblk's parttype). */
const TYPES: Readonly<Record<string, string>> = {
  "c12a7328-f81f-11d2-ba4b-00a0c93ec93b": "EFI system partition",
  "0xef": "EFI system partition",
  "e3c9e316-0b5c-4db8-817d-f92df00215ae": "Microsoft reserved",
  "de94bba4-06d1-4d40-a16a-bfd50179d6ac": "Windows recovery",
  "0x27": "Windows recovery",
  "21686148-6449-6e6f-744e-656564454649": "BIOS boot partition",
  "7c3457ef-0000-11aa-aa11-00306543ecac": "macOS (APFS)",
  "48465300-0000-11aa-aa11-00306543ecac": "macOS (HFS+)",
  "6a945a3b-1dd2-11b2-99a6-080020736631": "reserved by ZFS",
  "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f": "swap",
  "0x82": "swap",
};

export const ESP_TYPES: ReadonlySet<string> = new Set(["c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0xef"]);

/** What was read from the partition itself. */
export interface Found {
  /** PRETTY_NAME of os-release. */
  os?: string;
  /** Folders under EFI/. */
  loaders?: readonly string[];
}

/** One short phrase. */
export function describeContent(device: BlockDevice, found: Found = {}): string {
  const label = scrub(device.label);
  const named = label === "" ? "" : ` "${label}"`;
  const byType = TYPES[(device.parttype ?? "").toLowerCase()];
  if (found.os !== undefined) return scrub(found.os);
  if (byType === "EFI system partition") return describeLoaders(byType, found.loaders ?? []);
  switch (device.fstype) {
    case "BitLocker":
      return "Windows (BitLocker)";
    case "ntfs":
      return byType ?? `Windows file system (NTFS)${named}`;
    case "zfs_member":
      return label === "" ? "member of a ZFS pool" : `member of pool ${label}`;
    case "crypto_LUKS":
      return `encrypted (LUKS)${named}`;
    case "LVM2_member":
      return "LVM physical volume";
    case "linux_raid_member":
      return `member of RAID${named}`;
    case "swap":
      return "swap";
    case "apfs":
      return "macOS (APFS)";
    case null:
    case undefined:
    case "":
      return byType ?? `unknown content, ${sizeInWords(device.size ?? 0)}`;
    default:
      return byType ?? `${scrub(device.fstype)} file system${named}`;
  }
}

const LOADER_NAMES: Readonly<Record<string, string>> = {
  microsoft: "Windows",
  debian: "Debian",
  ubuntu: "Ubuntu",
  fedora: "Fedora",
  refind: "rEFInd",
  multiverse: "Multiverse",
  systemd: "systemd-boot",
};

function describeLoaders(what: string, folders: readonly string[]): string {
  // EFI/BOOT is on every one of them and says nothing.
  const names = folders
    .filter((name) => !/^boot$/i.test(name))
    .map((name) => LOADER_NAMES[name.toLowerCase()] ?? scrub(name));
  return names.length === 0 ? what : `${what} (${names.join(", ")})`;
}

/** PRETTY_NAME of an os-release file (os-release(5)); undefined when there is none. */
export function parseOsRelease(text: string): string | undefined {
  const [, quoted, plain] = /^PRETTY_NAME=(?:"([^"\n]*)"|'?([^'\n]*)'?)$/m.exec(text) ?? [];
  const name = scrub(quoted ?? plain);
  return name === "" ? undefined : name;
}

/** Folder names of `mdir -b -i DEV ::/EFI`: lines such as "::/EFI/debian/". */
export function parseLoaders(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, name] = /^::\/EFI\/([^/]+)\/$/i.exec(line.trim()) ?? [];
    return name === undefined ? [] : [scrub(name)];
  });
}
