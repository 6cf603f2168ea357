// How the host is: pools, disks, temperatures, load, units, updates, what was left unfinished.
import { z } from "zod";
import { wallClock } from "./part.ts";

export const pool = z.strictObject({
  name: z.string(),
  /** Beyond 2^53, so a string. */
  guid: z.string(),
  /** zpoolconcepts(7): ONLINE, DEGRADED, FAULTED, OFFLINE, REMOVED, UNAVAIL, SUSPENDED. */
  state: z.string(),
  /** Bytes, decimal. */
  size: z.string(),
  free: z.string(),
  capacityPercent: z.number(),
  /** Read, write and checksum errors of all its devices. */
  errors: z.number(),
  scrub: z.strictObject({
    state: z.enum(["never", "running", "done", "cancelled"]),
    what: z.enum(["scrub", "resilver"]).nullable(),
    endedAt: wallClock.nullable(),
    percent: z.number().nullable(),
    errors: z.number(),
  }),
  /** Devices that are not ONLINE, by name and state. */
  trouble: z.array(z.strictObject({ device: z.string(), state: z.string() })),
  /** What `zpool status` says of it; null when all is well. */
  advice: z.string().nullable(),
});
export type PoolHealth = z.infer<typeof pool>;

export const diskHealth = z.strictObject({
  /** Model and serial, as in the lists of disks. */
  name: z.string(),
  /** Such as nvme0n1. */
  kname: z.string(),
  bytes: z.number(),
  state: z.enum(["ok", "warning", "failing", "unknown"]),
  why: z.string().nullable(),
  celsius: z.number().nullable(),
});
export type DiskHealth = z.infer<typeof diskHealth>;

export const sensors = z.array(
  z.strictObject({ name: z.string(), celsius: z.number(), criticalCelsius: z.number().nullable() }),
);

export const load = z.strictObject({
  cores: z.number().int(),
  /** Of all cores together, 0 to 100, since the last reading; null at the first. */
  busyPercent: z.number().nullable(),
  /** Bytes. */
  memory: z.strictObject({ total: z.number(), available: z.number() }),
  swap: z.strictObject({ total: z.number(), free: z.number() }),
});
export type Load = z.infer<typeof load>;

export const units = z.strictObject({
  /** systemctl is-system-running: running, degraded, starting, stopping, maintenance … */
  state: z.string(),
  failed: z.array(z.strictObject({ unit: z.string(), description: z.string(), since: wallClock.nullable() })),
});
export type Units = z.infer<typeof units>;

export const update = z.strictObject({
  /** From the package lists that are there; nothing is fetched. */
  packages: z.number().int(),
  security: z.number().int(),
  kernel: z.string().nullable(),
  /** How old the lists are. */
  listsFrom: wallClock.nullable(),
});
export type Update = z.infer<typeof update>;

/** Disks with an install that was not finished (the mark on the ESP, docs/formats/efi-partition.md). */
export const unfinished = z.array(z.strictObject({ disk: z.string(), host: z.string().nullable() }));
