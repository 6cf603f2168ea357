// Parses `zdb -l`: the label of a pool on one of its devices.
import type { PoolUser } from "./closer-look.ts";
import { scrub } from "./scrub.ts";

export interface ZfsLabel {
  name: string;
  /** Decimal. */
  guid: string;
  /** Whoever imported it last and did not export it; null where it was exported, or by a system without a host id. */
  lastUser: PoolUser | null;
}

/** POOL_STATE_ACTIVE (OpenZFS, sys/fs/zfs.h): imported, or not exported in good order. */
const ACTIVE = "0";

/** Null where there is no label. The first label that is printed speaks for all of them: equal ones are printed once. */
export function parseZfsLabel(output: string): ZfsLabel | null {
  // Those of the vdev tree are indented deeper.
  const field = (name: string) => new RegExp(`^ {4}${name}: (.*)$`, "m").exec(output)?.[1];
  const guid = field("pool_guid");
  if (guid === undefined || !/^[0-9]+$/.test(guid)) return null;
  const text = (name: string) => scrub(field(name)?.replace(/^'(.*)'$/, "$1"));
  const hostid = Number(field("hostid") ?? 0);
  const used = field("state") === ACTIVE && Number.isInteger(hostid) && hostid > 0 && hostid <= 0xffffffff;
  return {
    ...{ name: text("name"), guid },
    lastUser: used ? { hostid: hostid.toString(16).padStart(8, "0"), name: text("hostname") } : null,
  };
}
