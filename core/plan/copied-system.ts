// What a system needs that was copied from another machine: its former identity off, drivers for this one, and what this one lacks said.
import type { HardwareTemplate } from "../hardware/schema.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { Step } from "./step.ts";

/**
 * Paths below the root, as extended regular expressions. What the plan writes for every host (name, hosts, machine-id,
 * hostid, fstab, links of the network) it writes over; these it would leave as they were.
 */
export const FORMER_HOST: readonly string[] = [
  // The names and addresses of adapters that are not here: a .link file would even rename one that is.
  "/etc/systemd/network/[^/]+\\.(network|link|netdev)",
  "/etc/udev/rules\\.d/[^/]*persistent-net[^/]*",
  "/etc/wpa_supplicant/wpa_supplicant-[^/]+\\.conf",
  "/etc/systemd/system/sys-subsystem-net-devices-[^/]+\\.wants/.+",
  // Which pools, arrays and volumes the other machine had.
  "/etc/zfs/zpool\\.cache",
  "/etc/lvm/(devices|backup|archive)/.+",
  "/etc/mdadm/mdadm\\.conf",
  "/etc/multipath/(bindings|wwids)",
  "/etc/crypttab",
  // Who it is to others.
  "/etc/ssh/ssh_host_[^/]+",
  "/etc/ssh/host-keys/.+",
  "/var/lib/dbus/machine-id",
  "/var/lib/systemd/(random-seed|credential\\.secret)",
  // Whoever commanded the other host does not command this one, and its log is not this one's.
  "/etc/multiverse/control/.+",
  "/var/lib/multiverse/.+",
];

/** The steps between copying the system and configuring it. */
export function copiedSystemSteps({ hardware }: Inventory): Step[] {
  return [
    {
      ...{ id: "forget-host", title: "take off what made it another host", risk: "writes" as const },
      data: { kind: "forget-host", paths: [...FORMER_HOST] },
    },
    {
      ...{ id: "check-drivers", title: "make sure it has drivers for this machine", risk: "reads" as const },
      data: { kind: "check-drivers", needs: hardware.needs.map(({ what, modalias }) => ({ what, modalias })) },
    },
  ];
}

/** Flags that every processor of the other machine had and this one does not; by its host file. */
export function lostFlags(former: HardwareTemplate, { hardware: { processor } }: Inventory): string[] {
  if (former.cpu === undefined || processor === null) return [];
  const [first, ...others] = (Array.isArray(former.cpu) ? former.cpu : [former.cpu]).map((one) => one.caps ?? []);
  const shared = (first ?? []).filter((flag) => others.every((caps) => caps.includes(flag)));
  return shared.filter((flag) => !processor.flags.includes(flag));
}

/** What the review says of a system that moves to this machine; empty where nothing is lost. */
export function whatIsLost(former: HardwareTemplate, inventory: Inventory): string[] {
  const { hardware, disks } = inventory;
  const architecture = former.system?.architecture;
  const here = hardware.processor?.architecture;
  const flags = lostFlags(former, inventory);
  const adapters = (former.peripherals?.network ?? []).flatMap(({ mac, kind }) =>
    mac === undefined || hardware.ports.some((port) => port.mac === mac)
      ? []
      : [`${mac}${kind === undefined ? "" : ` (${kind})`}`],
  );
  const gone = Object.values(former.peripherals?.storage ?? {})
    .flatMap((bus) => (Array.isArray(bus.disks) ? bus.disks : []))
    .flatMap(({ id }) => (id === undefined || disks.some((disk) => disk.id === id) ? [] : [id]));
  return [
    ...(architecture === undefined || here === undefined || architecture === here
      ? []
      : [`it was built for ${architecture}, and this machine is ${here}: it cannot start`]),
    ...(flags.length === 0
      ? []
      : [
          `the processor lacks ${flags.join(", ")}: programs built for them end with "illegal instruction", and controllers whose processor is not host-model may not start`,
        ]),
    ...(adapters.length === 0
      ? []
      : [`adapters that are not here: ${adapters.join(", ")}; links that name them have no adapter`]),
    ...(gone.length === 0 ? [] : [`disks that are not here: ${gone.join(", ")}`]),
  ];
}
