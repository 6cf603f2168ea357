// Says whose each tap is: hangs the controllers behind the taps and veths that are theirs.
import type { Controller } from "../../status/controller-facts.ts";
import type { Hop, HopAddress, NetworkKind, Topology } from "../../status/network-facts.ts";
import { parseAddress, scopeOf } from "./ip-address.ts";

type Owner = Pick<Controller, "name" | "state" | "networks">;
type Nic = Owner["networks"][number];

/**
 * The same trees, with the owner's name on each tap and veth that is a controller's, and the controller as the hop behind
 * it. Found by the tap's name, else by its MAC: libvirt gives a tap the guest's with fe as its first byte.
 */
export function withControllers(topology: Topology, controllers: readonly Owner[]): Topology {
  return { roots: topology.roots.map((root) => owned(root, controllers)) };
}

function owned(hop: Hop, controllers: readonly Owner[]): Hop {
  const next = hop.next.filter(({ kind }) => kind !== "controller").map((one) => owned(one, controllers));
  if (hop.kind !== "tap" && hop.kind !== "veth") return { ...hop, next };
  const found = ownerOf(hop, controllers);
  if (found === null) return { ...hop, controller: null, next };
  return { ...hop, controller: found.owner.name, next: [...next, controllerHop(hop, found.owner, found.nic)] };
}

function ownerOf(hop: Hop, controllers: readonly Owner[]): { owner: Owner; nic: Nic } | null {
  const all = controllers.flatMap((owner) => owner.networks.map((nic) => ({ owner, nic })));
  const tail = (mac: string | null) => mac?.toLowerCase().slice(2) ?? null;
  return (
    all.find(({ nic }) => nic.tap !== null && nic.tap === hop.name) ??
    all.find(({ nic }) => nic.tap === null && hop.mac?.startsWith("fe:") === true && tail(nic.mac) === tail(hop.mac)) ??
    null
  );
}

const STATES: Readonly<Record<Owner["state"], Hop["state"]>> = {
  running: "ok",
  starting: "unknown",
  silent: "unknown",
  paused: "off",
  off: "off",
  failed: "off",
};

function controllerHop(tap: Hop, { name, state }: Owner, nic: Nic): Hop {
  const cut = tap.state === "broken" || tap.state === "unknown";
  const network: NetworkKind = "controllers";
  return {
    // A controller may have several taps; each is behind one of them only.
    ...{ id: `controller:${name}:${tap.id}`, kind: "controller", name, network },
    ...{ state: cut ? "unknown" : STATES[state], trouble: null, seen: null, mac: nic.mac, speed: null, driver: null },
    addresses: nic.addresses.flatMap(addressOf),
    ...{ latencyMs: null, controller: name, next: [] },
  };
}

function addressOf(written: string): HopAddress[] {
  const [address = "", length] = written.split("/");
  const parsed = parseAddress(address);
  if (parsed === null) return [];
  const whole = parsed.family === 4 ? 32 : 128;
  const prefix = length !== undefined && /^\d{1,3}$/.test(length) ? Math.min(Number(length), whole) : whole;
  return [{ address, prefix, family: parsed.family, scope: scopeOf(address), origin: "unknown" }];
}
