// Draws lines: the only place where our lines become Ink's elements.
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { cutLine, EMPTY, type Line } from "../line.ts";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { type Colours, styled } from "../theme/tones.ts";

export interface RowsProps {
  rows: readonly Line[];
  width: number;
  /** Exactly so many rows; missing ones are empty. Default: as many as there are. */
  height?: number;
}

/**
 * An element for each row, with the looks put in by us: one for each piece of a row would be many times as many. Nothing
 * is clipped by Ink, because every row fits: at each frame it would take every row apart once more.
 */
export function Rows({ rows, width, height = rows.length }: RowsProps): ReactNode {
  const { colours, glyphs } = useSurface();
  if (height <= 0) return null;
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0}>
      {Array.from({ length: height }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Text key={at} wrap="truncate">
          {drawn(cutLine(rows[at] ?? EMPTY, width, glyphs.more), colours) || " "}
        </Text>
      ))}
    </Box>
  );
}

function drawn(row: Line, colours: Colours): string {
  return withoutBlankEnd(row)
    .map(({ text, tone }) => styled(text, tone, colours))
    .join("");
}

/** Spaces without a look at the end are what the terminal has there anyway; Ink would make a cell of each at each frame. */
function withoutBlankEnd(row: Line): Line {
  let end = row.length;
  while (end > 0 && row[end - 1]?.tone === undefined && row[end - 1]?.text.trimEnd() === "") end -= 1;
  const last = row[end - 1];
  if (last === undefined || last.tone !== undefined) return row.slice(0, end);
  return [...row.slice(0, end - 1), { text: last.text.trimEnd() }];
}
