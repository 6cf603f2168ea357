// A list that one thing is chosen from: arrows move, Enter chooses, letters may do more.
import { type ReactNode, useState } from "react";
import { type Layer, useKeys } from "../keys/KeyRouter.tsx";
import type { Key } from "../keys/key.ts";
import type { Line } from "../line.ts";
import type { Room } from "../shell/AppShell.tsx";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { listRows } from "./list-rows.ts";
import { Rows } from "./Rows.tsx";
import { clampScroll, moveScroll, nearestChoosable } from "./scroll.ts";

export interface ListViewProps {
  room: Room;
  length: number;
  /** Draws one entry in so many columns; called for entries in view only. */
  row: (index: number, width: number) => Line;
  /** Above the entries, for a table. */
  head?: Line;
  initial?: number;
  /** Entries that can be looked at and not chosen. */
  choosable?: (index: number) => boolean;
  focused?: boolean;
  layer?: Layer;
  onChoose?: (index: number) => void;
  onMove?: (index: number) => void;
  /** Keys besides moving and choosing; returns whether the key meant something. */
  onKey?: (key: Key, index: number) => boolean;
}

export function ListView(props: ListViewProps): ReactNode {
  const { room, length, head, focused = true, choosable = () => true } = props;
  const surface = useSurface();
  const height = Math.max(1, room.height - (head === undefined ? 0 : 1));
  const [kept, setScroll] = useState(() => {
    const start = { selected: props.initial ?? 0, top: 0 };
    const can = Array.from({ length }, (_, at) => choosable(at));
    return clampScroll(props.initial === undefined ? nearestChoosable(start, can, height) : start, length, height);
  });
  // The list may have become shorter, or its room smaller, since the last key.
  const scroll = clampScroll(kept, length, height);
  useKeys(
    props.layer ?? "screen",
    (key) => {
      const moved = moveScroll(scroll, key, length, height);
      if (moved !== null) {
        setScroll(moved);
        if (moved.selected !== scroll.selected) props.onMove?.(moved.selected);
        return true;
      }
      if (key.name === "enter" && length > 0 && props.onChoose !== undefined) {
        if (choosable(scroll.selected)) props.onChoose(scroll.selected);
        return true;
      }
      return props.onKey?.(key, scroll.selected) ?? false;
    },
    focused,
  );
  const rows = listRows({ row: props.row, length, scroll, width: room.width, height, focused }, surface);
  return (
    <Rows
      rows={head === undefined ? rows : [[{ text: "  " }, ...head], ...rows]}
      width={room.width}
      height={room.height}
    />
  );
}
