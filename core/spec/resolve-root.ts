// The root file system of a spec with every value known.
import { diskLayoutWord } from "./disk-layout-word.ts";
import type { LoadedSpec } from "./load.ts";
import { encryptionOf } from "./questions.ts";
import { layoutWord, resolveDataSets, resolveExtras, resolvePoolOptions } from "./resolve-zfs.ts";
import type { Origin, PlainRoot, ResolvedRoot } from "./resolved.ts";
import type { Spec } from "./schema.ts";
import { parseShare } from "./share.ts";
import { rootDiskName } from "./used-disks.ts";

/** The stated value, or the default with a note for the review. */
export type Value = <T>(path: string, given: T | undefined, otherwise: T, from?: Origin["from"], note?: string) => T;

/** Refuses nothing: whatever could be missing was asked before. */
export function resolveRoot({ spec }: LoadedSpec, hostName: string, value: Value): ResolvedRoot {
  const { root } = spec;
  const encryption = encryptionOf(spec);
  if (encryption === null) throw new Error("an open question was not listed");
  const base = () => ({
    on: rootDiskName(spec),
    size: value("root.size", root?.size === undefined ? undefined : (parseShare(root.size) ?? undefined), "rest"),
    system: systemName(spec, hostName, value),
    encryption,
  });
  const generations = () => ({
    keep: value("root.generations.keep", root?.generations?.keep, 3),
    keepReleases: value("root.generations.keep-releases", root?.generations?.["keep-releases"], 5),
  });
  const filesystem = root?.filesystem ?? "zfs";
  if (filesystem === "zfs")
    return {
      ...{
        filesystem,
        pool: value("root.pool", root?.pool, "multiverse"),
        layout: layoutWord(root?.layout ?? "single"),
      },
      ...base(),
      extras: resolveExtras(root),
      datasets: resolveDataSets(root),
      poolOptions: resolvePoolOptions(root),
      ...generations(),
    };
  const layout = diskLayoutWord(root?.layout ?? "single");
  if (filesystem === "btrfs")
    return { filesystem, layout, ...base(), datasets: resolveDataSets(root), ...generations() };
  const common = base();
  return { filesystem, layout, ...common, lvm: resolveGroup(root, common.system) };
}

type Root = NonNullable<Spec["root"]>;

/** `root` is the first of the volumes, whether it is named or not. */
function resolveGroup(root: Root | undefined, system: string): PlainRoot["lvm"] {
  if (root?.lvm === undefined) return null;
  const { group = system, volumes = {} } = root.lvm;
  const all = Object.entries({ root: {}, ...volumes }).map(([name, about]: [string, (typeof volumes)[string]]) => ({
    ...{ name, size: parseShare(about?.size ?? "rest") ?? ("rest" as const) },
    mountpoint: name === "root" ? "/" : (about?.mountpoint ?? ""),
  }));
  const depth = ({ mountpoint }: { mountpoint: string }) => (mountpoint === "/" ? 0 : mountpoint.split("/").length);
  return { name: group, volumes: all.toSorted((a, b) => depth(a) - depth(b)) };
}

/** A host's first label may be g1, g2 or g3, which mean generations; such a system is called g1-host. */
function systemName(spec: Spec, hostName: string, value: Value): string {
  const short = hostName.split(".")[0] ?? hostName;
  const usable = /^g[123]$/.test(short)
    ? `${short}-host`
    : short.slice(0, (spec.root?.filesystem ?? "zfs") === "zfs" ? 64 : 32);
  return value("root.system", spec.root?.system, usable, "default", "from the host's name");
}
