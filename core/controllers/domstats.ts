// Readers of what `virsh list` and `virsh domstats --raw` print.

export interface Listed {
  uuid: string;
  /** Another one after each start; null while it is off. */
  id: string | null;
  name: string;
}

/** Lines of `virsh -q list --all --id --uuid --name`: the UUID, the id or "-", the name, which may have spaces in it. */
export function parseList(text: string): Listed[] {
  return text.split("\n").flatMap((line) => {
    const [, uuid, id, name] = /^\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) +(\d+|-) +(.*?)\s*$/.exec(line) ?? [];
    return uuid === undefined || name === undefined || name === ""
      ? []
      : [{ uuid, id: id === "-" ? null : (id ?? null), name }];
  });
}

/** The UUIDs of `virsh -q list --uuid`. */
export function parseUuids(text: string): Set<string> {
  return new Set(text.match(/^\s*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\s*$)/gm)?.map((uuid) => uuid.trim()));
}

/** One domain's figures by their names, such as "net.0.rx.bytes" (virsh(1), domstats). */
export type Figures = ReadonlyMap<string, string>;

/** By the domain's name. Lines that are no figure are left out. */
export function parseDomstats(text: string): Map<string, Figures> {
  const found = new Map<string, Figures>();
  let figures = new Map<string, string>();
  for (const line of text.split("\n")) {
    const name = /^Domain: '(.*)'$/.exec(line)?.[1];
    if (name !== undefined) {
      figures = new Map();
      found.set(name, figures);
      continue;
    }
    const equals = line.indexOf("=");
    if (line.startsWith("  ") && equals > 2) figures.set(line.slice(2, equals), line.slice(equals + 1));
  }
  return found;
}

/** A figure as a number; null where it is missing or none. */
export function numberOf(figures: Figures | undefined, name: string): number | null {
  const text = figures?.get(name);
  if (text === undefined || text === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The index of the entry of a group ("net", "block") that has this name; null where there is none. */
export function indexOf(figures: Figures | undefined, group: "net" | "block", name: string): number | null {
  const count = Math.min(numberOf(figures, `${group}.count`) ?? 0, 1024);
  for (let index = 0; index < count; index++) if (figures?.get(`${group}.${index}.name`) === name) return index;
  return null;
}
