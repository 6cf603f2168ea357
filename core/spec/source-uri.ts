// Where the root file system comes from: the running live system, or another Multiverse medium named by a link that stays.

const LATER = /^(zfs|btrfs|ssh|ext4|xfs|yaml|http|https|file|tar|nfs|rsync):/;

/** Links of udev that lead to the same device after it was pulled and put back; characters as udev writes them. */
const LIVE = /^live:(\/dev\/disk\/by-(?:partuuid|id)\/(?!\.\.?$)[A-Za-z0-9#+.:=@_\\-]{1,200})?$/;

/** What a source URI names: something we can install from, something that comes later, or nothing we know. */
export function classifySource(uri: string): "live" | "later" | "unknown" {
  if (LIVE.test(uri)) return "live";
  return LATER.test(uri) ? "later" : "unknown";
}

/** The device link that a `live:` URI names; null for `live:` itself, which is the running system's own image. */
export function sourceDevice(uri: string): string | null {
  const device = LIVE.exec(uri)?.[1];
  // udev writes GUIDs in lower case; people copy them from tools that do not.
  return device === undefined
    ? null
    : device.replace(/^(\/dev\/disk\/by-partuuid\/)(.*)$/, (_, at, uuid) => `${at}${String(uuid).toLowerCase()}`);
}

/** The URI of a medium, or of the running system's own image. */
export function sourceUri(device: string | null): string {
  return `live:${device ?? ""}`;
}
