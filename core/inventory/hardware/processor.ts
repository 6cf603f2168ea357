// Processors: sockets, cores and flags out of `lscpu -J`, and empty sockets out of the firmware's tables.
import { z } from "zod";
import { scrub } from "../scrub.ts";
import type { Processor } from "./hardware.ts";

interface Field {
  field: string;
  data?: string | null | undefined;
  children?: Field[] | undefined;
}

const fieldSchema: z.ZodType<Field> = z.object({
  field: z.string(),
  data: z.string().nullish(),
  get children() {
    return z.array(fieldSchema).optional();
  },
});
const outputSchema = z.object({ lscpu: z.array(fieldSchema) });

/** `tables` is `dmidecode -t 4`, where every socket is a structure, populated or not. */
export function readProcessor(lscpu: string, tables: string): Processor | null {
  if (lscpu.trim() === "") return null;
  const fields = new Map<string, string>();
  const collect = (list: readonly Field[]) => {
    for (const one of list) {
      if (!fields.has(one.field)) fields.set(one.field, one.data ?? "");
      collect(one.children ?? []);
    }
  };
  collect(outputSchema.parse(JSON.parse(lscpu)).lscpu);
  const number = (name: string) => Number(fields.get(name) ?? Number.NaN);
  // Arm machines without tables of their topology say "-"; clusters are what they have instead.
  const sockets = [number("Socket(s):"), 1].find((value) => value > 0) ?? 1;
  const threadsPerCore = [number("Thread(s) per core:"), 1].find((value) => value > 0) ?? 1;
  const cores = number("CPU(s):") / sockets / threadsPerCore;
  const slots = [...tables.matchAll(/^Processor Information$/gm)].length;
  return {
    architecture: scrub(fields.get("Architecture:")),
    model: scrub(fields.get("Model name:")),
    ...{ sockets, threadsPerCore, slots: slots === 0 ? null : Math.max(slots, sockets) },
    coresPerSocket: [number("Core(s) per socket:"), cores, 1].find((value) => value >= 1) ?? 1,
    flags: [...new Set((fields.get("Flags:") ?? "").split(/\s+/).filter((flag) => /^[a-z0-9_.-]+$/.test(flag)))].sort(),
  };
}
