// What a host is and what it runs: the header of the status screen.
import { z } from "zod";
import { wallClock } from "./part.ts";

/** Releases are named by the time they were made, seconds since 1970 in hex (docs/formats/dataset-tree.md). */
const release = z.string();

export const hostFacts = z.strictObject({
  /** With its domain, where it has one. */
  name: z.string(),
  /** Of Multiverse. */
  version: z.string(),
  kernel: z.string(),
  /** As the firmware says it; null where it says nothing. */
  machine: z.strictObject({ vendor: z.string(), model: z.string() }).nullable(),
  root: z.strictObject({
    /** Which generation runs; "one" where the file system has no others; "other" where the root is none of ours. */
    generation: z.enum(["g1", "g2", "g3", "one", "other"]),
    /** What it was cloned from. */
    release: release.nullable(),
    /** The release to boot, and the last one known to boot. */
    current: release.nullable(),
    safe: release.nullable(),
    /** The release that runs has not been found good yet; with how many starts were begun. */
    trial: z.strictObject({ tries: z.number().int() }).nullable(),
    /** This start did not take the current release. */
    fellBack: z.strictObject({ from: release, why: z.string() }).nullable(),
  }),
  firmware: z.strictObject({
    kind: z.enum(["uefi", "bios"]),
    secureBoot: z.enum(["on", "off", "setup-mode", "unknown"]),
  }),
  bootedAt: wallClock,
  clock: z.strictObject({
    timezone: z.string(),
    /** null: nothing that would know. */
    synchronized: z.boolean().nullable(),
    server: z.string().nullable(),
    offsetMs: z.number().nullable(),
  }),
  /** The ssh host key, which replies are signed with. `sha256` as ssh-keygen -l prints it; `words` make it easy to compare by eye. */
  hostKey: z.strictObject({ type: z.string(), sha256: z.string(), words: z.array(z.string()) }).nullable(),
});

export type HostFacts = z.infer<typeof hostFacts>;
