// A small reader of XML as libvirt prints it: elements, attributes, text; no namespaces resolved, nothing fetched, nothing expanded but the five entities.

export interface Element {
  /** With its prefix, as written. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: Element[];
  /** The text directly inside, put together. */
  text: string;
}

/** libvirt's own limit for a domain's XML is 16 MiB; ours are some kilobytes. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
const DEEPEST = 64;

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** An entity that is none of the five is left as it stands: document types are not read, so it has no meaning here. */
function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "�";
  });
}

const START = /<([A-Za-z_][^\s/>=<"']*)((?:\s+[^\s=/><"']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([^\s=/><"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const END = /<\/([^\s>]+)\s*>/y;

/** What is skipped whole: comments, declarations, document types without an inner part. */
const SKIPPED = [
  ["<!--", "-->"],
  ["<?", "?>"],
  ["<!DOCTYPE", ">"],
] as const;

/**
 * The root element of a document, or null where it is not well formed, is too long or nests too deeply.
 * Never throws: who asks decides what a domain without a readable description is worth.
 */
export function parseXml(text: string): Element | null {
  if (text.length > MOST_CHARACTERS) return null;
  const root: Element = { name: "", attributes: new Map(), children: [], text: "" };
  const open = [root];
  let at = 0;
  while (at < text.length) {
    const inside = open[open.length - 1];
    if (inside === undefined) return null;
    const next = text.indexOf("<", at);
    const until = next === -1 ? text.length : next;
    if (until > at) {
      inside.text += decode(text.slice(at, until));
      at = until;
      continue;
    }
    if (text.startsWith("<![CDATA[", at)) {
      const end = text.indexOf("]]>", at);
      if (end === -1) return null;
      inside.text += text.slice(at + 9, end);
      at = end + 3;
      continue;
    }
    const skipped = SKIPPED.find(([begin]) => text.startsWith(begin, at));
    if (skipped !== undefined) {
      const end = text.indexOf(skipped[1], at + skipped[0].length);
      if (end === -1) return null;
      at = end + skipped[1].length;
      continue;
    }
    END.lastIndex = at;
    const closed = END.exec(text);
    if (closed !== null) {
      if (open.length === 1 || inside.name !== closed[1]) return null;
      open.pop();
      at = END.lastIndex;
      continue;
    }
    START.lastIndex = at;
    const began = START.exec(text);
    if (began === null) return null;
    const element = { name: began[1] ?? "", attributes: attributesOf(began[2] ?? ""), children: [], text: "" };
    inside.children.push(element);
    if (began[3] !== "/") open.push(element);
    if (open.length > DEEPEST) return null;
    at = START.lastIndex;
  }
  const only = root.children.length === 1 && root.text.trim() === "" ? root.children[0] : undefined;
  return open.length === 1 ? (only ?? null) : null;
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(ATTRIBUTE)) {
    found.set(name ?? "", decode(double ?? single ?? ""));
  }
  return found;
}

/** The first element reached by a path of names. */
export function first(from: Element | undefined, ...path: readonly string[]): Element | undefined {
  let here = from;
  for (const name of path) here = here?.children.find((child) => child.name === name);
  return here;
}

/** The children of that name. */
export function all(from: Element | undefined, name: string): readonly Element[] {
  return from?.children.filter((child) => child.name === name) ?? [];
}

/** An attribute of an element that may not be there; empty counts as none. */
export function attribute(of: Element | undefined, name: string): string | null {
  return of?.attributes.get(name) || null;
}
