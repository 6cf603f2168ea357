// Parts of a screen one below the other: rows of text, and one part that gets the room that is left.
import { Box } from "ink";
import type { ReactNode } from "react";
import type { Line } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import type { Room } from "../../tui/shell/AppShell.tsx";

export interface ColumnProps {
  room: Room;
  above?: readonly Line[];
  below?: readonly Line[];
  /** At least so many rows go to the part between, before `below` is cut. */
  least?: number;
  children: (room: Room) => ReactNode;
}

export function Column({ room, above = [], below = [], least = 3, children }: ColumnProps): ReactNode {
  const { width, height } = room;
  const shownAbove = above.slice(0, Math.max(0, height - least));
  const shownBelow = below.slice(0, Math.max(0, height - shownAbove.length - least));
  const rest = Math.max(1, height - shownAbove.length - shownBelow.length);
  return (
    <Box flexDirection="column" width={width} height={height}>
      {shownAbove.length > 0 ? <Rows rows={shownAbove} width={width} /> : null}
      {children({ width, height: rest })}
      {shownBelow.length > 0 ? <Rows rows={shownBelow} width={width} /> : null}
    </Box>
  );
}
