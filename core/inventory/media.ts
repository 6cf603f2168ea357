// Finds other Multiverse media that are plugged in, and reads their manifests without mounting them.
import { createHash } from "node:crypto";
import { sizeInWords } from "../size-in-words.ts";
import type { Run } from "../tools/run.ts";
import { ask, lastWords } from "./ask-program.ts";
import { readManifest } from "./commands.ts";
import { diskDevices } from "./disk-devices.ts";
import { sharedLinks } from "./identity.ts";
import type { SourceMedium } from "./inventory.ts";
import { ATTACHED, parseManifest, RUNNING } from "./live.ts";
import { type BlockDevice, mountpointsOf } from "./lsblk.ts";
import { scrub } from "./scrub.ts";

/** The name that every Multiverse medium gives the partition with its live squashfs. */
const PARTITION = "multiverse-live";

interface Looking {
  /** Links below /dev of each node. */
  links: ReadonlyMap<string, readonly string[]>;
  run: Run;
  /** Gets what could not be read, and why. */
  notes: string[];
}

interface Candidate {
  disk: BlockDevice;
  /** The partition with the squashfs, or the disk itself where it has no table. */
  device: BlockDevice;
}

/** Every medium with a manifest that can be used, except the one that the running system has mounted. */
export async function findMedia(
  devices: readonly BlockDevice[],
  { links, run, notes }: Looking,
  signal?: AbortSignal,
): Promise<SourceMedium[]> {
  const found: SourceMedium[] = [];
  const candidates = diskDevices(devices).flatMap(candidatesOf);
  const shared = sharedLinks([...links.values()]);
  for (const { disk, device } of candidates) {
    if (mountpointsOf(device).includes(RUNNING.medium)) continue;
    // Copies of one image share one GUID: then only the stick's own name tells which is meant.
    const aliases = namesOf((links.get(device.kname) ?? []).filter((link) => !shared.has(link)));
    const [name] = aliases;
    if (name === undefined) {
      notes.push(`${device.path} looks like a Multiverse medium, but has no name that stays`);
      continue;
    }
    const answer = await ask(run, readManifest(device.path), signal);
    // Whoever may not read disks, or has no program for it, sees no other media.
    if (answer.missing || answer.exit === null) continue;
    const parsed = answer.exit === 0 ? parseManifest(answer.stdout, ATTACHED) : { problem: scrub(lastWords(answer)) };
    if ("problem" in parsed) {
      // Any disk may hold a squashfs; only one that is called ours is worth a word.
      if (device.partlabel === PARTITION) notes.push(`${name}: its manifest cannot be used: ${scrub(parsed.problem)}`);
      continue;
    }
    found.push({
      ...{ device: name, aliases, disk: disk.kname, name: inWords(disk) },
      ...{ manifestSha256: createHash("sha256").update(answer.stdout).digest("hex"), live: parsed.live },
    });
  }
  return found;
}

function candidatesOf(disk: BlockDevice): Candidate[] {
  if (disk.fstype === "squashfs") return [{ disk, device: disk }];
  return (disk.children ?? []).filter((part) => part.partlabel === PARTITION).map((device) => ({ disk, device }));
}

/** by-partuuid first: it is the medium's own, where by-id is made of what the stick says of itself. */
function namesOf(links: readonly string[]): string[] {
  const under = (folder: string) => links.filter((link) => link.startsWith(`disk/${folder}/`)).sort();
  return [...under("by-partuuid"), ...under("by-id")].map((link) => `/dev/${link}`);
}

function inWords(disk: BlockDevice): string {
  // virtio's vendor is a PCI number.
  const words = [disk.vendor, disk.model, disk.serial].map(scrub).filter((word) => !/^(0x[0-9a-f]{4})?$/.test(word));
  return `${words.join(" ") || disk.path}, ${sizeInWords(disk.size ?? 0)}`;
}
