// What a person who only glances at the screen would want to see at once: states and troubles, not figures.
import type { Hop } from "../../core/status/network-facts.ts";
import type { PartName } from "../../core/status/snapshot.ts";
import type { StatusView } from "../../core/status/view.ts";

/** The same text as long as only figures and ages are new. */
export function whatMatters({ state, why, boot, parts }: StatusView): string {
  const silent = (Object.keys(parts) as PartName[]).filter((name) => parts[name]?.failure != null);
  const units = parts.units?.value;
  return JSON.stringify([
    ...[state, why, boot, Object.keys(parts).length, silent],
    parts.host?.value?.root,
    parts.network?.value?.roots.map(hopStates),
    parts.endpoints?.value?.map(({ address, reach }) => [address, reach.state]),
    parts.controllers?.value?.map((one) => [one.name, one.state, one.reason?.text]),
    parts.pools?.value?.map((pool) => [pool.name, pool.state, pool.errors, pool.scrub.state]),
    parts.disks?.value?.map((disk) => [disk.kname, disk.state]),
    [units?.state, units?.failed.map(({ unit }) => unit)],
    parts.unfinished?.value,
    parts.control?.value,
  ]);
}

const hopStates = ({ id, state, trouble, next }: Hop): unknown => [id, state, trouble, next.map(hopStates)];
