// Writes answers back into a YAML text, keeping its comments and its order, so that the finished file replays without a question.
import { isDeepStrictEqual } from "node:util";
import { Document, isAlias, isMap, isScalar, type Node, parseDocument } from "yaml";
import { ActionableError, EXIT } from "../errors.ts";
import { type Path, showPath } from "./path.ts";

export interface Answer {
  path: Path;
  /** Plain data: text, numbers, booleans, lists and maps. */
  value: unknown;
}

/**
 * The text with the values set; maps on the way are made. The text must have been read by `parseYaml`.
 * @throws ActionableError `cannot-write-back` (exit 4) when a value on the way comes from elsewhere (an alias or {ref}) or is no map
 */
export function setValues(text: string, answers: readonly Answer[]): string {
  return answers.reduce((before, answer) => appendKey(before, answer) ?? setValue(before, answer), text);
}

/** A new key at the top goes to the end without touching a byte before it; null when that does not work out. */
function appendKey(text: string, { path, value }: Answer): string | null {
  const [key] = path;
  const { contents } = parseDocument(text);
  if (path.length !== 1 || typeof key !== "string" || !isMap(contents) || contents.flow === true || contents.has(key))
    return null;
  const doc = new Document({});
  doc.set(key, toNode(doc, value));
  const longer = `${text}${text.endsWith("\n") ? "" : "\n"}${doc.toString({ lineWidth: 0 })}`;
  // An end marker (...) or a text block that runs to the end of the file would swallow it.
  const reread = parseDocument(longer);
  return reread.errors.length === 0 && isDeepStrictEqual(reread.toJS(), { ...contents.toJSON(), [key]: value })
    ? longer
    : null;
}

function setValue(text: string, { path, value }: Answer): string {
  const doc: Document = parseDocument(text);
  if (doc.contents === null) doc.contents = doc.createNode({});
  prepareWay(doc, path);
  setKeepingComment(doc, path, value);
  // Lines are not folded: a long key or hash stays one line. `{a: 1}` or `{ a: 1 }`, as the file has it.
  return doc.toString({ lineWidth: 0, flowCollectionPadding: /[{[] \S/.test(text) });
}

/** Makes empty values on the way into maps, and refuses to write into what stands elsewhere. */
function prepareWay(doc: Document, path: Path): void {
  for (let depth = 1; depth < path.length; depth += 1) {
    const way = path.slice(0, depth);
    const node: unknown = doc.getIn(way, true);
    if (node === undefined) return;
    if (isScalar(node) && node.value === null) doc.setIn(way, doc.createNode({}));
    else if (isMap(node) && (node.has("ask") || node.has("ref")) && node.items.length === 1) {
      if (node.has("ref")) throw cannotWrite(way, "comes from another place ({ref: …})");
      doc.setIn(way, doc.createNode({}));
    } else if (isAlias(node)) throw cannotWrite(way, "comes from another place (an alias)");
    else if (isScalar(node)) throw cannotWrite(way, "is a word, not a map");
  }
}

function setKeepingComment(doc: Document, path: Path, value: unknown): void {
  const before: unknown = doc.getIn(path, true);
  const node = doc.createNode(value);
  // Quotes keep "0123" and "no" text for readers of YAML 1.1, too.
  if (isScalar(node) && typeof value === "string" && !/^[A-Za-z][A-Za-z_./:-]*[A-Za-z]$/.test(value))
    node.type = "QUOTE_DOUBLE";
  if (isScalar(before) || isMap(before)) {
    if (before.comment) node.comment = before.comment;
    if (before.commentBefore) node.commentBefore = before.commentBefore;
    if (before.spaceBefore) node.spaceBefore = before.spaceBefore;
  }
  doc.setIn(path, node);
}

/** Quotes keep "0123" and "no" text for readers of YAML 1.1, too. */
function toNode(doc: Document, value: unknown): Node {
  const node = doc.createNode(value);
  if (isScalar(node) && typeof value === "string" && !/^[A-Za-z][A-Za-z_./:-]+[A-Za-z]$/.test(value))
    node.type = "QUOTE_DOUBLE";
  return node;
}

function cannotWrite(path: Path, why: string): ActionableError {
  return new ActionableError({
    code: "cannot-write-back",
    exit: EXIT.refused,
    message: `The answer cannot be written into the file: \`${showPath(path)}\` ${why}.`,
    hint: "Write the value where it comes from.",
  });
}
