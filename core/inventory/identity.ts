// Which of a disk's names is the one that stays: across starts, ports and namespaces.

const BY_ID = "disk/by-id/";
const BY_PATH = "disk/by-path/";

/** Best first. What comes from the medium itself (EUI, UUID, WWN) before what is composed from model and serial. */
const PREFERRED: readonly RegExp[] = [
  /^nvme-eui\./,
  /^nvme-uuid\./,
  /^wwn-0x/,
  /^nvme-nvme\./,
  // With the namespace at its end. Without it the link wanders across the namespaces of one drive.
  /^nvme-.+_[0-9]+$/,
  /^scsi-3/,
  /^ata-/,
  /^scsi-/,
  /^virtio-/,
  /^mmc-/,
  /^usb-/,
];

/** Identifiers that say nothing: firmware that leaves them empty. */
const EMPTY = /^(nvme-eui\.|wwn-0x)0+$/;

/** Names that two devices claim lead to either of them, so to none. */
export function sharedLinks(linksOfDisks: Iterable<readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const links of linksOfDisks) {
    for (const link of new Set(links)) {
      if (seen.has(link)) shared.add(link);
      seen.add(link);
    }
  }
  return shared;
}

/** A disk's link names, without those that belong to partitions or to more than one disk; each list sorted. */
export interface Names {
  byId: string[];
  /** Where the disk is plugged in. */
  byPath: string[];
}

export function namesOf(links: readonly string[], shared: ReadonlySet<string>): Names {
  const names: Names = { byId: [], byPath: [] };
  for (const link of links) {
    const byId = link.startsWith(BY_ID);
    if ((!byId && !link.startsWith(BY_PATH)) || shared.has(link) || /-part[0-9]+$/.test(link)) continue;
    if (byId) names.byId.push(link.slice(BY_ID.length));
    else names.byPath.push(link.slice(BY_PATH.length));
  }
  names.byId.sort();
  names.byPath.sort();
  return names;
}

/** Both together. */
export function aliasesOf({ byId, byPath }: Names): string[] {
  return [...byId, ...byPath].sort();
}

/** The best of a disk's names under /dev/disk/by-id, or null when none stays. */
export function stableIdentity({ byId }: Names): string | null {
  const names = byId.filter((name) => !EMPTY.test(name) && /^[A-Za-z0-9][A-Za-z0-9_.:+@#=-]*$/.test(name));
  for (const preferred of PREFERRED) {
    const found = names.find((name) => preferred.test(name));
    if (found !== undefined) return found;
  }
  return null;
}
