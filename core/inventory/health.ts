// What a disk says of its own health (SMART, NVMe): shown to people, and used to decide only where a spec selects by it.
import { z } from "zod";
import type { Run } from "../tools/run.ts";
import { ask } from "./ask-program.ts";

export interface DiskHealth {
  /** null: the disk does not say, as virtual ones and many USB bridges. */
  passed: boolean | null;
  /** Degrees Celsius. */
  temperature: number | null;
  /** How long it has been on. */
  hours: number | null;
}

const UNKNOWN: DiskHealth = { passed: null, temperature: null, hours: null };

/** smartctl(8), `--json`: every part may be missing. */
const schema = z.object({
  smart_status: z.object({ passed: z.boolean() }).optional(),
  temperature: z.object({ current: z.number() }).optional(),
  power_on_time: z.object({ hours: z.number() }).optional(),
});

/** Asks the disk at a kernel path such as /dev/sda; reads only. Whatever keeps it from answering is "not known". */
export async function diskHealth(run: Run, path: string, signal?: AbortSignal): Promise<DiskHealth> {
  // Its exit status is a set of flags, of which "the disk is failing" is one.
  const { stdout } = await ask(run, ["smartctl", "--json=c", "--health", "--attributes", path], signal);
  return parseHealth(stdout);
}

export function parseHealth(text: string): DiskHealth {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return UNKNOWN;
  }
  const { success, data } = schema.safeParse(said);
  if (!success) return UNKNOWN;
  return {
    passed: data.smart_status?.passed ?? null,
    temperature: data.temperature?.current ?? null,
    hours: data.power_on_time?.hours ?? null,
  };
}
