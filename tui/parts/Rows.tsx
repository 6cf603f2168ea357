// Draws lines: the only place where our lines become Ink's elements.
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { EMPTY, fitLine, type Line } from "../line.ts";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { type Colours, lookOf } from "../theme/tones.ts";

export interface RowsProps {
  rows: readonly Line[];
  width: number;
  /** Exactly so many rows; missing ones are empty. Default: as many as there are. */
  height?: number;
}

export function Rows({ rows, width, height = rows.length }: RowsProps): ReactNode {
  const { colours, glyphs } = useSurface();
  return (
    <Box flexDirection="column" width={width} height={height} overflow="hidden" flexShrink={0}>
      {Array.from({ length: height }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Row key={at} row={fitLine(rows[at] ?? EMPTY, width, glyphs.more)} colours={colours} />
      ))}
    </Box>
  );
}

function Row({ row, colours }: { row: Line; colours: Colours }): ReactNode {
  return (
    <Text wrap="truncate">
      {row.length === 0
        ? " "
        : row.map(({ text, tone }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
            <Text key={at} {...lookOf(tone, colours)}>
              {text}
            </Text>
          ))}
    </Text>
  );
}
