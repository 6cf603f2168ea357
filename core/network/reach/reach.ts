// What probing has found of a router or name server, and the names by which probes and hops find each other.

export interface Target {
  /** Unique: "gateway eth0 192.0.2.1", "dns 192.0.2.53". */
  key: string;
  kind: "gateway" | "dns";
  /** Without the interface of a link-local one. */
  address: string;
  family: 4 | 6;
  /** The interface to ask through; null: by the routes. */
  dev: string | null;
}

export interface Reach {
  state: "ok" | "silent" | "unknown";
  /** Milliseconds there and back; null where it was seen to live without being measured, or is silent. */
  latencyMs: number | null;
  /** What was seen of silence, in words. */
  seen: string | null;
}

export const UNKNOWN: Reach = { state: "unknown", latencyMs: null, seen: null };

export type ReachOf = (key: string) => Reach;

export const gatewayKey = (dev: string, address: string): string => `gateway ${dev} ${address}`;
export const dnsKey = (server: string): string => `dns ${server}`;
