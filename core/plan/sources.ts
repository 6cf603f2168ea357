// What a plan may be copied from: the running system's own image, or another medium that is plugged in.
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory, LiveMedium, SourceMedium } from "../inventory/inventory.ts";
import type { Evidence, Plan } from "./step.ts";

/** An image to install from; `medium` is null when it is the running system's own. */
export interface Source {
  live: LiveMedium;
  medium: SourceMedium | null;
}

/** A source as a spec names it and as people know it. */
export interface NamedSource extends Source {
  /** "live:", "live:/dev/disk/by-partuuid/…". */
  uri: string;
  name: string;
}

/** A source that holds the very image of a plan: for "use another source". */
export interface SourceChoice extends NamedSource {
  /** The plan's source now. */
  current: boolean;
}

/** The source of that device (null: the running system's own), or null when it is not there. */
export function findSource({ live, media }: Inventory, device: string | null): Source | null {
  if (device === null) return live === null ? null : { live, medium: null };
  const medium = media.find((each) => each.device === device || each.aliases.includes(device));
  return medium === undefined ? null : { live: medium.live, medium };
}

/** The part of a plan's evidence that says where the system is copied from. */
export function evidenceSource({ live, medium }: Source): Pick<Evidence, "kernel" | "sources"> {
  const { host, program, refind } = live;
  const sets = Object.entries(live.sets).map(
    ([name, set]) => [name, { layer: set.path, bytes: set.treeBytes, sha256: set.sha256 }] as const,
  );
  return {
    kernel: live.kernel,
    sources: {
      ...(sets.length === 0 ? {} : { sets: Object.fromEntries(sets) }),
      ...{ host: host.path, hostBytes: host.treeBytes, hostSha256: host.sha256, program: program.path, refind },
      ...(medium === null
        ? {}
        : { medium: { device: medium.device, name: medium.name, manifestSha256: medium.manifestSha256 } }),
    },
  };
}

/** Half of one image and half of another would be a system that nobody has tested. */
export function sameImage({ kernel, sources }: Evidence, { live }: Source): boolean {
  return (
    live.kernel.vmlinuzSha256 === kernel.vmlinuzSha256 &&
    live.kernel.initrdSha256 === kernel.initrdSha256 &&
    live.host.sha256 === sources.hostSha256 &&
    Object.entries(sources.sets ?? {}).every(([name, set]) => live.sets[name]?.sha256 === set.sha256)
  );
}

/** Everything on this machine that could be installed from: the running system's own image first. */
export function availableSources(inventory: Inventory): NamedSource[] {
  const own = findSource(inventory, null);
  return [
    ...(own === null ? [] : [{ ...own, uri: "live:", name: "the system that runs" }]),
    ...inventory.media.map((medium) => ({
      ...{ live: medium.live, medium, uri: `live:${medium.device}`, name: medium.name },
    })),
  ];
}

/** Every source on this machine that holds the same host image, kernel and initramfs as the plan's, the present one first. */
export function sourcesFor({ evidence }: Plan, inventory: Inventory): SourceChoice[] {
  const now = evidence.sources.medium?.device ?? null;
  const isNow = ({ medium }: Source) =>
    medium === null ? now === null : now !== null && (now === medium.device || medium.aliases.includes(now));
  return availableSources(inventory)
    .filter((source) => sameImage(evidence, source))
    .map((source) => ({ ...source, current: isNow(source) }))
    .sort((a, b) => Number(b.current) - Number(a.current));
}

/** The same plan copied from another source: its steps and its hash stay, because where it is copied from is evidence. */
export function withSource(plan: Plan, source: Source): Plan {
  return { ...plan, evidence: { ...plan.evidence, ...evidenceSource(source) } };
}

/** For a medium that the spec names and that is not plugged in. */
export function sourceNotFound(device: string, { media }: Inventory): ActionableError {
  return new ActionableError({
    code: "source-not-found",
    exit: EXIT.refused,
    message: `No Multiverse medium is found at ${device}.`,
    evidence:
      media.length === 0
        ? ["no other Multiverse medium is plugged in"]
        : media.map(
            (medium) =>
              `live:${medium.device}  ${medium.name}: Debian ${medium.live.debian}, Linux ${medium.live.kernel.version}`,
          ),
    hint: "Plug it in, or name one of those found in `source`.",
  });
}
