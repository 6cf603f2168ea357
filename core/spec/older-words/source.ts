// `work=`: where a system comes from, as the older command line names it. Parsing and writing are inverse to each other.
import { sourceDevice, sourceUri } from "../source-uri.ts";
import {
  NotInGrammar,
  type Remote,
  readDevice,
  readNames,
  readPath,
  readRemote,
  refuseOddities,
  showRemote,
} from "./uri-parts.ts";

export type WorkSource =
  /** The running system's own image, or that of another medium (a link under /dev/disk). */
  | { kind: "live"; device: string | null }
  /** A spec of today. */
  | { kind: "yaml"; path: string }
  | { kind: "ssh"; remote: Remote; path: string }
  | { kind: "zfs"; remote: Remote | null; pool: string; dataset: string[]; snapshot: string }
  | { kind: "btrfs"; remote: Remote | null; label: string; subvolume: string[] }
  /** A tree on a device, on a file system known by its label, or on another host. */
  | { kind: "ext4" | "xfs"; on: { device: string } | { label: string } | { remote: Remote }; path: string };

const FORMS =
  "live:, yaml:///path, zfs://[user@host:/]pool/dataset@snapshot, btrfs://[user@host:/]LABEL/subvolume, ssh://user@host:/path, ext4://LABEL:/path or xfs:///dev/…:/path";

/** @throws NotInGrammar */
export function parseSource(text: string): WorkSource {
  refuseOddities(text);
  if (text.startsWith("live:")) {
    const device = sourceDevice(text);
    if (device === null && text !== "live:")
      throw new NotInGrammar("names no medium: live:, or live:/dev/disk/by-partuuid/… or by-id/…");
    return { kind: "live", device };
  }
  const [, scheme = "", rest = ""] = /^([a-z0-9]+):\/\/(.+)$/.exec(text) ?? [];
  switch (scheme) {
    case "yaml":
      return { kind: scheme, path: readPath(rest) };
    case "ssh": {
      const { before, after } = cut(rest);
      if (before === null) throw new NotInGrammar("has no host: ssh://user@host:/path");
      return { kind: scheme, remote: readRemote(before), path: readPath(`/${after}`) };
    }
    case "zfs":
      return zfs(rest);
    case "btrfs": {
      const { before, after } = cut(rest);
      const [label = "", ...subvolume] = readNames(after, "label and subvolume");
      if (subvolume.length === 0) throw new NotInGrammar("has no subvolume behind its label");
      return { kind: scheme, remote: before === null ? null : readRemote(before), label, subvolume };
    }
    case "ext4":
    case "xfs": {
      const { before, after } = cut(rest);
      if (before === null) throw new NotInGrammar(`does not say on what: ${scheme}://LABEL:/path or /dev/…:/path`);
      return { kind: scheme, on: place(before), path: readPath(`/${after}`) };
    }
    default:
      throw new NotInGrammar(`is no source; there are ${FORMS}`);
  }
}

function zfs(rest: string): WorkSource {
  const { before, after } = cut(rest);
  const at = after.indexOf("@");
  if (at < 0) throw new NotInGrammar("has no @snapshot");
  const [pool = "", ...dataset] = readNames(after.slice(0, at), "pool and dataset");
  if (dataset.length === 0) throw new NotInGrammar("has no dataset behind its pool");
  const [snapshot = "", ...more] = readNames(after.slice(at + 1), "the snapshot");
  if (more.length > 0) throw new NotInGrammar("has a / behind its @snapshot");
  return { kind: "zfs", remote: before === null ? null : readRemote(before), pool, dataset, snapshot };
}

function place(text: string): Extract<WorkSource, { on: unknown }>["on"] {
  if (text.startsWith("/")) return { device: readDevice(text) };
  if (text.includes("@")) return { remote: readRemote(text) };
  const [label = "", ...more] = readNames(text, "the label");
  if (more.length > 0) throw new NotInGrammar("has a / in its label");
  return { label };
}

/** What stands before and behind the last `:/`: names of links under /dev/disk may hold colons, names of ours do not end in one. */
function cut(text: string): { before: string | null; after: string } {
  const at = text.lastIndexOf(":/");
  return at < 0 ? { before: null, after: text } : { before: text.slice(0, at), after: text.slice(at + 2) };
}

/** The URI that `parseSource` reads as this. */
export function formatSource(source: WorkSource): string {
  const remote = (at: Remote | null) => (at === null ? "" : `${showRemote(at)}:/`);
  switch (source.kind) {
    case "live":
      return sourceUri(source.device);
    case "yaml":
      return `yaml://${source.path}`;
    case "ssh":
      return `ssh://${showRemote(source.remote)}:${source.path}`;
    case "zfs":
      return `zfs://${remote(source.remote)}${[source.pool, ...source.dataset].join("/")}@${source.snapshot}`;
    case "btrfs":
      return `btrfs://${remote(source.remote)}${[source.label, ...source.subvolume].join("/")}`;
    case "ext4":
    case "xfs": {
      const { on } = source;
      const at = "device" in on ? on.device : "label" in on ? on.label : showRemote(on.remote);
      return `${source.kind}://${at}:${source.path}`;
    }
    default:
      return source satisfies never;
  }
}
