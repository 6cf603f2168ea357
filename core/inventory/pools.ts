// Parses zpool's output: pools that are imported, with the devices they use, and pools that could be.
import type { ImportablePool } from "./inventory.ts";
import { scrub } from "./scrub.ts";

/** `zpool list -H -o name,guid`: tab-separated. GUIDs stay text: they exceed 2^53. */
export function parsePoolList(output: string): { name: string; guid: string }[] {
  return output.split("\n").flatMap((line) => {
    const [name = "", guid = ""] = line.split("\t");
    return /^[0-9]+$/.test(guid) ? [{ name: scrub(name), guid }] : [];
  });
}

/** `zpool status -P -L`: every device path that an imported pool uses, be it for data, log, cache or spare. */
export function parsePoolDevices(output: string): { pool: string; path: string }[] {
  let pool = "";
  return output.split("\n").flatMap((line) => {
    const [, name] = /^ *pool: (.+)$/.exec(line) ?? [];
    if (name !== undefined) pool = scrub(name);
    const [, path] = /^\s+(\/dev\/\S+)\s/.exec(`${line} `) ?? [];
    return path === undefined ? [] : [{ pool, path }];
  });
}

/** `zpool import` without a name: it lists and imports nothing (zpool-import(8)). */
export function parseImportable(output: string): ImportablePool[] {
  return output
    .split(/^(?= *pool: )/m)
    .map(parseImportablePool)
    .filter((pool) => pool.name !== "" && pool.guid !== "");
}

function parseImportablePool(text: string): ImportablePool {
  const field = (name: string) => scrub(new RegExp(`^ *${name}: (.*)$`, "m").exec(text)?.[1]);
  const config = text.split(/^ *config:/m)[1] ?? "";
  // Members are the leaves: indented deeper than the pool's own line, and not the name of a group.
  const rows = [...config.matchAll(/^\t( *)(\S+)/gm)].map(([, indent = "", name = ""]) => ({
    depth: indent.length,
    name,
  }));
  const members = rows.filter(
    (row, at) =>
      row.depth > 0 &&
      (rows[at + 1]?.depth ?? 0) <= row.depth &&
      !/^(mirror|raidz[123]?|draid\S*|spare|replacing)-[0-9]+$/.test(row.name),
  );
  return {
    name: field("pool"),
    guid: field("id"),
    state: field("state"),
    members: members.map((row) => scrub(row.name)),
  };
}
