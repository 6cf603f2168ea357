// Addresses and what is told by them: prefixes, networks of the plan, regions, name servers, whose a tap is.
import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regionsOf } from "../../core/network/regions.ts";
import { endpointsOf } from "../../core/network/topology/endpoints.ts";
import { inPrefix, parseAddress, scopeOf } from "../../core/network/topology/ip-address.ts";
import { parseNameServers } from "../../core/network/topology/name-servers.ts";
import { wiredNetwork } from "../../core/network/topology/network-kind.ts";
import { withControllers } from "../../core/network/topology/with-controllers.ts";
import { endpoint, topology as topologySchema } from "../../core/status/network-facts.ts";
import { drawn, hopIn, link, read, recorded, treesAfter } from "./network-host/composed.ts";

describe("addresses", () => {
  test.each([
    ...["", ":", ":::", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7", "::1.2.3.256"],
    ...["1:2:3:4:5:6:7:8:9", "eth0", "%eth0", "-1.2.3.4", "1:2:3:4:5:6:7::8:9"],
  ])("%j is none", (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test("whatever Node takes for an address is one of that family", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.stringMatching(/^[0-9a-f:.]{0,20}$/)), (text) => {
        fc.pre(!text.includes("%"));
        // Node takes leading zeros for octal, and refuses them; neither the kernel nor ip writes any.
        fc.pre(!/(^|\.)0\d/.test(text));
        expect(parseAddress(text)?.family ?? 0).toBe(isIP(text));
      }),
    );
  });

  test("every address is in the prefixes of its own first bits, and in none of the other family", () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.nat(128), fc.ipV4(), fc.nat(32), (v6, long, v4, short) => {
        expect([inPrefix(v6, `${v6}/${long}`), inPrefix(v4, `${v4}/${short}`)]).toEqual([true, true]);
        expect([inPrefix(v6, `${v4}/0`), inPrefix(v4, `${v6}/0`)]).toEqual([false, false]);
      }),
    );
    expect(inPrefix("10.0.0.1", "10.0.0.0/33")).toBe(false);
    expect(inPrefix("11.0.0.1", "10.0.0.0/8")).toBe(false);
  });

  test.each([
    ["127.0.0.53", "host"],
    ["169.254.1.1", "link"],
    ["172.31.255.255", "private"],
    ["172.32.0.1", "global"],
    ["100.64.0.1", "private"],
    ["fe80::1%eth0", "link"],
    ["fd00::1", "unique-local"],
    ["::1", "host"],
    ["2001:db8::1", "global"],
  ] as const)("%s is %s", (address, scope) => {
    expect(scopeOf(address)).toBe(scope);
  });
});

describe("the network plan", () => {
  const wired = (...addresses: string[]) =>
    wiredNetwork(
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4, scope: scopeOf(address) })),
    );

  test("a wired adapter is LAN if its address is private, else WAN; IPv4 decides", () => {
    expect(wired("192.168.1.5", "2001:db8::5")).toBe("lan");
    expect(wired("10.1.2.3")).toBe("lan");
    expect(wired("203.0.113.5", "fd00::5")).toBe("wan");
    expect(wired("2001:db8::5")).toBe("wan");
    expect(wired("2001:db8::5", "fd00::5")).toBe("lan");
    expect(wired("100.64.3.4")).toBe("wan");
    expect(wired("fe80::5", "169.254.3.4")).toBe("none");
  });

  test("wireless is LAN, whatever its address", async () => {
    const files = { "/sys/class/net/wlan0/wireless": "" };
    expect(
      hopIn(await treesAfter([{ links: [link("wlan0", null, ["203.0.113.5/24"])], files }]), "wlan0"),
    ).toMatchObject({
      kind: "wireless",
      network: "lan",
    });
  });

  test("10.0.0.0/8 is a tunnel where there is no adapter", async () => {
    const topology = await treesAfter([
      { links: [link("d0", "dummy", ["10.0.0.1/8"]), link("e0", null, ["10.0.0.2/8"])] },
    ]);
    expect(topology.roots.map(({ network }) => network)).toEqual(["tunnel", "lan"]);
  });
});

test("the addresses that a host is reached by: neither the link's own nor one that is still being checked", async () => {
  const checking = link("eth1", null);
  const facts = await read({
    links: [
      link("virbr0", "bridge", ["192.168.122.1/24"]),
      link("eth0", null, ["203.0.113.7/24", "fe80::7/64"]),
      { ...checking, addr_info: [{ local: "2001:db8::7", prefixlen: 64, tentative: true }] },
    ],
  });
  const regions = regionsOf({ version: 1, hosts: { "203.0.113.0/24": { region: "eu-central" } } }, "");
  const endpoints = endpointsOf(facts, { roots: [] }, regions);
  expect(endpoints.map(({ address, network, region }) => [address, network, region])).toEqual([
    ["203.0.113.7", "wan", "eu-central"],
    ["192.168.122.1", "controllers", null],
  ]);
  for (const one of endpoints) endpoint.parse(one);
});

describe("regions", () => {
  const file = {
    version: 1,
    hosts: {
      "pkg.example.net": { region: "eu-central" },
      "2001:db8::/32": { region: "lab" },
      "2001:db8:1::/48": { region: "a" },
    },
  };
  const regionOf = regionsOf(file, "127.0.1.1 pkg.example.net\n203.0.113.9 x pkg.example.net # here\n");

  test("by name, as /etc/hosts has it, and by the longest prefix", () => {
    expect([regionOf("203.0.113.9"), regionOf("2001:db8:1::5"), regionOf("2001:db8:2::5")]).toEqual([
      ...["eu-central", "a", "lab"],
    ]);
    expect([regionOf("127.0.1.1"), regionOf("198.51.100.1")]).toEqual([null, null]);
  });

  test("what is no such file says nothing", () => {
    for (const none of [null, 5, "x", [], {}, { version: 2, hosts: file.hosts }, { version: 1, hosts: [1] }])
      expect(regionsOf(none, "")("2001:db8::1")).toBeNull();
  });
});

test("name servers are addresses and nothing else, at most six", () => {
  const lines = ["# nameserver 192.0.2.9", "nameserver 192.0.2.53", "nameserver fe80::1%eth0", "nameserver -x"];
  const content = [...lines, "nameserver 192.0.2.53", "nameserver fe80::1%$(id)", "search example.net"].join("\n");
  expect(parseNameServers(content)).toEqual(["192.0.2.53", "fe80::1%eth0"]);
  const many = Array.from({ length: 30 }, (_, index) => `nameserver 192.0.2.${index}\n`).join("");
  expect(parseNameServers(many)).toHaveLength(6);
});

describe("whose a tap is", () => {
  const nic = {
    tap: "vnet0",
    bridge: "br0",
    mac: "52:54:00:00:00:01",
    addresses: ["192.168.122.5", "fd00::5/64", "?"],
    received: null,
    sent: null,
  };
  const owner = (name: string, networks: (typeof nic | (Omit<typeof nic, "tap"> & { tap: null }))[]) => ({
    ...{ name, state: "running" as const, networks },
  });

  test("by its name, and the controller hangs behind it", async () => {
    const bare = await treesAfter([recorded("bridges-and-tunnels")]);
    const topology = withControllers(bare, [owner("web", [nic, { ...nic, tap: "vnet1" }])]);
    topologySchema.parse(topology);
    expect(drawn(topology)).toContain("vnet0>controller:web:vnet0");
    expect(hopIn(topology, "vnet1")?.controller).toBe("web");
    expect(hopIn(topology, "controller:web:vnet0")).toMatchObject({ state: "ok", network: "controllers", name: "web" });
    expect(hopIn(topology, "controller:web:vnet0")?.addresses.map(({ prefix }) => prefix)).toEqual([32, 64]);
    expect(withControllers(topology, [owner("web", [nic, { ...nic, tap: "vnet1" }])])).toEqual(topology);
    expect(drawn(withControllers(topology, []))).toBe(drawn(bare));
  });

  test("by the MAC that libvirt makes of the guest's, where the tap is not known by name", async () => {
    const tap = { ...link("tap7", "tap"), address: "fe:54:00:00:00:01" };
    const topology = await treesAfter([
      { links: [{ ...tap, linkinfo: { info_kind: "tun", info_data: { type: "tap" } } }] },
    ]);
    expect(hopIn(withControllers(topology, [owner("web", [{ ...nic, tap: null }])]), "tap7")?.controller).toBe("web");
    expect(hopIn(withControllers(topology, [owner("web", [nic])]), "tap7")?.controller).toBeNull();
  });
});
