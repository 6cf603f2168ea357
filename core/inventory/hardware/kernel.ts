// The kernel that runs, and the virtual machines that it runs or could run.
import { scrub, scrubOrNull } from "../scrub.ts";
import type { KernelFacts, PoolSpace, Processor, VirtualMachines } from "./hardware.ts";

/** `grep -s "" FILES`: "path:value" lines; a file that is not there is not there. */
export function readFacts(output: string): (path: string) => string | null {
  const facts = new Map(
    output.split("\n").flatMap((line) => {
      const [, path, value] = /^(\/[^:]+):(.*)$/.exec(line) ?? [];
      return path === undefined || value === undefined ? [] : [[path, value] as const];
    }),
  );
  return (path) => facts.get(path) ?? null;
}

export function readKernel(output: string): KernelFacts | null {
  const fact = readFacts(output);
  const release = scrub(fact("/proc/sys/kernel/osrelease"));
  if (release === "") return null;
  return {
    ...{ release, build: scrub(fact("/proc/sys/kernel/version")), hostname: scrub(fact("/proc/sys/kernel/hostname")) },
    tainted: Number(fact("/proc/sys/kernel/tainted") ?? 0) || 0,
    // "[none] integrity confidentiality": the one in brackets holds.
    lockdown: /\[([a-z]+)\]/.exec(fact("/sys/kernel/security/lockdown") ?? "")?.[1] ?? null,
    zfs: scrubOrNull(fact("/sys/module/zfs/version")),
  };
}

/** `domains` is null where libvirt is not there or does not answer. */
export function readVirtualMachines(
  outputs: { kernel: string; devices: string; domains: string | null },
  processor: Processor | null,
): VirtualMachines {
  const fact = readFacts(outputs.kernel);
  const nested = ["kvm_intel", "kvm_amd"].some((name) =>
    /^[Y1]/.test(fact(`/sys/module/${name}/parameters/nested`) ?? ""),
  );
  const there = new Set(outputs.devices.split("\n"));
  return {
    ...{ kvm: there.has("/dev/kvm"), nested, vfio: there.has("/dev/vfio/vfio") },
    guest: processor?.flags.includes("hypervisor") ?? false,
    domains: outputs.domains === null ? null : parseDomains(outputs.domains),
  };
}

/** `virsh -q list --all`: number or "-", name, state, in columns. */
export function parseDomains(output: string): { name: string; state: string }[] {
  return [...output.matchAll(/^ *(?:[0-9]+|-) +(\S.*?) {2,}(\S.*?) *$/gm)].map(([, name, state]) => ({
    ...{ name: scrub(name), state: scrub(state) },
  }));
}

/** `zpool list -Hp`: tab-separated, in bytes. */
export function parsePoolSpace(output: string): PoolSpace[] {
  return output.split("\n").flatMap((line) => {
    const [name = "", size, allocated, free, health] = line.split("\t");
    const bytes = [size, allocated, free].map((text) => (/^[0-9]+$/.test(text ?? "") ? Number(text) : Number.NaN));
    if (bytes.some(Number.isNaN)) return [];
    const [all = 0, used = 0, left = 0] = bytes;
    return [{ name: scrub(name), size: all, allocated: used, free: left, health: scrub(health) }];
  });
}
