// The part `host`: what a host is and what it runs. Whatever one of its tools does not tell, the others still do.
import { askRoot } from "../generations/ask-root.ts";
import { FILLERS } from "../inventory/dmi.ts";
import { scrub } from "../inventory/scrub.ts";
import type { HostFacts } from "../status/host-facts.ts";
import type { MakeSource, SourcePorts } from "../status/source.ts";
import { briefAsker } from "./ask-briefly.ts";
import { readClock } from "./clock.ts";
import { readFirmware } from "./firmware.ts";
import { HOST_KEY_FILES, parseHostKey } from "./host-key.ts";

/** `version` is Multiverse's. */
export function makeSourceHost({ version }: { version: string }): MakeSource<"host"> {
  return () => {
    const ask = briefAsker();
    return {
      part: "host",
      every: 60_000,
      // Above the sum of what its programs may take, so that one that hangs costs its own lines only.
      patience: 30_000,
      triggers: [],
      async read(ports, signal) {
        const kernel = scrub(await ports.read("/proc/sys/kernel/osrelease"));
        const bootedAt = bootTime((await ports.read("/proc/stat")) ?? "");
        if (kernel === "" || bootedAt === null)
          throw new Error("/proc does not say which kernel runs, and since when.");
        const [root, firmware, clock] = await Promise.all([
          askRoot(ports, ask, signal),
          readFirmware(ports, ask, signal),
          readClock(ports, ask, signal),
        ]);
        return {
          ...{ name: await hostName(ports), version, kernel, machine: await machine(ports), root, firmware, bootedAt },
          ...{ clock, hostKey: await hostKey(ports) },
        };
      },
    };
  };
}

/** `btime` of proc_stat(5), as milliseconds since 1970: it follows the clock when that is set. */
export function bootTime(stat: string): number | null {
  const seconds = /^btime ([0-9]+)$/m.exec(stat)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1_000;
}

/** With its domain where the name itself or /etc/hosts has one (hosts(5)). */
export function fullName(name: string, hosts: string): string {
  if (name.includes(".")) return name;
  const names = hosts.split("\n").map((line) => line.replace(/#.*/, "").trim().split(/\s+/).slice(1));
  const own = names.find((line) => line.includes(name)) ?? [];
  return own.find((one) => one.startsWith(`${name}.`)) ?? name;
}

async function hostName(ports: SourcePorts): Promise<string> {
  const name = scrub(await ports.read("/proc/sys/kernel/hostname"));
  return name === "" ? "(no name)" : scrub(fullName(name, (await ports.read("/etc/hosts")) ?? ""));
}

/** What the firmware says of the machine (SMBIOS), without what makers forgot to fill in. */
async function machine(ports: SourcePorts): Promise<HostFacts["machine"]> {
  const field = async (file: string) => {
    const value = scrub(await ports.read(`/sys/class/dmi/id/${file}`));
    return FILLERS.test(value) ? "" : value;
  };
  const [vendor, model] = [await field("sys_vendor"), await field("product_name")];
  return vendor === "" && model === "" ? null : { vendor, model };
}

async function hostKey(ports: SourcePorts): Promise<HostFacts["hostKey"]> {
  for (const file of HOST_KEY_FILES) {
    const key = parseHostKey((await ports.read(file)) ?? "");
    if (key !== null) return key;
  }
  return null;
}
