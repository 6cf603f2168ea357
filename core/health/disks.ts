// The part `disks`: each disk's health and temperature. Shown to people, never used to decide.
import type { DiskHealth } from "../status/health-facts.ts";
import type { MakeSource, SourcePorts, Trigger } from "../status/source.ts";
import { briefAsker } from "./ask-briefly.ts";
import { blockDisks } from "./block-disks.ts";
import { type Chip, chips, isDisk, type Temperature, temperatures } from "./hwmon.ts";
import { type Smart, smartMemory } from "./smart.ts";

/** Where a disk names no limit of its own; those for 24 hours a day are made for 60 to 70. */
const HOT_CELSIUS = 70;

/** "UDEV  [4711.3] add      /devices/…/block/sdb (block)" of udevadm(8). */
export const DISKS_CHANGED: Trigger = {
  argv: ["udevadm", "monitor", "--udev", "--subsystem-match=block"],
  lines: /^UDEV .* (add|remove|change) .*\(block\)$/,
};

export const makeSourceDisks: MakeSource<"disks"> = () => {
  const ask = briefAsker();
  const smartOf = smartMemory(ask);
  return {
    part: "disks",
    every: 60_000,
    // lsblk's 8 s, then at most the 10 s of smartctl: all disks are asked at once.
    patience: 25_000,
    triggers: [{ ...DISKS_CHANGED, partial: true }],
    async read(ports, signal) {
      const disks = await blockDisks(ports, ask, signal);
      const found = (await chips(ports)).filter(isDisk);
      const owners = await Promise.all(found.map(async (chip) => ({ chip, owns: await ownerOf(chip, ports) })));
      return await Promise.all(
        disks.map(async ({ kname, path, size, name }) => {
          const chip = owners.find(({ owns }) => owns(kname))?.chip;
          const [kernel, read, smart] = await Promise.all([
            ports.read(`/sys/block/${kname}/device/state`),
            chip === undefined ? [] : temperatures(chip, ports, ask, signal),
            smartOf(path, ports, signal),
          ]);
          const temperature = read?.[0];
          const judged = judge({ kernel: (kernel ?? "").trim(), silent: read === null, temperature, smart });
          return { name, kname, bytes: size, ...judged, celsius: temperature?.celsius ?? smart.celsius };
        }),
      );
    },
  };
};

/** drivetemp's device is the SCSI device, with its disk below block/; nvme's is the controller, whose disks are named after it. */
async function ownerOf(chip: Chip, ports: SourcePorts): Promise<(kname: string) => boolean> {
  if (chip.name === "drivetemp") {
    const names = await ports.list(`${chip.folder}/device/block`);
    return (kname) => names.includes(kname);
  }
  const controller = (await ports.link(`${chip.folder}/device`))?.split("/").at(-1) ?? "";
  return (kname) => /^nvme[0-9]+$/.test(controller) && kname.startsWith(`${controller}n`);
}

export interface Signs {
  /** /sys/block/X/device/state: of SCSI (drivers/scsi/scsi_sysfs.c) or NVMe (drivers/nvme/host/sysfs.c); "" where there is none. */
  kernel: string;
  /** Its thermometer did not answer. */
  silent: boolean;
  temperature: Temperature | undefined;
  smart: Smart;
}

/** The worst of what is known; "unknown" where nothing is. */
export function judge({ kernel, silent, temperature, smart }: Signs): Pick<DiskHealth, "state" | "why"> {
  if (/^(offline|transport-offline|dead|deleting.*|del)$/.test(kernel))
    return { state: "failing", why: `The kernel has given it up (${kernel}).` };
  if (smart.passed === false) return { state: "failing", why: "It says itself (SMART) that it is about to fail." };
  if (silent || smart.silent) return { state: "warning", why: "It does not answer." };
  if (/^(blocked|transport-blocked|quiesce|resetting|connecting)$/.test(kernel))
    return { state: "warning", why: `The kernel is waiting for it (${kernel}).` };
  const celsius = temperature?.celsius ?? smart.celsius;
  const limit = temperature?.criticalCelsius ?? HOT_CELSIUS;
  if (celsius !== null && celsius >= limit)
    return { state: "warning", why: `It is too hot: ${celsius} °C, of at most ${limit} °C.` };
  return smart.passed === true || celsius !== null ? { state: "ok", why: null } : { state: "unknown", why: null };
}
