// The root file system of a spec with every value known.
import type { Inventory } from "../inventory/inventory.ts";
import type { LoadedSpec } from "./load.ts";
import { encryptionOf } from "./questions.ts";
import { existingPool } from "./resolve-existing.ts";
import { layoutWord, resolveDataSets, resolveExtras, resolvePoolOptions } from "./resolve-zfs.ts";
import type { Origin, ResolvedRoot } from "./resolved.ts";
import type { Spec } from "./schema.ts";
import { parseShare } from "./share.ts";
import { rootDiskName } from "./used-disks.ts";

/** The stated value, or the default with a note for the review. */
export type Value = <T>(path: string, given: T | undefined, otherwise: T, from?: Origin["from"], note?: string) => T;

/**
 * Whatever could be missing was asked before.
 * @throws ActionableError what resolve-existing.ts refuses
 */
export function resolveRoot(loaded: LoadedSpec, inventory: Inventory, hostName: string, value: Value): ResolvedRoot {
  const { spec } = loaded;
  const { root } = spec;
  const encryption = encryptionOf(spec);
  if (encryption === null) throw new Error("an open question was not listed");
  const pool = existingPool(loaded, inventory);
  if (pool !== null) {
    return {
      ...{ filesystem: "zfs-existing", ...pool, datasets: resolveDataSets(root), encryption },
      system: systemName(spec, hostName, value),
      ...generations(spec, value),
    };
  }
  return {
    filesystem: "zfs",
    pool: value("root.pool", root?.pool, "multiverse"),
    layout: layoutWord(root?.layout ?? "single"),
    on: rootDiskName(spec),
    size: value("root.size", root?.size === undefined ? undefined : (parseShare(root.size) ?? undefined), "rest"),
    extras: resolveExtras(root),
    datasets: resolveDataSets(root),
    poolOptions: resolvePoolOptions(root),
    system: systemName(spec, hostName, value),
    encryption,
    ...generations(spec, value),
  };
}

function generations({ root }: Spec, value: Value): Pick<ResolvedRoot, "keep" | "keepReleases"> {
  return {
    keep: value("root.generations.keep", root?.generations?.keep, 3),
    keepReleases: value("root.generations.keep-releases", root?.generations?.["keep-releases"], 5),
  };
}

/** A host's first label may be g1, g2 or g3, which mean generations; such a system is called g1-host. */
function systemName(spec: Spec, hostName: string, value: Value): string {
  const short = hostName.split(".")[0] ?? hostName;
  const usable = /^g[123]$/.test(short) ? `${short}-host` : short;
  return value("root.system", spec.root?.system, usable, "default", "from the host's name");
}
