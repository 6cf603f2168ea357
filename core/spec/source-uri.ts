// Where the root file system comes from. Only the running live system can be installed from so far.

const LATER = /^(zfs|btrfs|ssh|ext4|xfs|yaml|http|https|file|tar|nfs|rsync):/;

/** What a source URI names: something we can install from, something that comes later, or nothing we know. */
export function classifySource(uri: string): "live" | "later" | "unknown" {
  if (uri === "live:") return "live";
  return LATER.test(uri) ? "later" : "unknown";
}
