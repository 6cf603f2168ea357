// Rows that may be more than fit, and that arrows scroll.
import { type ReactNode, useState } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import type { Line } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { rowsInView } from "../../tui/parts/rows-in-view.ts";
import { clampScroll, moveScroll, START } from "../../tui/parts/scroll.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";

export function ScrollRows({ rows, room }: { rows: readonly Line[]; room: Room }): ReactNode {
  const surface = useSurface();
  const [scroll, setScroll] = useState(START);
  const longest = Math.max(1, rows.length - room.height + 1);
  useKeys("screen", (key) => {
    // Its entries are the places of the first row: a page of them is as many rows as are in view.
    const moved = moveScroll(clampScroll(scroll, longest, 1), key, longest, room.height);
    if (moved !== null) setScroll({ selected: moved.selected, top: 0 });
    return moved !== null;
  });
  const { selected } = clampScroll(scroll, longest, 1);
  return <Rows rows={rowsInView(rows, { top: selected, ...room }, surface)} {...room} />;
}
