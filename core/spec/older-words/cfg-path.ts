// Paths into the older dialect: `key:value/key/…`; a final `/-` lists items.
import type { CfgNode } from "./cfg.ts";

/**
 * What a path leads to: the values of the keys that it ends at, or the items below them. A key without a value in the
 * path means every key of that name. Empty where there is nothing.
 */
export function readCfgPath(root: CfgNode, path: string): string[] {
  if (path === "-") return root.items;
  if (path.endsWith("/-")) return nodesAt(root, path.slice(0, -2)).flatMap(({ items }) => items);
  return nodesAt(root, path).map(({ value }) => value);
}

/**
 * The nodes that a path leads to. Values may hold the / that parts the path (`install:mercury/g1/disks`), so the path is
 * not taken apart: what it begins with is looked for among the children, and the longest fitting one is meant.
 */
export function nodesAt(root: CfgNode, path: string): CfgNode[] {
  if (path === "") return [root];
  const begins = (start: string) => path === start || path.startsWith(`${start}/`);
  const named = root.children
    .filter(({ key, value }) => value !== "" && begins(`${key}:${value}`))
    .sort((a, b) => b.value.length - a.value.length);
  const [longest] = named;
  if (longest !== undefined) {
    const rest = path.slice(longest.key.length + 1 + longest.value.length + 1);
    return named.filter(({ value }) => value === longest.value).flatMap((node) => nodesAt(node, rest));
  }
  return root.children
    .filter(({ key }) => begins(key))
    .flatMap((node) => nodesAt(node, path.slice(node.key.length + 1)));
}
