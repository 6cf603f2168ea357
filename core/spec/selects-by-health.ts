// Whether a spec selects disks by their health, which is asked of them only then.

import type { Spec } from "./schema.ts";
import type { Match } from "./schema-match.ts";

export function selectsByHealth({ disks = {} }: Spec): boolean {
  return Object.values(disks).some((stated) => {
    if (typeof stated === "string" || Array.isArray(stated) || stated.match === undefined) return false;
    return stated.pin === undefined && [stated.match].flat().some(hasHealth);
  });
}

export function hasHealth({ health, and = [], or = [], not }: Match): boolean {
  return health !== undefined || [...and, ...or, ...(not === undefined ? [] : [not])].some(hasHealth);
}
