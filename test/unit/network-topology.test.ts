// The trees of hops: what hangs on what, and at which hop a fault is marked.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { dnsKey, gatewayKey } from "../../core/network/reach/reach.ts";
import { readFacts } from "../../core/network/topology/read-facts.ts";
import { type Hop, topology as topologySchema } from "../../core/status/network-facts.ts";
import type { Argv } from "../../core/tools/run.ts";
import {
  brokenOf,
  type Composed,
  drawn,
  hopIn,
  hopsOf,
  type Json,
  link,
  OFF,
  PULLED,
  portsOf,
  read,
  recorded,
  silent,
  treesAfter,
} from "./network-host/composed.ts";

const DEFAULT = { dst: "default", gateway: "203.0.113.1", dev: "eth0" };
const DNS = { "/etc/resolv.conf": "nameserver 198.51.100.53\n" };
const networkd = (index: unknown, setup: string) => ({
  [`/run/systemd/netif/links/${index}`]: `ADMIN_STATE=${setup}\n`,
});

describe("what is broken", () => {
  const plain: Composed = { links: [link("eth0", null, ["203.0.113.7/24"])], routes: [DEFAULT], files: DNS };
  const eth0 = plain.links[0] as Json;

  test("a cable that was in use and is gone", async () => {
    const topology = await treesAfter([plain, { ...plain, links: [{ ...eth0, ...PULLED }] }]);
    expect(brokenOf(topology)).toEqual(["eth0 no-carrier"]);
    expect(hopIn(topology, "gateway:203.0.113.1")?.state).toBe("unknown");
  });

  test("no cable in a second adapter is no fault", async () => {
    const topology = await treesAfter([{ ...plain, links: [eth0, link("eth1", null, [], PULLED)] }]);
    expect(brokenOf(topology)).toEqual([]);
    expect(hopIn(topology, "eth1")).toMatchObject({ state: "off", trouble: null, seen: "no cable" });
  });

  test("no cable in the only adapter is one, also when it never had an address", async () => {
    const only = link("eth0", null, [], PULLED);
    expect(brokenOf(await treesAfter([{ links: [only] }]))).toEqual(["eth0 no-carrier"]);
    const unmanaged = { links: [only], files: networkd(only.ifindex, "unmanaged") };
    expect(brokenOf(await treesAfter([unmanaged]))).toEqual([]);
  });

  test("a wireless adapter says that it is not connected", async () => {
    const files = { "/sys/class/net/wlan0/phy80211": "" };
    const topology = await treesAfter([{ links: [link("wlan0", null, [], PULLED)], files }]);
    expect(hopIn(topology, "wlan0")).toMatchObject({ kind: "wireless", seen: "not connected to a wireless network" });
  });

  test("switched off: only what is configured or was used", async () => {
    const off: Json = { ...eth0, ...OFF, addr_info: [] };
    expect(brokenOf(await treesAfter([plain, { links: [off] }]))).toEqual(["eth0 switched-off"]);
    expect(brokenOf(await treesAfter([{ links: [off] }]))).toEqual([]);
    const managed = { links: [off], files: networkd(off.ifindex, "configuring") };
    expect(brokenOf(await treesAfter([managed]))).toEqual(["eth0 switched-off"]);
  });

  test("no address: lost, or still asked for", async () => {
    const bare: Json = { ...eth0, addr_info: [{ local: "fe80::1", prefixlen: 64 }] };
    const lost = await treesAfter([plain, { links: [bare] }]);
    expect(hopIn(lost, "eth0")).toMatchObject({ trouble: "no-address", seen: "its address 203.0.113.7 is gone" });
    const asking = { links: [bare], files: networkd(bare.ifindex, "configuring") };
    expect(brokenOf(await treesAfter([asking]))).toEqual(["eth0 no-address"]);
    expect(brokenOf(await treesAfter([{ links: [bare] }]))).toEqual([]);
  });

  test("one family's address lost while the other goes on", async () => {
    const both = { ...eth0, addr_info: [...(eth0.addr_info as Json[]), { local: "2001:db8::7", prefixlen: 64 }] };
    const six = { dst: "default", gateway: "fe80::1", dev: "eth0", pref: "medium" };
    const before = { links: [both], routes: [DEFAULT, six] };
    const after = { links: [{ ...both, addr_info: [{ local: "2001:db8::7", prefixlen: 64 }] }], routes: [six] };
    const topology = await treesAfter([before, after]);
    expect(brokenOf(topology)).toEqual(["gateway:203.0.113.1 no-address"]);
    expect(drawn(topology)).toBe("eth0>(gateway:fe80::1%eth0,gateway:203.0.113.1)");
  });

  test("a router replaced by another is no fault", async () => {
    const topology = await treesAfter([plain, { ...plain, routes: [{ ...DEFAULT, gateway: "203.0.113.2" }] }]);
    expect(brokenOf(topology)).toEqual([]);
    expect(drawn(topology)).toBe("eth0>gateway:203.0.113.2>dns:198.51.100.53");
  });

  test("no route: lost, or none to the name server; a host without either needs none", async () => {
    expect(brokenOf(await treesAfter([plain, { ...plain, routes: [] }]))).toEqual(["eth0 no-route"]);
    expect(brokenOf(await treesAfter([{ ...plain, routes: [] }]))).toEqual(["eth0 no-route"]);
    expect(brokenOf(await treesAfter([{ ...plain, routes: [], files: {} }]))).toEqual([]);
  });

  test("a silent router, and nothing is claimed of the name server behind it", async () => {
    const topology = await treesAfter([plain], {
      ...silent("eth0", "203.0.113.1"),
      [dnsKey("198.51.100.53")]: { state: "silent", seen: "no answer within 2 s" },
    });
    expect(brokenOf(topology)).toEqual(["gateway:203.0.113.1 gateway-silent"]);
    expect(hopIn(topology, "dns:198.51.100.53")).toMatchObject({ state: "unknown", seen: null });
  });

  test("a router that ignores pings is well when a name server behind it answers", async () => {
    const answered = { [dnsKey("198.51.100.53")]: { state: "ok", latencyMs: 8 } as const };
    const topology = await treesAfter([plain], { ...silent("eth0", "203.0.113.1"), ...answered });
    expect(brokenOf(topology)).toEqual([]);
    expect(hopIn(topology, "gateway:203.0.113.1")).toMatchObject({ state: "ok", latencyMs: null });
  });

  test("a name server that fails, behind a router that answers", async () => {
    const topology = await treesAfter([plain], {
      [gatewayKey("eth0", "203.0.113.1")]: { state: "ok", latencyMs: 0.4 },
      [dnsKey("198.51.100.53")]: { state: "silent", seen: "no answer within 2 s" },
    });
    expect(brokenOf(topology)).toEqual(["dns:198.51.100.53 dns-fails"]);
  });
});

describe("bonds, VLANs and bridges", () => {
  const bonded = (first: Json, second: Json): Composed => ({
    links: [
      link("eth0", null, [], { master: "bond0", ...first }),
      link("eth1", null, [], { master: "bond0", ...second }),
      link("bond0", "bond"),
      link("bond0.7", "vlan", ["203.0.113.7/24"], { link: "bond0" }),
      link("bond0.8", "vlan", [], { link: "bond0", master: "br8" }),
      link("br8", "bridge", ["172.16.8.1/24"]),
      link("vnet0", "tun", [], { master: "br8", linkinfo: { info_kind: "tun", info_data: { type: "tap" } } }),
    ],
    routes: [{ ...DEFAULT, dev: "bond0.7" }],
  });

  test("hang on the member that works", async () => {
    expect(drawn(await treesAfter([bonded({}, {})]))).toBe(
      "eth0>bond0>(bond0.7>gateway:203.0.113.1,bond0.8>br8>vnet0) eth1",
    );
    const lost = await treesAfter([bonded(PULLED, {})]);
    expect(drawn(lost)).toBe("eth0 eth1>bond0>(bond0.7>gateway:203.0.113.1,bond0.8>br8>vnet0)");
    expect(brokenOf(lost)).toEqual(["eth0 member-lost"]);
    expect(hopIn(lost, "eth0")?.seen).toContain("bond0 goes on with eth1");
  });

  test("each VLAN is of its own network", async () => {
    const topology = await treesAfter([bonded({}, {})]);
    const networks = ["bond0.7", "br8", "vnet0"].map((id) => hopIn(topology, id)?.network);
    expect(networks).toEqual(["wan", "lan", "controllers"]);
  });

  test("all cables gone: each is told, and nothing behind them", async () => {
    const topology = await treesAfter([bonded({}, {}), bonded(PULLED, PULLED)]);
    expect(brokenOf(topology)[0]).toBe("eth0 no-carrier");
    expect(hopIn(topology, "bond0")?.state).toBe("unknown");
  });

  test("a ring of bridges, VLANs and veths is cut open", async () => {
    const ring: Composed = {
      links: [
        link("br0", "bridge"),
        link("br0.5", "vlan", [], { link: "br0", master: "br1" }),
        link("br1", "bridge"),
        link("br1.6", "vlan", [], { link: "br1", master: "br0" }),
      ],
    };
    expect(hopsOf(await treesAfter([ring])).map(({ id }) => id)).toHaveLength(4);
  });

  test("names that look alike once they are safe to show stay apart", async () => {
    const alike = [link("a\u202e", null, ["203.0.113.7/24"]), link("a\u202d", null)];
    const ids = hopsOf(await treesAfter([{ links: alike }])).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toBe("a?");
  });
});

describe("WireGuard", () => {
  const TIME = 1_800_000_000;
  const wg = (handshake: number, keepalive: string, files = {}): Composed => ({
    links: [
      link("eth0", null, ["203.0.113.7/24"]),
      link("wg0", "wireguard", ["10.0.0.1/24"], {
        link_type: "none",
        flags: ["POINTOPOINT", "NOARP", "UP", "LOWER_UP"],
      }),
    ],
    routes: [DEFAULT],
    files,
    time: TIME,
    programs: {
      "wg show all endpoints": "wg0\tKEY=\t198.51.100.9:51820\n",
      "wg show all latest-handshakes": `wg0\tKEY=\t${handshake}\n`,
      "wg show all persistent-keepalive": `wg0\tKEY=\t${keepalive}\n`,
    },
  });

  test("a peer that is kept alive and silent is a fault; one that may be quiet is not", async () => {
    const silentPeer = await treesAfter([wg(TIME - 600, "25")]);
    expect(brokenOf(silentPeer)).toEqual(["wg0 peer-silent"]);
    expect(hopIn(silentPeer, "wg0")?.seen).toBe("198.51.100.9:51820: no handshake for 10 min");
    expect(brokenOf(await treesAfter([wg(TIME - 100, "25")]))).toEqual([]);
    expect(hopIn(await treesAfter([wg(0, "off")]), "wg0")).toMatchObject({ state: "off", seen: "no handshake yet" });
  });

  test("where no way out works, the way out is at fault", async () => {
    const topology = await treesAfter([wg(TIME - 600, "25")], silent("eth0", "203.0.113.1"));
    expect(brokenOf(topology)).toEqual(["gateway:203.0.113.1 gateway-silent"]);
    expect(hopIn(topology, "wg0")?.state).toBe("unknown");
  });

  test("a program that fails leaves everything else as it is", async () => {
    const composed = wg(0, "25");
    const { "wg show all endpoints": _, ...programs } = composed.programs ?? {};
    const topology = await treesAfter([{ ...composed, programs }]);
    expect([hopIn(topology, "wg0")?.state, hopIn(topology, "eth0")?.state]).toEqual(["unknown", "ok"]);
  });

  test("without the program nothing is claimed", async () => {
    const topology = await treesAfter([{ ...wg(0, "25"), programs: {} }]);
    expect(hopIn(topology, "wg0")?.state).toBe("unknown");
  });
});

test("no secret is ever asked for: wg prints private keys with dump, and with private-key and preshared-keys", async () => {
  const asked: string[] = [];
  const ports = portsOf({ links: [link("wg0", "wireguard")] });
  const run = Object.assign(
    async (argv: Argv) => {
      asked.push(argv.join(" "));
      return await ports.run(argv);
    },
    { pipe: ports.run.pipe },
  );
  await readFacts({ ...ports, run }, new AbortController().signal);
  const wanted = ["endpoints", "latest-handshakes", "persistent-keepalive"].map((what) => `wg show all ${what}`);
  expect(asked.filter((line) => line.startsWith("wg"))).toEqual(wanted);
});

describe("recorded networks", () => {
  test("an adapter, by two versions of ip", async () => {
    const older = await treesAfter([recorded("one-adapter")]);
    expect(drawn(older)).toBe("ifb0 ifb1 eth0>(gateway:192.0.2.1,gateway:fd00::1)");
    expect(drawn(await treesAfter([recorded("one-adapter-newer-ip")]))).toBe(drawn(older));
    topologySchema.parse(older);
  });

  test("bridges with a wire, of controllers and of containers; tunnels; a route by two routers", async () => {
    const topology = await treesAfter([recorded("bridges-and-tunnels")]);
    topologySchema.parse(topology);
    expect(drawn(topology)).toBe(
      "up0>br0>(vnet0,mac0,gateway:203.0.113.1,gateway:2001:db8::1) docker0>veth1a tun0 vx7>virbr0>vnet1 vb>va",
    );
    const networks = (id: string) => hopIn(topology, id)?.network;
    expect(["br0", "vnet0", "docker0", "veth1a", "tun0"].map(networks)).toEqual([
      ...["wan", "controllers", "controllers", "controllers", "tunnel"],
    ]);
  });

  test("IPv6 only, by a router without an address of its own", async () => {
    const topology = await treesAfter([recorded("ipv6-only")]);
    expect(drawn(topology)).toBe("up0>gateway:fe80::1%up0");
    expect(
      hopIn(topology, "up0")
        ?.addresses.map(({ scope }) => scope)
        .sort(),
    ).toEqual([...["global", "link", "unique-local"]]);
  });

  test("a hundred interfaces, each once", async () => {
    const facts = await read(recorded("hundred-interfaces"));
    const ids = hopsOf(await treesAfter([recorded("hundred-interfaces")])).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(facts.interfaces.map(({ name }) => name).toSorted());
    expect(ids).toHaveLength(99);
  });

  test("what is no JSON is one sentence", async () => {
    await expect(read("Object is not there\n")).rejects.toThrow("The answer of `ip` could not be read.");
    await expect(read("")).rejects.toThrow("The answer of `ip` could not be read.");
    await expect(
      read('[{"ifname": 5}, null, [], {"ifindex": 1, "ifname": "x", "addr_info": 7}]\n'),
    ).resolves.toBeDefined();
  });

  test("of an ip that is too slow, what it had printed so far is no reason", async () => {
    const { signal } = new AbortController();
    const failing = (error: Error) => {
      const run = Object.assign(() => Promise.reject(error), { pipe: async () => {} });
      return readFacts({ ...portsOf({ links: [] }), run }, signal);
    };
    const slow = new ProgramError(["ip"], "timeout", null, '[{"dst":"192.0.2.1"}]');
    await expect(failing(slow)).rejects.toThrow(/^ip did not answer within 4 s$/);
    const missing = new ProgramError(["ip"], "missing", null, "");
    await expect(failing(missing)).rejects.toThrow("ip is not installed");
  });
});

const NAMES = ["eth0", "eth1", "br0", "br1", "bond0", "vlan5", "veth0", "veth1", "tap0", "wg0"];
const name = fc.constantFrom(...NAMES);
const anyLink = fc.record({
  kind: fc.constantFrom(null, "bridge", "bond", "vlan", "veth", "tun", "wireguard", "macvlan", "vrf", "openvswitch"),
  master: fc.option(name, { nil: undefined }),
  link: fc.option(name, { nil: undefined }),
  flags: fc.subarray(["UP", "LOWER_UP"]),
  addresses: fc.subarray([
    "203.0.113.7/24",
    "192.168.1.2/24",
    "10.0.0.1/8",
    "fd00::1/64",
    "2001:db8::1/64",
    "fe80::1/64",
  ]),
});
const anyRoute = fc.record({
  dst: fc.constantFrom("default", "203.0.113.0/24", "198.51.100.0/24"),
  gateway: fc.constantFrom("203.0.113.1", "fe80::1", "192.168.1.1"),
  dev: name,
});
const anyNetwork = fc.record({
  links: fc.array(anyLink, { minLength: 1, maxLength: NAMES.length }),
  routes: fc.array(anyRoute, { maxLength: 4 }),
});

function composedOf({ links, routes }: typeof anyNetwork extends fc.Arbitrary<infer T> ? T : never): Composed {
  return {
    links: links.map(({ kind, addresses, ...more }, index) => link(NAMES[index] ?? "", kind, addresses, more)),
    routes,
    files: { "/etc/resolv.conf": "nameserver 198.51.100.53\nnameserver 192.168.1.1\n" },
  };
}

/** How many broken hops are on each way from the root to an end. */
function brokenOnPaths(hop: Hop, before = 0): number[] {
  const count = before + (hop.state === "broken" ? 1 : 0);
  return hop.next.length === 0 ? [count] : hop.next.flatMap((next) => brokenOnPaths(next, count));
}

test("whatever the kernel says: each interface once, ids unique, at most one broken hop on a way, unknown behind it", async () => {
  await fc.assert(
    fc.asyncProperty(anyNetwork, anyNetwork, fc.boolean(), async (before, after, mute) => {
      const reach = mute
        ? { ...silent("eth0", "203.0.113.1"), [dnsKey("198.51.100.53")]: { state: "silent", seen: "x" } as const }
        : {};
      const topology = await treesAfter([composedOf(before), composedOf(after)], reach);
      topologySchema.parse(topology);
      const hops = hopsOf(topology);
      expect(new Set(hops.map(({ id }) => id)).size).toBe(hops.length);
      const interfaces = hops.filter(({ kind }) => kind !== "gateway" && kind !== "dns").map(({ name: one }) => one);
      expect(interfaces.toSorted()).toEqual(NAMES.slice(0, after.links.length).toSorted());
      for (const root of topology.roots) expect(Math.max(...brokenOnPaths(root))).toBeLessThanOrEqual(1);
      for (const hop of hops.filter(({ state }) => state === "broken")) {
        expect(hop.trouble).not.toBeNull();
        expect(hop.seen).not.toBeNull();
        expect(hopsOf({ roots: hop.next }).every(({ state }) => state === "unknown")).toBe(true);
      }
    }),
  );
});
