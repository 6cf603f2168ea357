// What is needed of a domain's XML (libvirt.org/formatdomain): resources, disks, networks, devices, and where it can be heard.
import { scrub, scrubOrNull } from "../inventory/scrub.ts";
import { all, attribute, type Element, first, parseXml } from "./xml.ts";

export interface DomainXml {
  uuid: string | null;
  os: string | null;
  processors: number;
  /** Bytes. */
  memory: number;
  disks: { target: string; source: string | null }[];
  /** `network` is of libvirt's own networks; `tap` and `bridge` stand only in the XML of a running domain. */
  networks: { tap: string | null; bridge: string | null; mac: string }[];
  /** As docs/formats says: a PCI address with its domain, or vendor:product. */
  devices: { kind: "pci" | "usb"; id: string }[];
  /** It has a channel that qemu-guest-agent uses. */
  agent: boolean;
  /** The socket of docs/formats/heartbeat.md. */
  heartbeat: string | null;
  /** The file that its first console is written to, too. */
  consoleLog: string | null;
  /** The device that its first console is on; only while it runs. */
  consoleTty: string | null;
}

export const AGENT_CHANNEL = "org.qemu.guest_agent.0";
export const HEARTBEAT_CHANNEL = "org.multiverse.heartbeat.0";
/** libvirt keeps aliases that begin with "ua-". */
export const HEARTBEAT_ALIAS = "ua-multiverse-heartbeat";

/** Null where the XML cannot be read. */
export function parseDomainXml(text: string): DomainXml | null {
  const domain = parseXml(text);
  if (domain === null || domain.name !== "domain") return null;
  const devices = first(domain, "devices");
  const console = all(devices, "console")[0] ?? all(devices, "serial")[0];
  return {
    uuid: first(domain, "uuid")?.text.trim() ?? null,
    os: osOf(domain),
    processors: processorsOf(domain),
    memory: bytesOf(first(domain, "currentMemory") ?? first(domain, "memory")),
    disks: all(devices, "disk").map((disk) => ({
      target: scrub(attribute(first(disk, "target"), "dev")),
      source: sourceOf(first(disk, "source")),
    })),
    networks: all(devices, "interface").map(networkOf),
    devices: all(devices, "hostdev").flatMap(deviceOf),
    agent: all(devices, "channel").some((channel) => channelName(channel) === AGENT_CHANNEL),
    heartbeat: heartbeatOf(devices),
    consoleLog: attribute(first(console, "log"), "file") ?? logOfSerial(devices),
    consoleTty: attribute(console, "tty") ?? attribute(first(console, "source"), "path"),
  };
}

/** virt-install and we ourselves write `<libosinfo:os id="http://debian.org/debian/13"/>`: the last two parts name it. */
function osOf(domain: Element): string | null {
  const id = attribute(first(domain, "metadata", "libosinfo:libosinfo", "libosinfo:os"), "id");
  const [, family, version] = /([^/]+)\/([^/]+)$/.exec(id ?? "") ?? [];
  if (family === undefined) return null;
  return scrubOrNull(`${family.slice(0, 1).toUpperCase()}${family.slice(1)} ${version}`);
}

function processorsOf(domain: Element): number {
  const vcpu = first(domain, "vcpu");
  const count = Number(attribute(vcpu, "current") ?? vcpu?.text ?? 1);
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}

const UNITS: Readonly<Record<string, number>> = {
  ...{ b: 1, bytes: 1, KB: 1e3, k: 1024, KiB: 1024, MB: 1e6, M: 1024 ** 2, MiB: 1024 ** 2 },
  ...{ GB: 1e9, G: 1024 ** 3, GiB: 1024 ** 3, TB: 1e12, T: 1024 ** 4, TiB: 1024 ** 4 },
};

/** Without a unit it is KiB. */
function bytesOf(element: Element | undefined): number {
  const bytes = Number(element?.text) * (UNITS[attribute(element, "unit") ?? "KiB"] ?? 1024);
  return Number.isFinite(bytes) && bytes > 0 ? bytes : 0;
}

function sourceOf(source: Element | undefined): string | null {
  const pool = attribute(source, "pool");
  const volume = attribute(source, "volume");
  if (pool !== null && volume !== null) return scrub(`${pool}/${volume}`);
  return scrubOrNull(
    attribute(source, "file") ?? attribute(source, "dev") ?? attribute(source, "name") ?? attribute(source, "dir"),
  );
}

function networkOf(network: Element): DomainXml["networks"][number] {
  const source = first(network, "source");
  return {
    tap: scrubOrNull(attribute(first(network, "target"), "dev")),
    bridge: scrubOrNull(attribute(source, "bridge")),
    mac: scrub(attribute(first(network, "mac"), "address")).toLowerCase(),
  };
}

const hex = (text: string | null, digits: number) =>
  Number.parseInt(text ?? "0", 16)
    .toString(16)
    .padStart(digits, "0");

function deviceOf(device: Element): DomainXml["devices"] {
  const source = first(device, "source");
  const address = first(source, "address");
  if (attribute(device, "type") === "pci" && address !== undefined) {
    const [domain, bus, slot, part] = ["domain", "bus", "slot", "function"].map((name) => attribute(address, name));
    return [
      {
        kind: "pci",
        id: `${hex(domain ?? null, 4)}:${hex(bus ?? null, 2)}:${hex(slot ?? null, 2)}.${hex(part ?? null, 1)}`,
      },
    ];
  }
  const vendor = attribute(first(source, "vendor"), "id");
  const product = attribute(first(source, "product"), "id");
  if (attribute(device, "type") !== "usb") return [];
  if (vendor !== null && product !== null) return [{ kind: "usb", id: `${hex(vendor, 4)}:${hex(product, 4)}` }];
  if (address === undefined) return [];
  return [{ kind: "usb", id: scrub(`bus ${attribute(address, "bus")} device ${attribute(address, "device")}`) }];
}

const channelName = (channel: Element) => attribute(first(channel, "target"), "name");

/** Only where QEMU listens (mode "bind"): then it is for us to connect. */
function heartbeatOf(devices: Element | undefined): string | null {
  const heard = [
    ...all(devices, "channel").filter((channel) => channelName(channel) === HEARTBEAT_CHANNEL),
    ...all(devices, "serial").filter((serial) => attribute(first(serial, "alias"), "name") === HEARTBEAT_ALIAS),
  ];
  for (const device of heard) {
    const source = first(device, "source");
    const path = attribute(source, "path");
    if (attribute(device, "type") === "unix" && attribute(source, "mode") === "bind" && path !== null) return path;
  }
  return null;
}

/** A domain that is off may have the log only at its serial port. */
function logOfSerial(devices: Element | undefined): string | null {
  for (const serial of all(devices, "serial")) {
    const file = attribute(first(serial, "log"), "file");
    if (file !== null) return file;
  }
  return null;
}
