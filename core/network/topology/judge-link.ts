// Judges one interface: switched on, cable, address, route; expected of it only what it had or what networkd is set to.
import type { Interface, NetworkFacts } from "./facts.ts";
import { type Branch, branchAndAbove, wiresOf } from "./forest.ts";
import { isTunnel } from "./hop-kind.ts";
import { type NetworkMemory, seenOf } from "./memory.ts";
import { defaultRoutes, routeTo } from "./routes.ts";
import { broken, fine, unused, type Verdict } from "./verdict.ts";

export interface Surroundings {
  facts: NetworkFacts;
  memory: NetworkMemory;
  roots: readonly Branch[];
}

/** WireGuard's peers are judged apart; everything else that an interface itself tells is here. */
export function judgeLink(branch: Branch, around: Surroundings): Verdict {
  const { link } = branch;
  const guest = isGuest(branch);
  if (!link.up) return switchedOff(branch, around, guest);
  if (!link.carrier) return noCarrier(branch, around, guest);
  // The kernel gives a bridge that never had a member a carrier.
  if (link.kind === "bridge" && !around.facts.interfaces.some(({ master }) => master === link.name))
    return unused("nothing is attached");
  if (guest || link.master !== null) return fine;
  return judgeAddress(branch, around);
}

/** A controller's end of a bridge, or a container's: not used while nothing is attached. */
function isGuest({ link, below }: Branch): boolean {
  return link.hop === "tap" || (link.hop === "veth" && below !== null && link.addresses.length === 0);
}

const FAMILIES = [4, 6] as const;

/** Whether it, or what it carries, had an address that others could reach. */
function wasUsed(branch: Branch, memory: NetworkMemory): boolean {
  return branchAndAbove(branch)
    .filter((one) => one === branch || !isGuest(one))
    .some(({ link }) => FAMILIES.some((family) => seenOf(memory, link.name).addresses[family].length > 0));
}

const isManaged = (branch: Branch): boolean =>
  branchAndAbove(branch).some(({ link }) => link.networkd?.managed === true);

function switchedOff(branch: Branch, { memory }: Surroundings, guest: boolean): Verdict {
  const expected = !guest && (wasUsed(branch, memory) || isManaged(branch));
  return expected
    ? broken("switched-off", `${branch.link.name} is configured, but switched off`)
    : unused("switched off");
}

function noCarrier(branch: Branch, around: Surroundings, guest: boolean): Verdict {
  const { link, below } = branch;
  if (guest) return unused(link.hop === "tap" ? "nothing is attached" : "the other end is switched off");
  if (link.hop === "bridge" && below === null) return unused("nothing is attached");
  const owner = around.facts.interfaces.find(({ name }) => name === link.master);
  const others = owner === undefined ? [] : wiresOf(around.facts, owner).filter((one) => one.name !== link.name);
  const working = others.find((one) => one.up && one.carrier);
  const lack =
    link.hop === "wireless" ? "not connected to a wireless network" : "no carrier: no cable, or its other end is off";
  if (owner !== undefined && working !== undefined)
    return broken("member-lost", `${lack}; ${owner.name} goes on with ${working.name}`);
  if (link.hop === "bond" && below === null) return unused("no members");
  if (wasUsed(branch, around.memory)) return broken("no-carrier", lack);
  const configured = isManaged(branch) || around.facts.interfaces.every(({ networkd }) => networkd === null);
  return below === null && configured && isWireRoot(branch) && isOnlyWay(branch, around)
    ? broken("no-carrier", lack)
    : unused(link.hop === "wireless" ? "not connected" : "no cable");
}

const isWireRoot = ({ link }: Branch): boolean => link.hop === "nic" || link.hop === "wireless";

/** No other adapter has a carrier, and no default route leads out by something that is no adapter. */
function isOnlyWay(branch: Branch, { roots, facts }: Surroundings): boolean {
  const others = roots.filter((root) => root !== branch);
  if (others.some((root) => isWireRoot(root) && root.link.up && root.link.carrier)) return false;
  const ways = defaultRoutes(facts).map(({ dev }) => dev);
  return !others.some((root) => branchAndAbove(root).some(({ link }) => link.carrier && ways.includes(link.name)));
}

function judgeAddress(branch: Branch, { facts, memory, roots }: Surroundings): Verdict {
  const { link } = branch;
  const seen = seenOf(memory, link.name);
  const has = link.addresses.some(({ scope }) => scope !== "link");
  if (!has) {
    const had = FAMILIES.flatMap((family) => seen.addresses[family]);
    if (had.length > 0) return broken("no-address", `its address ${had[0]} is gone`);
    if (link.networkd?.setup === "configuring" || link.networkd?.setup === "failed")
      return broken("no-address", "nobody has given it an address (DHCP, router advertisement)");
    return branch.above.length > 0 || !isWireRoot(branch) ? fine : unused("no address");
  }
  return judgeRoute(link, facts, memory, roots);
}

/** A default route that was there and has no successor, or name servers to which no route leads. */
function judgeRoute(link: Interface, facts: NetworkFacts, memory: NetworkMemory, roots: readonly Branch[]): Verdict {
  if (isTunnel(link.hop) || defaultRoutes(facts).length > 0) return fine;
  const { gateways } = seenOf(memory, link.name);
  const lost = gateways[4] ?? gateways[6];
  if (lost !== null)
    return broken("no-route", lost === "" ? "the default route is gone" : `the default route by ${lost} is gone`);
  const cut = facts.servers.find((server) => routeTo(facts, server) === null && !/^127\.|^::1$/.test(server));
  const first = roots.flatMap(branchAndAbove).find((one) => isOutward(one) && one.link.carrier);
  return cut !== undefined && first?.link === link
    ? broken("no-route", `no route leads to the name server ${cut}`)
    : fine;
}

/** With an address, and not a network of controllers. */
function isOutward({ link, below }: Branch): boolean {
  if (isTunnel(link.hop) || link.hop === "tap" || (link.hop === "bridge" && below === null)) return false;
  return link.addresses.some(({ scope }) => scope !== "link" && scope !== "host");
}
