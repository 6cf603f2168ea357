// Parts of a screen one below the other: rows of text, and one part that gets the room that is left.
import { Box } from "ink";
import type { ReactNode } from "react";
import type { Line } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { rowsThatFit } from "../../tui/parts/rows-in-view.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";

export interface ColumnProps {
  room: Room;
  above?: readonly Line[];
  below?: readonly Line[];
  /** At least so many rows go to the part between; text that has to give way is cut with a mark, `below` first. */
  least?: number;
  /** The part between wants no more rows than that: `below` follows it at once, and the rest stays empty. */
  wanted?: number;
  children: (room: Room) => ReactNode;
}

export function Column({ room, above = [], below = [], least = 3, wanted, children }: ColumnProps): ReactNode {
  const surface = useSurface();
  const { width, height } = room;
  const shownAbove = rowsThatFit(above, { width, height: Math.max(0, height - least) }, surface);
  const left = Math.max(0, height - shownAbove.length - least);
  const shownBelow = rowsThatFit(below, { width, height: left }, surface);
  const rest = Math.max(1, height - shownAbove.length - shownBelow.length);
  return (
    <Box flexDirection="column" width={width} height={height}>
      {shownAbove.length > 0 ? <Rows rows={shownAbove} width={width} /> : null}
      {children({ width, height: Math.min(rest, Math.max(1, wanted ?? rest)) })}
      {shownBelow.length > 0 ? <Rows rows={shownBelow} width={width} /> : null}
    </Box>
  );
}
