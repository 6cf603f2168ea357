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

/** Link names under by-id and by-path, without those that belong to partitions or to more than one disk. */
export function aliasesOf(links: readonly string[], shared: ReadonlySet<string>): string[] {
  return namesUnder([BY_ID, BY_PATH], links, shared);
}

/** Those under by-path alone: where the disk is plugged in. */
export function byPathOf(links: readonly string[], shared: ReadonlySet<string>): string[] {
  return namesUnder([BY_PATH], links, shared);
}

function namesUnder(folders: readonly string[], links: readonly string[], shared: ReadonlySet<string>): string[] {
  return links
    .filter((link) => !shared.has(link))
    .flatMap((link) => folders.filter((folder) => link.startsWith(folder)).map((folder) => link.slice(folder.length)))
    .filter((name) => !/-part[0-9]+$/.test(name))
    .sort();
}

/** The best of a disk's names under /dev/disk/by-id, or null when none stays. */
export function stableIdentity(links: readonly string[], shared: ReadonlySet<string>): string | null {
  const names = namesUnder([BY_ID], links, shared).filter(
    (name) => !EMPTY.test(name) && /^[A-Za-z0-9][A-Za-z0-9_.:+@#=-]*$/.test(name),
  );
  for (const preferred of PREFERRED) {
    const found = names.find((name) => preferred.test(name));
    if (found !== undefined) return found;
  }
  return null;
}
