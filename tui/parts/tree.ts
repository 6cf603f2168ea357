// A tree that is opened and closed: which rows it has now, and what keys do to it. Pure.
import type { Key } from "../keys/key.ts";
import { type Line, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import type { Surface } from "../theme/surface.ts";
import type { Tone } from "../theme/tones.ts";
import { clampScroll, moveScroll, type Scroll, START } from "./scroll.ts";

export interface TreeNode {
  /** Unique in the whole tree. */
  id: string;
  label: string;
  tone?: Tone;
  children?: readonly TreeNode[];
}

export interface TreeState {
  /** Nodes whose children are shown. */
  open: ReadonlySet<string>;
  scroll: Scroll;
}

export interface TreeRow {
  node: TreeNode;
  /** 0 at the top. */
  depth: number;
  /** null for a node without children. */
  open: boolean | null;
  /** Place of the parent among the rows; null at the top. */
  parent: number | null;
}

export function treeState(open: Iterable<string> = []): TreeState {
  return { open: new Set(open), scroll: START };
}

/** The rows that are visible now, from top to bottom. */
export function treeRows(nodes: readonly TreeNode[], open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (list: readonly TreeNode[], depth: number, parent: number | null) => {
    for (const node of list) {
      const children = node.children ?? [];
      const shown = open.has(node.id);
      const at = rows.push({ node, depth, open: children.length === 0 ? null : shown, parent }) - 1;
      if (shown) walk(children, depth + 1, at);
    }
  };
  walk(nodes, 0, null);
  return rows;
}

/** After a key: right and Space open, left closes or goes to the parent; null when the key means nothing here. */
export function treeKey(nodes: readonly TreeNode[], state: TreeState, key: Key, height: number): TreeState | null {
  const rows = treeRows(nodes, state.open);
  const scroll = clampScroll(state.scroll, rows.length, height);
  const moved = moveScroll(scroll, key, rows.length, height);
  if (moved !== null) return { ...state, scroll: moved };
  const row = rows[scroll.selected];
  const toggles = key.name === "text" && key.text === " ";
  if (row === undefined || !(toggles || key.name === "left" || key.name === "right")) return null;
  if (row.open === false && key.name !== "left") return turned(nodes, state, row.node.id, scroll, height);
  if (row.open === true && key.name !== "right") return turned(nodes, state, row.node.id, scroll, height);
  const to = key.name === "left" ? row.parent : key.name === "right" && row.open === true ? scroll.selected + 1 : null;
  return { ...state, scroll: to === null ? scroll : clampScroll({ ...scroll, selected: to }, rows.length, height) };
}

function turned(
  nodes: readonly TreeNode[],
  { open }: TreeState,
  id: string,
  scroll: Scroll,
  height: number,
): TreeState {
  const next = new Set(open);
  if (!next.delete(id)) next.add(id);
  return { open: next, scroll: clampScroll(scroll, treeRows(nodes, next).length, height) };
}

/** One row: "+" is closed, "-" is open, as on every terminal; a screen reader hears the words. */
export function treeLine(
  { node, depth, open }: TreeRow,
  words: { open: string; closed: string },
  surface: Surface,
): Line {
  const label = clean(node.label, surface.letters);
  if (surface.reader)
    return [span(`${label}${open === null ? "" : `, ${open ? words.open : words.closed}`}`, node.tone)];
  const mark = open === null ? " " : open ? "-" : "+";
  return [span(`${"  ".repeat(depth)}${mark} `), span(label, node.tone)];
}
