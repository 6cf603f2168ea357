// Reads the GPT of a disk that keeps its partitions: where there is room, and whether anything may be added at all.
import { z } from "zod";
import type { Run } from "../tools/run.ts";
import { ask, lastWords } from "./ask-program.ts";
import type { TableFacts } from "./closer-look.ts";
import { scrub } from "./scrub.ts";

/** `sfdisk --json` of util-linux 2.38 and later; numbers are in sectors. */
const schema = z.object({
  partitiontable: z.object({
    label: z.string(),
    firstlba: z.number().int().nonnegative().optional(),
    lastlba: z.number().int().nonnegative().optional(),
    sectorsize: z.number().int().positive().optional(),
    "table-length": z
      .union([
        z.number(),
        z
          .string()
          .regex(/^[0-9]+$/)
          .transform(Number),
      ])
      .optional(),
    partitions: z
      .array(
        z.object({
          node: z.string(),
          start: z.number().int().nonnegative(),
          size: z.number().int().nonnegative(),
          uuid: z.string().optional(),
        }),
      )
      .default([]),
  }),
});

/** UEFI 2.10, 5.3.2: at least 16 KiB of entries, 128 bytes each; sfdisk says when there are more or fewer. */
const USUAL_ENTRIES = 128;

export async function lookAtTable(disk: { id: string; path: string }, run: Run): Promise<TableFacts> {
  const nothing = { disk: disk.id, first: 0, end: 0, entries: 0, partitions: [] };
  const answer = await ask(run, ["sfdisk", "--json", disk.path]);
  if (answer.exit !== 0) return { ...nothing, problem: scrub(lastWords(answer)) };
  // Such as "The backup GPT table is corrupt": writing would mend it, which is more than adding.
  if (answer.stderr.trim() !== "") return { ...nothing, problem: scrub(lastWords(answer)) };
  let said: unknown;
  try {
    said = JSON.parse(answer.stdout);
  } catch {
    return { ...nothing, problem: "sfdisk says nothing that can be read" };
  }
  const { success, data } = schema.safeParse(said);
  if (!success) return { ...nothing, problem: "sfdisk says nothing that can be read" };
  const { label, firstlba, lastlba, sectorsize = 512, partitions, "table-length": entries } = data.partitiontable;
  if (label !== "gpt" || firstlba === undefined || lastlba === undefined)
    return { ...nothing, problem: `its table is ${label === "dos" ? "an MBR" : scrub(label)}` };
  return {
    ...{ disk: disk.id, problem: null, entries: entries ?? USUAL_ENTRIES },
    ...{ first: firstlba * sectorsize, end: (lastlba + 1) * sectorsize },
    partitions: partitions.map(({ node, start, size, uuid = "" }) => ({
      // "vda3", "nvme0n1p3", or a link's name with "-part3".
      ...{ number: Number(/([0-9]+)$/.exec(node)?.[1] ?? 0), partuuid: scrub(uuid).toLowerCase() },
      ...{ start: start * sectorsize, size: size * sectorsize },
    })),
  };
}
