// Where the journal of an install lives: the writable partition of the stick, else memory until the target has a place.
import { readFileSync } from "node:fs";

export const STATE = "/run/multiverse/state";
const MEMORY = "/run/multiverse/memory";

export interface JournalPlace {
  path: string;
  /** Survives a power cut. */
  durable: boolean;
}

/** @param mounts text of /proc/self/mounts */
export function journalPlace(mounts: string = readFileSync("/proc/self/mounts", "utf8")): JournalPlace {
  const writable = mounts
    .split("\n")
    .map((line) => line.split(" "))
    .some(([, at, type, options = ""]) => at === STATE && type !== "tmpfs" && options.split(",").includes("rw"));
  return writable ? { path: STATE, durable: true } : { path: MEMORY, durable: false };
}
