// Reads one YAML file strictly, and knows the line and column of everything in it.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import { ActionableError, EXIT } from "../errors.ts";
import { type Path, pathKey } from "./path.ts";

/** More than any spec needs, and little enough to parse at once. */
export const MAX_BYTES = 2 ** 20;

/** One file, parsed. `refs` is filled by refs.ts: which places of this file stand for places of others. */
export interface SourceFile {
  name: string;
  doc: Document.Parsed;
  lines: LineCounter;
  data: unknown;
  refs: Map<string, { file: SourceFile; path: Path }>;
}

export interface Place {
  file: string;
  /** From 1; 0 for a word of the command line, which has no lines. */
  line: number;
  column: number;
}

/** What a problem looks like to a person: "a.yml:3:5: message". */
export function showPlace(place: Place): string {
  return place.line === 0 ? place.file : `${place.file}:${place.line}:${place.column}`;
}

/** The place of a value that a word of the command line gave. */
export function wordPlace(name: string): Place {
  return { file: name, line: 0, column: 0 };
}

/** Parses a file's text. Throws ActionableError `invalid-yaml` with every problem at its line and column. */
export function parseYaml(name: string, text: string): SourceFile {
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalidYaml([`${name}: the file is larger than 1 MiB`]);
  const lines = new LineCounter();
  // prettyErrors would quote the line, which may hold what must not be shown.
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, strict: true });
  const at = (offset: number) => showPlace({ file: name, ...position(lines, offset) });
  const problems = [...doc.errors, ...doc.warnings].map((error) => `${at(error.pos[0])}: ${explain(error, text)}`);
  if (problems.length === 0) problems.push(...findUnwanted(doc, at));
  if (problems.length > 0) throw invalidYaml(problems);
  return { name, doc, lines, data: doc.toJS({ maxAliasCount: 100 }), refs: new Map() };
}

/** The error for files that are not the YAML we read. */
export function invalidYaml(problems: readonly string[]): ActionableError {
  return new ActionableError({
    code: "invalid-yaml",
    exit: EXIT.usage,
    message:
      problems.length === 1 ? "The YAML cannot be read." : `The YAML cannot be read: ${problems.length} problems.`,
    evidence: problems,
    hint: "Correct the file at the places named.",
  });
}

/** The library's words, where they would confuse or repeat the file's text, in ours. */
function explain(error: YAMLError, text: string): string {
  switch (error.code) {
    case "DUPLICATE_KEY":
      return `the key \`${keyAt(text, error.pos[0])}\` is there twice in the same map`;
    case "MULTIPLE_DOCS":
      return "a second document begins here; a file holds one";
    case "TAG_RESOLVE_FAILED":
      return "custom YAML tags (!name) are not used here";
    case "UNEXPECTED_TOKEN":
      return "something stands here that does not belong";
    case "BLOCK_AS_IMPLICIT_KEY":
      return 'a second ": " on this line; put the value in quotes';
    default:
      return error.message.replace(/: ".*$/s, "");
  }
}

function keyAt(text: string, offset: number): string {
  return /^["']?([A-Za-z0-9_.+/-]{1,64})/.exec(text.slice(offset, offset + 70))?.[1] ?? "?";
}

/** What YAML allows and this format does not: tags, keys that are not words, numbers that are none, endless aliases. */
function findUnwanted(doc: Document.Parsed, at: (offset: number) => string): string[] {
  const problems: string[] = [];
  const where = (node: unknown) => at((node as Node).range?.[0] ?? 0);
  let aliases = 0;
  const refuseTag = (node: Node) => {
    const tag = "tag" in node && typeof node.tag === "string" ? node.tag : "";
    if (tag.startsWith("tag:yaml.org,2002:") && !isPlainTag(tag))
      problems.push(`${where(node)}: YAML tags (!!name) are not used here`);
  };
  visit(doc, {
    // A visitor for Scalar hides a scalar from one for Node: each kind has to ask.
    Map: (_key, node) => refuseTag(node),
    Seq: (_key, node) => refuseTag(node),
    Pair: (_key, pair) => {
      if (!isScalar(pair.key)) problems.push(`${where(pair.key)}: a key must be a plain word`);
      else if (pair.key.value === "<<")
        problems.push(`${where(pair.key)}: merge keys (<<) are not used here; {ref: …} takes a value from elsewhere`);
    },
    Scalar: (_key, node) => {
      refuseTag(node);
      if (typeof node.value === "number" && !Number.isFinite(node.value))
        problems.push(`${where(node)}: not a number that can be used`);
    },
    Alias: (_key, node) => {
      aliases += 1;
      if (node.resolve(doc) === undefined)
        problems.push(`${where(node)}: an alias (*name) without its anchor; put the value in quotes if it is text`);
      else if (aliases === 65) problems.push(`${where(node)}: more than 64 aliases`);
    },
  });
  if (problems.length > 0) return problems;
  try {
    doc.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    problems.push(`${at(0)}: the aliases of this file expand too far`);
  }
  return problems;
}

/** The parser sets these itself on plain collections and scalars. */
function isPlainTag(tag: string): boolean {
  return /:(map|seq|str|int|float|bool|null)$/.test(tag);
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The place of the deepest part of a path that this file has, and how deep that is. With `key` the place of the last key, not of its value. */
export function findPlace(file: SourceFile, path: Path, key = false): { place: Place; depth: number } {
  let node: unknown = file.doc.contents;
  let offset = isNodeWithRange(node) ? node.range[0] : 0;
  let depth = 0;
  for (const part of path) {
    const ref = file.refs.get(pathKey(path.slice(0, depth)));
    if (ref !== undefined) {
      const beyond = findPlace(ref.file, [...ref.path, ...path.slice(depth)], key);
      return { place: beyond.place, depth: depth + Math.max(0, beyond.depth - ref.path.length) };
    }
    if (isAlias(node)) node = node.resolve(file.doc);
    const next = child(node, part);
    if (next === null) break;
    depth += 1;
    node = next.value;
    const shown = key && depth === path.length ? next.key : node;
    if (isNodeWithRange(shown)) offset = shown.range[0];
    else if (isNodeWithRange(next.key)) offset = next.key.range[0];
  }
  return { place: { file: file.name, ...position(file.lines, offset) }, depth };
}

function child(node: unknown, part: string | number): { key: unknown; value: unknown } | null {
  if (isSeq(node))
    return typeof part === "number" && part < node.items.length
      ? { key: node.items[part], value: node.items[part] }
      : null;
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

function isNodeWithRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}
