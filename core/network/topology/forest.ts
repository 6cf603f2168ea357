// Which interface comes behind which: from the adapter outwards in, each interface exactly once, and never a loop.
import type { Interface, NetworkFacts } from "./facts.ts";
import { isTunnel, isWire } from "./hop-kind.ts";
import { defaultRoutes } from "./routes.ts";

export interface Branch {
  link: Interface;
  /** The interface nearer to the wire; null of a root. */
  below: Branch | null;
  above: Branch[];
}

/** Usable ones first: what a bond carries goes on behind the member that still works. */
const better = (one: Interface, other: Interface): number =>
  Number(other.up && other.carrier) - Number(one.up && one.carrier) || one.index - other.index;

/** The members of a bridge or bond that bring the outside in, the best first. */
export function wiresOf(facts: NetworkFacts, owner: Interface): Interface[] {
  const members = facts.interfaces.filter((one) => one.master === owner.name);
  if (owner.hop !== "bridge") return members.sort(better);
  const wires = members.filter((one) => isWire(one.hop) || isTunnel(one.hop));
  if (wires.length > 0) return wires.sort(better);
  // In a machine without hardware a veth is the wire: what has the default route must have one.
  const leadsOut = defaultRoutes(facts).some((route) => route.dev === owner.name);
  const veths = members.filter((one) => one.hop === "veth" && one.lower === null);
  return leadsOut ? veths.sort((one, other) => one.index - other.index).slice(0, 1) : [];
}

/** Every interface once, below the ones it carries; the roots in the kernel's order. */
export function forest(facts: NetworkFacts): Branch[] {
  const byName = new Map(facts.interfaces.map((link) => [link.name, link]));
  const branches = new Map(
    facts.interfaces.map((link): [string, Branch] => [link.name, { link, below: null, above: [] }]),
  );
  const owners = new Set(facts.interfaces.flatMap(({ master }) => (master === null ? [] : [master])));
  const wires = new Map(
    facts.interfaces
      .filter(({ name, hop }) => owners.has(name) || hop === "bridge" || hop === "bond")
      .map((link) => [link.name, wiresOf(facts, link)]),
  );
  for (const branch of branches.values()) {
    const below = branches.get(belowOf(branch.link, byName, wires) ?? "");
    // A veth pair between two bridges, a VLAN on a bridge that the VLAN is a member of: the later link would close a ring.
    if (below === undefined || isBehind(below, branch)) continue;
    branch.below = below;
    below.above.push(branch);
  }
  return [...branches.values()].filter(({ below }) => below === null);
}

function belowOf(
  link: Interface,
  byName: ReadonlyMap<string, Interface>,
  wires: ReadonlyMap<string, readonly Interface[]>,
): string | null {
  const own = wires.get(link.name)?.[0];
  if (own !== undefined) return own.name;
  // A member that is not the wire hangs on its bridge; a bond's members are all wires.
  if (link.master !== null) {
    const among = wires.get(link.master) ?? [];
    return among.some(({ name }) => name === link.name) ? lowerOf(link, byName) : link.master;
  }
  return lowerOf(link, byName);
}

/** The adapter below a VLAN or macvlan; of two veths of one pair, the one in a bridge, else the older one. */
function lowerOf(link: Interface, byName: ReadonlyMap<string, Interface>): string | null {
  const lower = link.lower === null ? undefined : byName.get(link.lower);
  if (lower === undefined) return null;
  if (link.hop !== "veth") return lower.name;
  if (link.master !== null) return null;
  return lower.master !== null || lower.index < link.index ? lower.name : null;
}

function isBehind(branch: Branch | null, other: Branch): boolean {
  for (let one = branch; one !== null; one = one.below) if (one === other) return true;
  return false;
}

/** The branch and everything behind it. */
export function branchAndAbove(branch: Branch): Branch[] {
  return [branch, ...branch.above.flatMap(branchAndAbove)];
}
