// Parses what the machine says of itself: firmware, processor, memory, consoles.
import { z } from "zod";
import type { Bytes, Inventory } from "./inventory.ts";
import { scrub } from "./scrub.ts";

const lscpuSchema = z.object({
  lscpu: z.array(z.object({ field: z.string(), data: z.string().nullish(), children: z.unknown().optional() })),
});

/** `lscpu -J`, where newer versions nest what belongs together. */
export function parseCpu(output: string): Inventory["cpu"] {
  if (output.trim() === "") return { model: "", threads: 1 };
  const fields = new Map<string, string>();
  const collect = (list: unknown) => {
    for (const one of lscpuSchema.parse({ lscpu: list }).lscpu) {
      if (!fields.has(one.field)) fields.set(one.field, one.data ?? "");
      if (one.children !== undefined) collect(one.children);
    }
  };
  collect((JSON.parse(output) as { lscpu?: unknown }).lscpu ?? []);
  return { model: scrub(fields.get("Model name:")), threads: Number(fields.get("CPU(s):") ?? "1") || 1 };
}

/** MemTotal of /proc/meminfo in bytes; what the firmware keeps for itself is not in it. */
export function parseMemory(output: string): Bytes {
  return Number(/^MemTotal: +([0-9]+) kB$/m.exec(output)?.[1] ?? 0) * 1024;
}

/**
 * Names from /proc/consoles, as they would stand on a command line: the preferred one (flag C) last, because the last
 * `console=` becomes /dev/console; the kernel lists it first. Those of the network or the firmware cannot be named there.
 */
export function parseConsoles(output: string): string[] {
  const found = [...output.matchAll(/^((?:tty|ttyS|ttyAMA|hvc)[0-9]+) +\S+ +\(([^)]*)\)/gm)];
  const preferred = (flags: string | undefined) => (flags?.includes("C") ? 1 : 0);
  return found.toSorted((a, b) => preferred(a[2]) - preferred(b[2])).map(([, name = ""]) => name);
}

export interface FirmwareOutputs {
  /** `ls /sys/firmware/efi`, "" when there is none. */
  efi: string;
  /** Mount options of efivarfs, "" when it is not mounted. */
  efivars: string;
  /** The SecureBoot variable as hexadecimal bytes: four of attributes, one of value. */
  secureBoot: string;
}

/** UEFI or BIOS, Secure Boot, and whether the boot entries can be written. */
export function parseFirmware(outputs: FirmwareOutputs): Inventory["firmware"] {
  if (outputs.efi.trim() === "") return { kind: "bios", secureBoot: false, nvram: false };
  return {
    kind: "uefi",
    secureBoot: outputs.secureBoot.trim().split(/\s+/).at(-1) === "01",
    nvram: outputs.efivars.trim().split(",").includes("rw"),
  };
}
