// What a system on btrfs has instead of the properties of ZFS: a file of name=value lines (docs/formats/subvolume-tree.md).
import { scrub } from "../inventory/scrub.ts";

/** Below the data that outlives a boot; the initramfs reads it, multiverse-booted.service writes it. */
export const GENERATIONS_FILE = "/var/lib/multiverse/generations";

export interface SubvolumeProperties {
  /** Of g2: multiverse:current, :safe, :tries. */
  g2: Map<string, string>;
  /** Of each release: multiverse:kernel, :booted. */
  releases: Map<string, Map<string, string>>;
}

/** Of a name that stands twice the later line counts, as for the initramfs. */
export function parseGenerations(text: string | null): SubvolumeProperties {
  const found: SubvolumeProperties = { g2: new Map(), releases: new Map() };
  for (const line of (text ?? "").split("\n")) {
    const [, name = "", release, value = ""] = /^([a-z]+)(?:@([A-Za-z0-9_.:-]+))?=(.+)$/.exec(line) ?? [];
    if (name === "") continue;
    const of = release === undefined ? found.g2 : (found.releases.get(release) ?? new Map<string, string>());
    of.set(`multiverse:${name}`, scrub(value));
    if (release !== undefined) found.releases.set(release, of);
  }
  return found;
}
