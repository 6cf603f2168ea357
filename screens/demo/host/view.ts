// A made-up host: what its status is when all is well. Other states are made from it.
import type { ControlFacts } from "../../../core/status/control-facts.ts";
import type { Controller } from "../../../core/status/controller-facts.ts";
import type { HostFacts } from "../../../core/status/host-facts.ts";
import type { Hop, Topology } from "../../../core/status/network-facts.ts";
import type { Part } from "../../../core/status/part.ts";
import type { Parts, ValueOf } from "../../../core/status/snapshot.ts";
import type { StatusView } from "../../../core/status/view.ts";

/** Thursday, 1 January 2026, 12:03 in Berlin. */
export const DEMO_WALL = 1_767_265_380_000;
/** The screen's own clock then, and the daemon's: it began earlier. */
export const DEMO_MONOTONIC = 60_000;
export const DEMO_OFFSET = 273_000_000;
export const DEMO_NOW = DEMO_MONOTONIC + DEMO_OFFSET;

const GIB = 1024 ** 3;
const DAY = 86_400_000;

export function live<Value>(value: Value): Part<Value> {
  return { at: DEMO_NOW - 20_000, value, failure: null, live: true };
}

export function polled<Value>(value: Value, age = 3): Part<Value> {
  return { at: DEMO_NOW - age * 1000, value, failure: null, live: false };
}

export const HOST: HostFacts = {
  name: "jupiter.example.net",
  version: "0.1.0",
  kernel: "6.12.57",
  machine: { vendor: "Fujitsu", model: "D3417-B2" },
  root: { generation: "g3", release: "6740a1b2", current: "6740a1b2", safe: "6740a1b2", trial: null, fellBack: null },
  firmware: { kind: "uefi", secureBoot: "on" },
  bootedAt: DEMO_WALL - 3 * DAY - 252 * 60_000,
  clock: { timezone: "Europe/Berlin", synchronized: true, server: "192.0.2.123", offsetMs: 0.4 },
  hostKey: {
    type: "ssh-ed25519",
    sha256: "SHA256:Yb3qK1mZ0v7uP4sT9xWc2dEfGhJkLnRa5B6iCoQyXzU",
    words: ["otter", "canvas", "seven", "lime"],
  },
};

const HOP: Omit<Hop, "id" | "kind" | "name"> = {
  ...{ network: "none", state: "ok", trouble: null, seen: null, mac: null, speed: null, driver: null },
  ...{ addresses: [], latencyMs: null, controller: null, next: [] },
};

export function hop(kind: Hop["kind"], name: string, more: Partial<Hop> = {}): Hop {
  return { id: kind === "gateway" || kind === "dns" ? `${kind}:${name}` : name, kind, name, ...HOP, ...more };
}

const fixed = (address: string, prefix: number, scope: Hop["addresses"][number]["scope"]) =>
  ({ address, prefix, family: address.includes(":") ? 6 : 4, scope, origin: "fixed" }) as const;

export const NETWORK: Topology = {
  roots: [
    hop("nic", "enp5s0", {
      ...{ network: "wan", mac: "02:00:5e:10:00:01", speed: 1000, driver: "igb" },
      addresses: [
        { address: "203.0.113.7", prefix: 24, family: 4, scope: "global", origin: "dhcp" },
        { address: "2001:db8:41::7", prefix: 64, family: 6, scope: "global", origin: "router" },
        { address: "fe80::5eff:fe10:1", prefix: 64, family: 6, scope: "link", origin: "link-local" },
      ],
      next: [
        hop("gateway", "203.0.113.1", {
          network: "wan",
          latencyMs: 4,
          next: [hop("dns", "192.0.2.53", { network: "wan", latencyMs: 9 })],
        }),
      ],
    }),
    hop("nic", "enp6s0", {
      ...{ network: "lan", mac: "02:00:5e:10:00:02", speed: 2500, driver: "igc" },
      addresses: [fixed("192.168.1.10", 24, "private"), fixed("fd00::10", 64, "unique-local")],
    }),
    hop("bridge", "net0br0", {
      ...{ network: "controllers", mac: "02:00:5e:20:00:01", addresses: [fixed("192.168.10.1", 24, "private")] },
      next: [
        hop("tap", "vnet0", {
          network: "controllers",
          controller: "work",
          next: [hop("controller", "work", { network: "controllers", latencyMs: 0.6 })],
        }),
        hop("tap", "vnet1", { network: "controllers", controller: "games", state: "off" }),
      ],
    }),
    hop("wireguard", "wg0", {
      ...{ network: "tunnel", addresses: [fixed("10.0.0.3", 24, "private"), fixed("fd00:a::3", 64, "unique-local")] },
      latencyMs: 21,
    }),
  ],
};

type Endpoint = ValueOf<"endpoints">[number];

export const ENDPOINTS: Endpoint[] = [
  {
    ...{ address: "203.0.113.7", prefix: 24, family: 4, interface: "enp5s0", network: "wan", scope: "global" },
    ...{ region: "eu-central", reach: { state: "ok", target: "203.0.113.1", latencyMs: 4 } },
  },
  {
    ...{ address: "2001:db8:41::7", prefix: 64, family: 6, interface: "enp5s0", network: "wan", scope: "global" },
    ...{ region: "eu-central", reach: { state: "ok", target: "fe80::1", latencyMs: 5 } },
  },
  {
    ...{ address: "10.0.0.3", prefix: 24, family: 4, interface: "wg0", network: "tunnel", scope: "private" },
    ...{ region: "dom.0", reach: { state: "ok", target: "10.0.0.1", latencyMs: 21 } },
  },
  {
    ...{ address: "fd00:a::3", prefix: 64, family: 6, interface: "wg0", network: "tunnel", scope: "unique-local" },
    ...{ region: "dom.0", reach: { state: "ok", target: "fd00:a::1", latencyMs: 21 } },
  },
];

export function controller(name: string, state: Controller["state"], more: Partial<Controller> = {}): Controller {
  const runs = state === "running" || state === "silent" || state === "starting";
  return {
    ...{ name, uuid: `00000000-0000-4000-8000-${name.length.toString().padStart(12, "0")}`, os: "Debian 13", state },
    heartbeat: state === "running" ? { at: DEMO_NOW - 2000, by: "guest-agent" } : null,
    reason: null,
    cpu: { count: 4, percent: runs ? 12 : null },
    memory: { bytes: 8 * GIB, used: runs ? 3.1 * GIB : null },
    disks: [
      {
        ...{ target: "vda", source: `/dev/zvol/saturn/vm/${name}`, bytes: 64 * GIB },
        ...{ read: runs ? 120_000 : null, written: runs ? 42_000 : null },
      },
    ],
    networks: [
      {
        ...{ tap: runs ? "vnet0" : null, bridge: "net0br0", mac: "52:54:00:12:34:56" },
        ...{ addresses: runs ? ["192.168.10.2", "fe80::5054:ff:fe12:3456"] : [], received: runs ? 80_000 : null },
        sent: runs ? 12_000 : null,
      },
    ],
    devices: [],
    console: [],
    autostart: false,
    ...more,
  };
}

export const CONTROLLERS: Controller[] = [
  controller("work", "running", {
    autostart: true,
    devices: [
      { kind: "pci", id: "0000:01:00.0", name: "NVIDIA AD104 [GeForce RTX 4070]" },
      { kind: "usb", id: "046d:c52b", name: "Logitech Unifying Receiver" },
    ],
    console: [
      "[    1.204511] systemd[1]: Started systemd-networkd.service - Network Configuration.",
      "[    2.918403] e1000e: enp1s0 NIC Link is Up 1000 Mbps Full Duplex",
      "",
      "Debian GNU/Linux 13 work ttyS0",
      "",
      "work login: ",
    ],
  }),
  controller("games", "off", { os: "SteamOS" }),
  controller("builds", "paused", { os: "Fedora 43", cpu: { count: 8, percent: 0 } }),
];

export const CONTROL: ControlFacts = {
  admins: ["ada", "grace"],
  seat: null,
  audit: { state: "whole", why: null, entries: 214, anchor: "tpm" },
  inDoubt: [],
  pending: [],
  recent: [
    { id: "c1", op: "vm.start", by: "ada", at: DEMO_WALL - 3_600_000, outcome: "done", text: "work is running" },
    { id: "c0", op: "vm.stop", by: "seat", at: DEMO_WALL - 7_200_000, outcome: "failed", text: "games does not run" },
  ],
};

export const UNLOCKED: ControlFacts = {
  ...CONTROL,
  seat: { by: "ada", until: DEMO_WALL + 7 * 3_600_000, operations: ["vm.start", "vm.stop", "vm.switch", "vm.console"] },
};

export function healthyParts(): Parts {
  return {
    host: live(HOST),
    network: live(NETWORK),
    endpoints: polled(ENDPOINTS, 4),
    controllers: live(CONTROLLERS),
    pools: live([
      {
        ...{ name: "saturn", guid: "13046813467134671346", state: "ONLINE", capacityPercent: 41, errors: 0 },
        ...{ size: String(921 * GIB), free: String(543 * GIB), trouble: [], advice: null },
        scrub: { state: "done", what: "scrub", endedAt: DEMO_WALL - 3.2 * DAY, percent: null, errors: 0 },
      },
    ]),
    disks: polled(
      [
        {
          name: "Samsung 990 PRO S7KGNJ0W114P",
          kname: "nvme0n1",
          bytes: 931 * GIB,
          state: "ok",
          why: null,
          celsius: 38,
        },
        {
          name: "Samsung 990 PRO S7KGNJ0W116X",
          kname: "nvme1n1",
          bytes: 931 * GIB,
          state: "ok",
          why: null,
          celsius: 36,
        },
      ],
      140,
    ),
    sensors: polled([{ name: "Package id 0", celsius: 51, criticalCelsius: 100 }], 5),
    load: polled(
      {
        ...{ cores: 8, busyPercent: 9, memory: { total: 32 * GIB, available: 21 * GIB } },
        swap: { total: 8 * GIB, free: 8 * GIB },
      },
      2,
    ),
    units: live({ state: "running", failed: [] }),
    update: polled({ packages: 12, security: 3, kernel: "6.12.63", listsFrom: DEMO_WALL - DAY }, 1500),
    unfinished: polled([], 400),
    control: live(CONTROL),
  };
}

export function demoView(parts: Partial<Parts> = {}, more: Partial<StatusView> = {}): StatusView {
  return {
    ...{ state: "connected", why: null, boot: "8f2c1c52-6f1e-4a60-9a52-0f4b4f1f7e11", offset: DEMO_OFFSET },
    parts: { ...healthyParts(), ...parts },
    ...more,
  };
}
