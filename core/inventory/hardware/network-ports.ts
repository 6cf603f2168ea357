// What network adapters can: speed and kind of port, by ethtool(8); which of them udev knows as what.
import type { Nic } from "../inventory.ts";
import type { UdevDevice } from "../udev.ts";
import type { NetworkPort } from "./hardware.ts";
import { pciAddressOf } from "./pci.ts";

/** Drivers of adapters that other machines make up; their ports have no kind. */
const VIRTUAL: ReadonlySet<string> = new Set("virtio_net vmxnet3 hv_netvsc xen_netfront ena gve".split(" "));

/** Adapters that are hardware. `asked` is what ethtool said of each, by name. */
export function readPorts(
  nics: readonly Nic[],
  udev: readonly UdevDevice[],
  asked: ReadonlyMap<string, string>,
): NetworkPort[] {
  const paths = new Map(
    udev
      .filter((device) => device.properties.get("SUBSYSTEM") === "net")
      .map((device) => [device.properties.get("INTERFACE") ?? "", device.devpath]),
  );
  return nics
    .filter((nic) => nic.physical)
    .map((nic) => {
      const said = parsePort(asked.get(nic.name) ?? "");
      return {
        ...{ name: nic.name, mac: nic.mac, driver: nic.driver, address: pciAddressOf(paths.get(nic.name) ?? "") },
        kind: nic.wireless ? "wifi" : VIRTUAL.has(nic.driver ?? "") ? "virtual" : said.kind,
        ...{ speed: said.speed, linkSpeed: said.linkSpeed },
      };
    });
}

/** `ethtool NAME`: lists go on in further lines, indented deeper than their names. */
export function parsePort(text: string): Pick<NetworkPort, "kind" | "speed" | "linkSpeed"> {
  const field = (name: string) =>
    new RegExp(`^\\t${name}:(.*(?:\\n\\t {5,}.*)*)`, "m").exec(text)?.[1]?.replace(/\s+/g, " ").trim() ?? "";
  const modes = [...field("Supported link modes").matchAll(/\b([0-9]+)base/g)].map(([, speed]) => Number(speed));
  const speed = modes.length === 0 ? null : Math.max(...modes);
  const link = /^([0-9]+)Mb\/s/.exec(field("Speed"))?.[1];
  const supported = field("Supported ports");
  return { kind: kindOf(supported, field("Port"), speed), speed, linkSpeed: link === undefined ? null : Number(link) };
}

/** Cages by the fastest module they take (SFF-8431, SFF-8402, SFF-8436, SFF-8665). */
const CAGES: readonly (readonly [number, string])[] = [
  [1000, "sfp"],
  [10_000, "sfp+"],
  [25_000, "sfp28"],
  [40_000, "qsfp+"],
  [50_000, "sfp56"],
  [100_000, "qsfp28"],
  [200_000, "qsfp56"],
  [400_000, "qsfp-dd"],
];

/** A port that takes modules says FIBRE also while a copper cable or nothing is in it; drivers of dual ports name all. */
function kindOf(supported: string, now: string, speed: number | null): string | null {
  if (speed === null) return null;
  const fibre = /FIBRE/.test(supported);
  const copper = /\bTP\b/.test(supported);
  if (now === "Direct Attach Copper" || now === "FIBRE" || (fibre && !copper))
    return CAGES.find(([most]) => speed <= most)?.[1] ?? null;
  if (now === "Twisted Pair" || copper) return speed < 1000 ? `${speed}base-t` : `${speed / 1000}gbase-t`;
  return /Backplane/.test(supported) ? "backplane" : null;
}
