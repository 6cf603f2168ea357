// What is written back so that a spec leads to the same disks from then on: stable names in place of selectors and kernel paths.
import { isDeepStrictEqual } from "node:util";
import type { Inventory } from "../inventory/inventory.ts";
import type { Answer } from "./answers.ts";
import type { Spec } from "./schema.ts";
import type { DiskSpec } from "./schema-disks.ts";
import { selectDisks } from "./select-disks.ts";

/** What pins the disks that `stated` has led to; the selector stays beside its pin. Null when the spec already names them. */
export function pinOf(name: string, stated: DiskSpec, ids: readonly string[]): Answer | null {
  const path = ["disks", name];
  if (typeof stated === "string" || (!Array.isArray(stated) && stated.match === undefined)) {
    const [id] = ids;
    return id === undefined || stated === id || stated === `/dev/disk/by-id/${id}` ? null : { path, value: id };
  }
  if (Array.isArray(stated)) return isDeepStrictEqual(stated, ids) ? null : { path, value: [...ids] };
  if (ids.length === 0 || isDeepStrictEqual(stated.pin, ids)) return null;
  return { path: [...path, "pin"], value: [...ids] };
}

/**
 * The pins of every name under `disks:`.
 * @throws ActionableError what selectDisks refuses
 */
export function pinsOf({ disks = {} }: Spec, inventory: Inventory, at: (name: string) => string): Answer[] {
  return Object.entries(disks).flatMap(([name, stated]) => {
    const ids = selectDisks(stated, inventory, at(name)).map(({ id }) => id);
    return pinOf(name, stated, ids) ?? [];
  });
}
