// Reads the older YAML-like dialect (*.cfg, boot.cfg) into a tree: a key may hold a value and children, and be repeated.
import { ActionableError, EXIT } from "../../errors.ts";

export interface CfgNode {
  key: string;
  /** What stands behind the colon; "" where nothing does. */
  value: string;
  /** Keys below it, in the order of the file; of one key several may be there, told apart by their values. */
  children: CfgNode[];
  /** The `-item` entries among them, in order. */
  items: string[];
  /** From 1. */
  line: number;
}

const MAX_BYTES = 2 ** 20;
const MAX_DEPTH = 64;

/**
 * The tree of a file, below a root without a key. `#` starts a comment at the start of a line or behind white space; tabs
 * are two spaces; what is deeper than the line above it belongs to that line.
 * @throws ActionableError `invalid-cfg` (exit 2) with every problem at its line
 */
export function parseCfg(name: string, text: string): CfgNode {
  const problems: string[] = [];
  const root: CfgNode = { key: "", value: "", children: [], items: [], line: 0 };
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalidCfg([`${name}: the file is larger than 1 MiB`]);
  /** What is open, outermost first, and how far its line is indented. */
  const open: { node: CfgNode; indent: number }[] = [{ node: root, indent: -1 }];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const at = `${name}:${index + 1}`;
    const line = raw
      .replaceAll("\t", "  ")
      .replace(/(^|\s)#.*$/, "")
      .trimEnd();
    const words = line.trimStart();
    if (words === "") continue;
    const indent = line.length - words.length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const parent = open.at(-1)?.node ?? root;
    if (/[\u0000-\u001f\u007f-\u009f]/.test(words)) problems.push(`${at}: control characters`);
    else if (words.startsWith("-")) readItem(words, parent, at, problems);
    else {
      const node = readKey(words, index + 1);
      if (node === null) problems.push(`${at}: neither key: nor -item`);
      else if (open.length > MAX_DEPTH) problems.push(`${at}: deeper than ${MAX_DEPTH} levels`);
      else {
        parent.children.push(node);
        open.push({ node, indent });
      }
    }
  }
  if (problems.length > 0) throw invalidCfg(problems);
  return root;
}

function readItem(words: string, parent: CfgNode, at: string, problems: string[]): void {
  const item = words.slice(1).trim();
  if (item === "") problems.push(`${at}: a - with nothing behind it`);
  else parent.items.push(item);
}

function readKey(words: string, line: number): CfgNode | null {
  const colon = words.indexOf(":");
  const key = colon < 0 ? "" : words.slice(0, colon).trimEnd();
  if (key === "" || /[\s/]/.test(key)) return null;
  return { key, value: words.slice(colon + 1).trim(), children: [], items: [], line };
}

function invalidCfg(problems: readonly string[]): ActionableError {
  return new ActionableError({
    code: "invalid-cfg",
    exit: EXIT.usage,
    message:
      problems.length === 1 ? "The file cannot be read." : `The file cannot be read: ${problems.length} problems.`,
    evidence: problems.slice(0, 20),
    hint: "It is read as the older format with `key:value` and `-item` lines; YAML files are read by `multiverse spec show`.",
  });
}
