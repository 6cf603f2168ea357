// A tree on the screen: arrows move, right and left open and close, Enter takes the node.
import { type ReactNode, useState } from "react";
import { useKeys } from "../keys/KeyRouter.tsx";
import { EMPTY } from "../line.ts";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { listRows } from "./list-rows.ts";
import { Rows } from "./Rows.tsx";
import { clampScroll } from "./scroll.ts";
import { type TreeNode, treeKey, treeLine, treeRows, treeState } from "./tree.ts";

export interface TreeProps {
  nodes: readonly TreeNode[];
  width: number;
  height: number;
  /** Nodes that are open at first. */
  open?: readonly string[];
  focused?: boolean;
  words: { open: string; closed: string };
  onChoose?: (id: string) => void;
}

export function Tree({ nodes, width, height, open = [], focused = true, words, onChoose }: TreeProps): ReactNode {
  const surface = useSurface();
  const [state, setState] = useState(() => treeState(open));
  const rows = treeRows(nodes, state.open);
  const scroll = clampScroll(state.scroll, rows.length, height);
  useKeys(
    "screen",
    (key) => {
      const next = treeKey(nodes, state, key, height);
      if (next !== null) setState(next);
      const node = rows[scroll.selected]?.node;
      if (next !== null || key.name !== "enter" || node === undefined || onChoose === undefined) return next !== null;
      onChoose(node.id);
      return true;
    },
    focused,
  );
  const row = (index: number) => {
    const each = rows[index];
    return each === undefined ? EMPTY : treeLine(each, words, surface);
  };
  return (
    <Rows
      rows={listRows({ row, length: rows.length, scroll, width, height, focused }, surface)}
      width={width}
      height={height}
    />
  );
}
