// A host in a network namespace, its router in another: the real tools, the real probes, and every fault made for real.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Endpoint, Hop, Topology } from "../../core/status/network-facts.ts";
import { topology as topologySchema } from "../../core/status/network-facts.ts";
import { makeNamespace, type Namespace, type Running, startIn, whyNoNamespaces } from "./network-host/namespaces.ts";

const why = whyNoNamespaces();
const SERVER = "198.51.100.53";

interface Reading {
  topology: Topology;
  endpoints: Endpoint[];
}

const hops = (hop: Hop): Hop[] => [hop, ...hop.next.flatMap(hops)];
const all = ({ topology }: Reading): Hop[] => topology.roots.flatMap(hops);
const hop = (reading: Reading, id: string): Hop | undefined => all(reading).find((one) => one.id === id);

describe.skipIf(why !== null)(`a real network${why === null ? "" : ` (skipped: ${why})`}`, () => {
  let host: Namespace;
  let router: Namespace;
  let status: Running;
  let server: Running;

  /** The first reading in which it is so. */
  async function reads(fits: (reading: Reading) => boolean): Promise<Reading> {
    const line = await status.until((one) => {
      const said = JSON.parse(one) as Reading | { error: string };
      return "topology" in said && fits(said);
    });
    return JSON.parse(line) as Reading;
  }

  const states = (reading: Reading) => Object.fromEntries(all(reading).map(({ id, state }) => [id, state]));
  const broken = (reading: Reading) =>
    all(reading)
      .filter(({ state }) => state === "broken")
      .map(({ id, trouble }) => `${id} ${trouble}`);
  const isWell = (reading: Reading) =>
    ["up0", "br0", "gateway:192.0.2.1", "gateway:2001:db8::1", `dns:${SERVER}`].every(
      (id) => hop(reading, id)?.state === "ok",
    );

  beforeAll(async () => {
    host = makeNamespace("h");
    router = makeNamespace("r");
    router.ip(`link add far0 type veth peer name up0 netns ${host.name}`);
    router.ip("addr add 192.0.2.1/24 dev far0");
    router.ip("addr add 2001:db8::1/64 dev far0 nodad");
    router.ip(`addr add ${SERVER}/32 dev lo`);
    router.ip("link set far0 up");
    host.ip("link add br0 type bridge");
    host.ip("link set up0 master br0");
    host.ip("link set up0 up");
    host.ip("tuntap add dev vnet0 mode tap");
    host.ip("link set vnet0 master br0");
    host.ip("link set vnet0 up");
    host.ip("link add virbr0 type bridge");
    host.ip("link set virbr0 up");
    host.ip("addr add 192.168.122.1/24 dev virbr0");
    mend();
    await serve();
    status = startIn(host, "status-of-namespace.ts", `nameserver ${SERVER}\n`);
  });

  /** Whether the router answers pings and says that a port is closed; ARP it answers in any case (icmp(7)). */
  function pings(answered: boolean): void {
    const set = (name: string, value: number) => router.exec("sh", "-c", `echo ${value} > /proc/sys/net/ipv4/${name}`);
    set("icmp_echo_ignore_all", answered ? 0 : 1);
    set("icmp_ratelimit", answered ? 0 : 1_000_000);
  }

  async function serve(): Promise<void> {
    server = startIn(router, "name-server.ts", SERVER);
    await server.until((line) => line === "listening");
  }

  /** Everything as it should be, whatever the test before has left. */
  function mend(): void {
    router.ip("link set far0 up");
    router.ip("addr replace 192.0.2.1/24 dev far0");
    // The kernel has dropped it if the link was down.
    router.ip("addr replace 2001:db8::1/64 dev far0 nodad");
    host.ip("link set up0 up");
    pings(true);
    host.ip("link set br0 up");
    host.ip("addr replace 192.0.2.2/24 dev br0");
    host.ip("addr replace 2001:db8::2/64 dev br0 nodad");
    host.ip("route replace default via 192.0.2.1");
    host.ip("-6 route replace default via 2001:db8::1");
  }

  beforeEach(async () => {
    mend();
    await reads(isWell);
  });

  afterAll(async () => {
    await status?.stop();
    await server?.stop();
    host?.remove();
    router?.remove();
  });

  test("is told as a chain from the cable to the name server, as a second look confirms", async () => {
    const reading = await reads(isWell);
    topologySchema.parse(reading.topology);
    expect(reading.topology.roots.map(({ id }) => id)).toEqual(["up0", "virbr0"]);
    expect(broken(reading)).toEqual([]);
    expect(hop(reading, "up0")?.next.map(({ id }) => id)).toEqual(["br0"]);
    expect(hop(reading, "br0")?.next.map(({ id }) => id)).toEqual([
      "vnet0",
      "gateway:192.0.2.1",
      "gateway:2001:db8::1",
    ]);
    expect(hop(reading, "gateway:192.0.2.1")?.next.map(({ id }) => id)).toEqual([`dns:${SERVER}`]);
    expect([hop(reading, "br0")?.network, hop(reading, "virbr0")?.network, hop(reading, "vnet0")?.network]).toEqual([
      ...["wan", "controllers", "controllers"],
    ]);
    for (const name of ["up0", "br0", "vnet0", "virbr0"]) {
      expect(hop(reading, name)?.mac).toBe(host.exec("cat", `/sys/class/net/${name}/address`).trim());
    }
    expect(host.exec("cat", "/sys/class/net/up0/carrier").trim()).toBe("1");
    const far = router.exec("cat", "/sys/class/net/far0/address").trim();
    const gateways = all(reading).filter(({ kind }) => kind === "gateway");
    expect(gateways.map(({ mac }) => mac)).toEqual([far, far]);
    for (const { latencyMs } of gateways) expect(latencyMs).toBeGreaterThanOrEqual(0);
    expect(reading.endpoints.map(({ address, reach }) => [address, reach.state, reach.target])).toEqual([
      ["192.0.2.2", "ok", "192.0.2.1"],
      ["2001:db8::2", "ok", "2001:db8::1"],
      ["192.168.122.1", "unknown", null],
    ]);
  });

  test("a pulled cable is seen at the adapter, and nothing is claimed of what lies behind", async () => {
    router.ip("link set far0 down");
    const reading = await reads((one) => broken(one).includes("up0 no-carrier"));
    expect(broken(reading)).toEqual(["up0 no-carrier"]);
    expect(states(reading)).toMatchObject({ up0: "broken", br0: "unknown", virbr0: "off" });
    expect(host.exec("cat", "/sys/class/net/up0/carrier").trim()).toBe("0");
    expect(reading.endpoints.find(({ address }) => address === "192.0.2.2")?.reach.state).toBe("silent");
  });

  test("a router without its address is silent, and the other family's goes on", async () => {
    router.ip("addr del 192.0.2.1/24 dev far0");
    const reading = await reads((one) => hop(one, "gateway:192.0.2.1")?.state === "broken");
    expect(broken(reading)).toEqual(["gateway:192.0.2.1 gateway-silent"]);
    expect(states(reading)).toMatchObject({ br0: "ok", "gateway:2001:db8::1": "ok", [`dns:${SERVER}`]: "unknown" });
  });

  test("a router that answers no pings is well where what lies behind it answers", async () => {
    pings(false);
    const reading = await reads((one) => hop(one, "gateway:192.0.2.1")?.latencyMs === null);
    expect(broken(reading)).toEqual([]);
    expect(states(reading)).toMatchObject({ "gateway:192.0.2.1": "ok", [`dns:${SERVER}`]: "ok" });
  });

  test("a name server that is gone is at fault alone", async () => {
    await server.stop();
    const reading = await reads((one) => hop(one, `dns:${SERVER}`)?.state === "broken");
    expect(broken(reading)).toEqual([`dns:${SERVER} dns-fails`]);
    expect(hop(reading, `dns:${SERVER}`)?.seen).toBe("nothing listens at its port 53");
    await serve();
  });

  test("a lost address is told of its family, then of the interface", async () => {
    host.ip("addr del 192.0.2.2/24 dev br0");
    const half = await reads((one) => hop(one, "gateway:192.0.2.1")?.trouble === "no-address");
    expect(broken(half)).toEqual(["gateway:192.0.2.1 no-address"]);
    expect(hop(half, "gateway:2001:db8::1")?.state).toBe("ok");
    host.ip("addr del 2001:db8::2/64 dev br0");
    const reading = await reads((one) => hop(one, "br0")?.state === "broken");
    expect(broken(reading)).toEqual(["br0 no-address"]);
    expect(JSON.parse(host.ip("-j -4 addr show dev br0 scope global")).length).toBe(0);
  });

  test("a lost default route is told where it was", async () => {
    host.ip("route del default");
    host.ip("-6 route del default");
    const reading = await reads((one) => hop(one, "br0")?.state === "broken");
    expect(broken(reading)).toEqual(["br0 no-route"]);
    expect(hop(reading, "br0")?.seen).toContain("192.0.2.1");
  });

  test("an adapter that is switched off is told apart from one without a cable", async () => {
    host.ip("link set up0 down");
    const reading = await reads((one) => hop(one, "up0")?.state === "broken");
    expect(broken(reading)).toEqual(["up0 switched-off"]);
  });
});
