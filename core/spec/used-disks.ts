// Which names under `disks:` a spec uses, and for what; a name that nothing uses is refused, never ignored.
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { LoadedSpec } from "./load.ts";
import { resolveExtras } from "./resolve-zfs.ts";
import type { Spec } from "./schema.ts";
import { type IdentifiedDisk, selectDisks } from "./select-disks.ts";

/** The name under `disks:` that the root file system goes to. */
export function rootDiskName({ root }: Pick<Spec, "root">): string {
  return root?.on ?? "system";
}

/** Every name that something uses: the root's first. None where the system is added to a pool that exists. */
export function usedDiskNames(spec: Spec): string[] {
  if (spec.root?.install !== undefined) return [];
  const extras = Object.values(resolveExtras(spec.root)).map(({ on }) => on);
  return [...new Set([rootDiskName(spec), ...extras])];
}

/** The disks of every used name that the spec states; names are in the order of their use. */
export function selectUsedDisks(loaded: LoadedSpec, inventory: Inventory): Map<string, IdentifiedDisk[]> {
  const { spec, place } = loaded;
  const found = new Map<string, IdentifiedDisk[]>();
  for (const name of usedDiskNames(spec)) {
    const stated = spec.disks?.[name];
    if (stated !== undefined) found.set(name, selectDisks(stated, inventory, place(["disks", name])));
  }
  refuseTwins(loaded, found);
  return found;
}

/** One disk under two names would be cleared twice and hold two things. */
function refuseTwins({ place }: LoadedSpec, found: ReadonlyMap<string, readonly IdentifiedDisk[]>): void {
  const named = [...found].flatMap(([name, disks]) => disks.map(({ id }) => ({ name, id })));
  const twin = named.find(({ id }, at) => named.findIndex((other) => other.id === id) !== at);
  if (twin === undefined) return;
  const names = named.filter(({ id }) => id === twin.id).map(({ name }) => name);
  throw new ActionableError({
    code: "disk-used-twice",
    exit: EXIT.refused,
    message: `${twin.id} is meant by two names; a disk can be one thing only.`,
    evidence: names.map((name) => `${place(["disks", name])}: \`disks.${name}\``),
    hint: "Name another disk in one of them, or add to `match:` what tells them apart.",
  });
}

/** A disk that is named and not used would be a key that is ignored. */
export function refuseIdleDisks({ spec, place }: LoadedSpec): void {
  const used = usedDiskNames(spec);
  const idle = Object.keys(spec.disks ?? {}).filter((name) => !used.includes(name));
  if (idle.length === 0) return;
  throw new ActionableError({
    code: "disk-not-used",
    exit: EXIT.refused,
    message: "The spec names disks that nothing uses.",
    evidence: idle.map(
      (name) =>
        `${place(["disks", name])}: \`disks.${name}\` is not used: the system goes to ${used.length === 0 ? "a pool that exists" : used.map((each) => `\`${each}\``).join(", ")}`,
    ),
    hint: "Take them out, or say what they are for: `root: {on: …}`.",
  });
}
