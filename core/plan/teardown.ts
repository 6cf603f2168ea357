// What is open on the targets, in the order in which it can be closed: what stands on top comes first.
import type { Disk, Holder } from "../inventory/inventory.ts";
import type { Step } from "./step.ts";

/**
 * One step for each thing that a person would name: an array, an opened volume, the volumes of a group. Empty for disks
 * that nothing is open on. Nothing on a disk is lost by these steps.
 */
export function teardownSteps(targets: readonly Disk[], all: readonly Disk[]): Step[] {
  return inGroups(depthFirst(holdersOf(targets))).map((holders, index) => ({
    id: `close-holder-${index + 1}`,
    title: titleOf(holders, othersOf(holders, targets, all)),
    risk: "closes",
    data: { kind: "close-holder", handles: holders.flatMap(({ handle }) => handle ?? []) },
  }));
}

/** Each once: an array over two targets is on both. */
function holdersOf(targets: readonly Disk[]): Holder[] {
  const found = new Map<string, Holder>();
  for (const holder of targets.flatMap(({ holders }) => holders)) {
    const key = JSON.stringify(holder.handle);
    if (!found.has(key)) found.set(key, holder);
  }
  return [...found.values()];
}

/** Each after everything that stands on it. */
export function depthFirst(holders: readonly Holder[]): Holder[] {
  const order: Holder[] = [];
  const entered = new Set<Holder>();
  const visit = (holder: Holder) => {
    if (entered.has(holder)) return;
    entered.add(holder);
    for (const above of holders) {
      if (above !== holder && above.on.some((kname) => holder.knames.includes(kname))) visit(above);
    }
    order.push(holder);
  };
  for (const holder of holders) visit(holder);
  return order;
}

/** Neighbours of one volume group are closed in one step. */
function inGroups(order: readonly Holder[]): Holder[][] {
  const groups: Holder[][] = [];
  for (const holder of order) {
    const last = groups.at(-1);
    if (last !== undefined && holder.group !== null && last[0]?.group === holder.group) last.push(holder);
    else groups.push([holder]);
  }
  return groups;
}

/** Disks that are no targets and have a part of it: they are not written, but lose their other half. */
function othersOf(holders: readonly Holder[], targets: readonly Disk[], all: readonly Disk[]): string[] {
  return all
    .filter((disk) => !targets.includes(disk) && disk.holders.some((one) => holders.some((each) => same(one, each))))
    .map((disk) => disk.id ?? disk.path);
}

const same = (a: Holder, b: Holder) => JSON.stringify(a.handle) === JSON.stringify(b.handle);

function titleOf(holders: readonly Holder[], others: readonly string[]): string {
  const shown = holders.filter(({ internal }) => !internal);
  const group = holders[0]?.group ?? null;
  const named = ({ name, content }: Holder) => (content === "" ? name : `${name} (${content})`);
  const what =
    group === null
      ? holders.map((holder) => `${named(holder)}, ${holder.what}`).join("; ")
      : `volume group ${group}${shown.length === 0 ? "" : `: ${shown.map(named).join(", ")}`}`;
  return `close ${what}${others.length === 0 ? "" : `; its other part is on ${others.join(", ")}`}`;
}
