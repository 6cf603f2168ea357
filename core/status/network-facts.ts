// The host's network hop by hop, and the addresses it is reached by.
import { z } from "zod";

/** LAN, WAN, tunnels and the controllers' networks, as the address plan tells them apart; "none" has no address to tell by. */
export const networkKind = z.enum(["wan", "lan", "tunnel", "controllers", "none"]);
export type NetworkKind = z.infer<typeof networkKind>;

export const hopKind = z.enum([
  ...["nic", "wireless", "bond", "vlan", "bridge", "tap", "veth", "wireguard", "tunnel"],
  ...["gateway", "dns", "controller", "router", "other"],
] as const);
export type HopKind = z.infer<typeof hopKind>;

/** Why a hop is broken. */
export const hopTrouble = z.enum([
  ...[
    "no-carrier",
    "switched-off",
    "no-address",
    "no-route",
    "gateway-silent",
    "dns-fails",
    "peer-silent",
    "member-lost",
  ],
] as const);
export type HopTrouble = z.infer<typeof hopTrouble>;

export const hopAddress = z.strictObject({
  address: z.string(),
  prefix: z.number().int(),
  family: z.union([z.literal(4), z.literal(6)]),
  scope: z.enum(["global", "private", "unique-local", "link", "host"]),
  origin: z.enum(["dhcp", "router", "fixed", "link-local", "unknown"]),
});
export type HopAddress = z.infer<typeof hopAddress>;

export interface Hop {
  /** Unique in the tree, stable while the hop exists: the interface's name, or "gateway:203.0.113.1". */
  id: string;
  kind: HopKind;
  /** The interface's name, the gateway's or name server's address, the controller's name. */
  name: string;
  network: NetworkKind;
  /** off: nothing is wrong, it is just not used. unknown: not measured yet. */
  state: "ok" | "off" | "broken" | "unknown";
  /** Only of a broken hop: the first hop that is broken is where the fault is; those behind it are "unknown". */
  trouble: HopTrouble | null;
  /** What was seen, in words, of trouble: "no answer to 3 ARP requests". Null otherwise. */
  seen: string | null;
  mac: string | null;
  /** Mb/s as ethtool and sysfs give it. */
  speed: number | null;
  driver: string | null;
  addresses: HopAddress[];
  /** Milliseconds there and back, of the last answer. */
  latencyMs: number | null;
  /** The controller that a tap or veth belongs to. */
  controller: string | null;
  /** The hops that come next, nearer to the outside or to the controllers. */
  next: Hop[];
}

export const hop: z.ZodType<Hop> = z.lazy(() =>
  z.strictObject({
    id: z.string(),
    kind: hopKind,
    name: z.string(),
    network: networkKind,
    state: z.enum(["ok", "off", "broken", "unknown"]),
    trouble: hopTrouble.nullable(),
    seen: z.string().nullable(),
    mac: z.string().nullable(),
    speed: z.number().nullable(),
    driver: z.string().nullable(),
    addresses: z.array(hopAddress),
    latencyMs: z.number().nullable(),
    controller: z.string().nullable(),
    next: z.array(hop),
  }),
);

/** The trees begin at what is nearest to the wire: adapters, tunnels, bridges without an adapter. */
export const topology = z.strictObject({ roots: z.array(hop) });
export type Topology = z.infer<typeof topology>;

export const endpoint = z.strictObject({
  address: z.string(),
  prefix: z.number().int(),
  family: z.union([z.literal(4), z.literal(6)]),
  interface: z.string(),
  network: networkKind,
  scope: hopAddress.shape.scope,
  /** Where it is, from the file of measured hosts; null where nobody has said. */
  region: z.string().nullable(),
  /** Whether what lies behind it answers from this address: the gateway, the tunnel's peer. */
  reach: z.strictObject({
    state: z.enum(["ok", "silent", "unknown"]),
    target: z.string().nullable(),
    latencyMs: z.number().nullable(),
  }),
});
export type Endpoint = z.infer<typeof endpoint>;
