// The part `unfinished`: disks with an install that was not finished (docs/formats/efi-partition.md).
import { ESP_TYPES } from "../inventory/content.ts";
import { scrub } from "../inventory/scrub.ts";
import { UNFINISHED } from "../plan/layout/partition-types.ts";
import type { MakeSource } from "../status/source.ts";
import { briefAsker } from "./ask-briefly.ts";
import { type BlockPart, blockDisks } from "./block-disks.ts";
import { DISKS_CHANGED } from "./disks.ts";

const HOSTS_FOLDER = "::/EFI/multiverse";

export const makeSourceUnfinished: MakeSource<"unfinished"> = () => {
  const ask = briefAsker();
  return {
    part: "unfinished",
    every: 60_000,
    patience: 20_000,
    triggers: [DISKS_CHANGED],
    async read(ports, signal) {
      const marked = (await blockDisks(ports, ask, signal)).flatMap(({ name, kname, partitions }) => {
        const esp = partitions.find(isMarked);
        return esp === undefined ? [] : [{ disk: `${name} (${kname})`, esp: esp.path }];
      });
      return await Promise.all(
        marked.map(async ({ disk, esp }) => {
          // Not mounted: mtools reads it as it is. Before the step that copies boot files it is empty, and names no host.
          const listed = await ask(ports.run, ["mdir", "-b", "-i", esp, HOSTS_FOLDER], 5_000, signal);
          return { disk, host: listed.exit === 0 ? hostOf(listed.stdout) : null };
        }),
      );
    },
  };
};

const isMarked = ({ partlabel, type }: BlockPart): boolean => partlabel === UNFINISHED && ESP_TYPES.has(type);

/** `mdir -b`: one path a line, folders end with a slash. Two hosts on one ESP: it is not known whose install it was. */
export function hostOf(output: string): string | null {
  const hosts = [...output.matchAll(/^::\/EFI\/multiverse\/([^/\n]+)\/\s*$/gim)].map(([, host]) => scrub(host));
  return hosts.length === 1 && hosts[0] !== undefined && hosts[0] !== "" ? hosts[0] : null;
}
