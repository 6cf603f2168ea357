// What only a root on ZFS has: further devices, data sets of one's own, options of the pool.
import type { Bytes } from "../inventory/inventory.ts";
import { parseSize } from "./quantity.ts";
import type { ResolvedDataSet, ZfsLayout, ZfsRoot } from "./resolved.ts";
import type { Spec } from "./schema.ts";

type Root = NonNullable<Spec["root"]>;

/** raidz is another word for raidz1. */
export function layoutWord(word: NonNullable<Root["layout"]>): ZfsLayout {
  if (word === "raidz") return "raidz1";
  if (word === "draid") throw new Error("a layout that is not built yet was not refused");
  return word;
}

/** In the order in which they come after the pool's own disks. */
export const EXTRA_USES = ["spare", "special", "log", "cache"] as const;

export function resolveExtras(root: Root | undefined): ZfsRoot["extras"] {
  const extras: ZfsRoot["extras"] = {};
  for (const use of EXTRA_USES) {
    const stated = root?.[use];
    if (stated === undefined) continue;
    const { on, layout = null } = typeof stated === "string" ? { on: stated } : { layout: undefined, ...stated };
    extras[use] = { on, layout: layout ?? null };
  }
  return extras;
}

export function resolveDataSets(root: Root | undefined): ResolvedDataSet[] {
  return Object.entries(root?.datasets ?? {}).map(([name, stated]) => ({
    name,
    mountpoint: stated.mountpoint ?? null,
    ...kept({
      ...{ quota: bytes(stated.quota), reservation: bytes(stated.reservation), compression: stated.compression },
      ...{ recordSize: bytes(stated["record-size"]), atime: stated.atime, sync: stated.sync, copies: stated.copies },
      smallBlocks: bytes(stated["small-blocks"]),
    }),
  }));
}

export function resolvePoolOptions(root: Root | undefined): ZfsRoot["poolOptions"] {
  const stated = root?.["pool-options"] ?? {};
  return kept({
    ...{ ashift: stated.ashift, autotrim: stated.autotrim, compatibility: stated.compatibility },
    ...{ compression: stated.compression, recordSize: bytes(stated["record-size"]), atime: stated.atime },
  });
}

function bytes(text: string | undefined): Bytes | undefined {
  return text === undefined ? undefined : (parseSize(text) ?? undefined);
}

/** Without what was not stated. */
function kept<T extends Record<string, unknown>>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
