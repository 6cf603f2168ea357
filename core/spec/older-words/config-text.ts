// `multiverse install … config`: the spec that files and words make, as YAML with comments for a person.
import { type Document, isCollection, isMap, isScalar, isSeq, type Node, parseDocument, stringify } from "yaml";
import { type Answer, setValues } from "../answers.ts";
import type { LoadedSpec } from "../load.ts";
import { type Path, showPath } from "../path.ts";
import type { StableName } from "../stable-names.ts";

export interface ConfigParts {
  loaded: Pick<LoadedSpec, "data">;
  /** The one file that the spec is made from, whose comments are kept; null where there is none, or more than one. */
  text: string | null;
  /** What the words give. */
  values: readonly Answer[];
  stable: readonly StableName[];
  /** Lines for the head. */
  notes: readonly string[];
  /** What is asked before it can be installed: "host.name: What is this machine to be called?" */
  open: readonly string[];
}

const WIDTH = 110;

export function configText({ loaded, text, values, stable, notes, open }: ConfigParts): string {
  // A reference would be written into instead of replaced: with one, the file is not kept as it was.
  const keeps = text !== null && !/\{ *ref *:|^ *ref *:/m.test(text);
  const start = keeps ? setValues(text, values) : stringify(loaded.data, { lineWidth: 0 });
  const doc: Document = parseDocument(setValues(start, stable));
  for (const { path, given, about } of stable) comment(doc, path, `${given} is ${about}`);
  if (doc.contents !== null && !keeps) doc.commentBefore = null;
  const head = ["Made by `multiverse install … config`; install it with `multiverse install FILE`.", ...notes];
  return [
    ...head.flatMap(wrapped).map((line) => `# ${line}\n`),
    doc.toString({ lineWidth: 0, flowCollectionPadding: !keeps || /[{[] \S/.test(start) }),
    ...(open.length === 0 ? [] : ["# Still open, and asked before it can be installed:\n"]),
    ...open.map((line) => `# - ${line.slice(0, 400)}\n`),
  ].join("");
}

/** Above the key where the map is a block; a map or list in braces becomes one, because a comment ends its line. */
function comment(doc: Document, path: Path, words: string): void {
  const parent: unknown = doc.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  const item = isSeq(parent) && typeof last === "number" ? parent.items[last] : undefined;
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === last) : undefined;
  const node = (item ?? pair?.key) as Node | undefined;
  if (node === undefined || !isCollection(parent)) throw new Error(`there is no ${showPath(path)} to comment`);
  for (let depth = 0; depth < path.length; depth += 1) {
    const way: unknown = doc.getIn(path.slice(0, depth), true);
    if (isCollection(way)) way.flow = false;
  }
  node.commentBefore = [node.commentBefore, ` ${words}`].filter((one) => one).join("\n");
}

function wrapped(text: string): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
