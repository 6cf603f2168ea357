// Where a value stands in a YAML file: a list of keys and list positions, and how a person writes it.

export type Path = readonly (string | number)[];

/** `["users", 0, "ssh-keys"]` as `users[0].ssh-keys`. */
export function showPath(path: Path): string {
  if (path.length === 0) return "(top of the file)";
  return path.map((part, at) => (typeof part === "number" ? `[${part}]` : at === 0 ? part : `.${part}`)).join("");
}

/** A key for maps of paths. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** The value at a path in plain data, or undefined. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Whether data is a map: not a list, not null. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
