// What other tools say of a host's network, and whether the status says the same: ip, ethtool, sysfs, resolvectl, ping.

import type { Endpoint, Hop, Topology } from "../../core/status/network-facts.ts";
import type { PartName, Parts } from "../../core/status/snapshot.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { FAR } from "./far-router.ts";
import { type Context, DEADLINE } from "./scenario.ts";

interface IpInterface {
  ifname: string;
  address?: string;
  addr_info: { family: string; local: string; prefixlen: number; scope: string }[];
}
interface IpRoute {
  gateway?: string;
  dev: string;
}

interface SecondLook {
  addr: IpInterface[];
  route4: IpRoute[];
  route6: IpRoute[];
  neigh: { dst: string; dev: string; lladdr?: string }[];
  /** One for each adapter: name, carrier and hardware address of sysfs, speed, driver and link of ethtool. */
  nics: { name: string; carrier: string; mac: string; speed: string; driver: string; link: string }[];
  /** "Global: … Link 2 (enp1s0): 192.0.2.53" */
  resolvectl: string;
  /** Exit statuses of ping, by "gateway device". */
  pings: Record<string, number>;
  /** Of resolvectl's own question for a name that only the far server knows. */
  query: number;
}

const LOOK = `
nics=""
for each in /sys/class/net/*; do
  name=\${each##*/}
  [ -e $each/device ] || continue
  said=$(ethtool $name 2>/dev/null)
  of() { printf %s "$said" | sed -n "s/^.*$1: *//p"; }
  nics="$nics\${nics:+,}{\\"name\\":\\"$name\\",\\"carrier\\":\\"$(cat $each/carrier 2>/dev/null)\\",\\"mac\\":\\"$(cat $each/address)\\",\\"speed\\":\\"$(of Speed)\\",\\"driver\\":\\"$(ethtool -i $name | sed -n 's/^driver: //p')\\",\\"link\\":\\"$(of 'Link detected')\\"}"
done
pings=""
for each in $(ip route show default | sed -n 's/.*via \\([^ ]*\\) dev \\([^ ]*\\).*/\\1=\\2/p'); do
  ping -n -c1 -W2 -I \${each#*=} \${each%=*} >/dev/null 2>&1
  pings="$pings\${pings:+,}\\"\${each%=*} \${each#*=}\\":$?"
done
timeout 6 resolvectl query --cache=no -4 ${FAR.name} >/dev/null 2>&1
printf '{"addr":%s,"route4":%s,"route6":%s,"neigh":%s,"nics":[%s],"resolvectl":"%s","pings":{%s},"query":%s}\\n' \\
  "$(ip -j addr)" "$(ip -j route show default)" "$(ip -j -6 route show default)" "$(ip -j neigh)" "$nics" \\
  "$(resolvectl dns | tr '\\n' ' ')" "$pings" $?`;

export const hopsOf = (hops: readonly Hop[]): Hop[] => hops.flatMap((hop) => [hop, ...hopsOf(hop.next)]);

/** "enp1s0 no-carrier" of each broken hop. */
export const brokenHops = ({ roots }: Topology): string[] =>
  hopsOf(roots)
    .filter(({ state }) => state === "broken")
    .map(({ id, trouble }) => `${id} ${trouble}`);

/** Hops behind a broken one that are told as anything else than unknown. */
export function toldBehindBroken({ roots }: Topology): string[] {
  return hopsOf(roots)
    .filter(({ state }) => state === "broken")
    .flatMap(({ next }) => hopsOf(next))
    .filter(({ state }) => state !== "unknown")
    .map(({ id, state }) => `${id} ${state}`);
}

/** What `multiverse status --json` says. */
export async function readStatus(shell: GuestShell): Promise<Parts> {
  const said = await shell.output("multiverse status --json", { deadlineMs: DEADLINE.command });
  return (JSON.parse(said) as { parts: Parts }).parts;
}

/** On a machine that is busy with other things a source may be late: what is given is a status in which these were not. */
export async function readWell(shell: GuestShell, names: readonly PartName[]): Promise<Parts> {
  let parts = await readStatus(shell);
  for (let more = 20; more > 0 && names.some((name) => parts[name].failure !== null); more -= 1)
    parts = await readStatus(shell);
  return parts;
}

/** Compares every figure of the network's part with another tool's, and gives the part. */
export async function compareNetwork(context: Context, shell: GuestShell, when: string): Promise<Topology> {
  const look = JSON.parse(await shell.output(LOOK, { deadlineMs: DEADLINE.command })) as SecondLook;
  const { network, endpoints } = await readWell(shell, ["network", "endpoints"]);
  const topology = network.value ?? { roots: [] };
  const hops = hopsOf(topology.roots);
  const same = (what: string, told: unknown, other: unknown) =>
    context.same(`${when}: ${what}`, JSON.stringify(told), JSON.stringify(other));

  same("the part has not failed", network.failure, null);
  for (const nic of look.nics) {
    const hop = hops.find(({ name }) => name === nic.name);
    const carrier = nic.carrier === "1";
    same(`${nic.name}: link and carrier, by ethtool and sysfs`, lacksCarrier(hop), !carrier);
    same(`${nic.name}: ethtool agrees with sysfs`, nic.link, carrier ? "yes" : "no");
    // Without a link, ethtool goes on telling what a virtio adapter was told to say.
    same(`${nic.name}: speed, by ethtool`, hop?.speed ?? null, carrier ? megabits(nic.speed) : null);
    same(`${nic.name}: driver, by ethtool`, hop?.driver ?? null, nic.driver);
    same(`${nic.name}: hardware address, by sysfs`, hop?.mac ?? null, nic.mac);
  }
  for (const { ifname, addr_info } of look.addr.filter(({ ifname }) => ifname !== "lo")) {
    const told = hops.find(({ kind, name }) => kind !== "gateway" && name === ifname)?.addresses ?? [];
    const other = addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`);
    same(`${ifname}: addresses, by ip`, told.map(({ address, prefix }) => `${address}/${prefix}`).sort(), other.sort());
  }
  compareWaysOut(hops, look, same);
  compareEndpoints(endpoints.value ?? [], look, same);
  return topology;
}

type Same = (what: string, told: unknown, other: unknown) => void;

const lacksCarrier = (hop: Hop | undefined): boolean =>
  hop === undefined || hop.trouble === "no-carrier" || hop.trouble === "switched-off";

/** "1000Mb/s" of ethtool; "Unknown!" of what does not say. */
function megabits(text: string): number | null {
  const found = /^(\d+)Mb\/s$/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function compareWaysOut(hops: readonly Hop[], look: SecondLook, same: Same): void {
  const routes = [...look.route4, ...look.route6].filter(({ gateway }) => gateway !== undefined);
  const gateways = hops.filter(
    ({ kind, trouble }) => kind === "gateway" && trouble !== "no-route" && trouble !== "no-address",
  );
  same(
    "routers, by ip route",
    gateways.map(({ name }) => name.split("%")[0]).sort(),
    [...new Set(routes.map(({ gateway }) => gateway))].sort(),
  );
  for (const gateway of gateways) {
    const plain = gateway.name.split("%")[0];
    const entry = look.neigh.find(({ dst }) => dst === plain);
    same(`${gateway.name}: hardware address, by ip neigh`, gateway.mac, entry?.lladdr ?? null);
    const ping = Object.entries(look.pings).find(([key]) => key.startsWith(`${plain} `));
    // IPv6 routers are asked by ping with their interface in the address; only IPv4's are asked a second time.
    if (ping !== undefined && gateway.state !== "unknown")
      same(`${gateway.name}: whether it answers, by ping`, gateway.state === "ok", ping[1] === 0);
  }
  const servers = hops.filter(({ kind }) => kind === "dns").map(({ name }) => name);
  const known = look.resolvectl
    .split(/\s+/)
    .filter((word) => /^[0-9a-f.:]+(%\w+)?$/i.test(word) && /\d[.:]/.test(word));
  // One that no route leads to is no hop of the tree.
  const told = known.filter((server) => server.includes(":") || look.route4.length > 0);
  same("name servers, by resolvectl", servers.sort(), [...new Set(told)].sort());
  const far = hops.find(({ kind, name }) => kind === "dns" && name === FAR.server);
  same("whether names are found, by resolvectl query", far?.state === "ok", look.query === 0);
}

function compareEndpoints(endpoints: readonly Endpoint[], look: SecondLook, same: Same): void {
  const own = look.addr
    .filter(({ ifname }) => ifname !== "lo")
    .flatMap(({ ifname, addr_info }) =>
      addr_info
        .filter(({ scope }) => scope !== "link")
        .map(({ local, prefixlen }) => `${ifname} ${local}/${prefixlen}`),
    );
  same(
    "endpoints, by ip",
    endpoints.map((each) => `${each.interface} ${each.address}/${each.prefix}`).sort(),
    own.sort(),
  );
}
