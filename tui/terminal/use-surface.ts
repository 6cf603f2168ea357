// The surface of a terminal as it is now: it follows the window when that is made larger or smaller.
import { useWindowSize } from "ink";
import { useMemo } from "react";
import { makeSurface, type Surface, type SurfaceOptions } from "../theme/surface.ts";
import { USUAL_SIZE } from "./usual-size.ts";

/**
 * A surface that follows live resize; 0×0 (a serial line that nobody measured) counts as 80×24.
 * Ink itself opens a descriptor of /dev/tty at each frame while the size is 0×0: set it first (probe-size.ts).
 */
export function useSurfaceOf(description: Omit<SurfaceOptions, "columns" | "rows">): Surface {
  const { columns, rows } = useWindowSize();
  const { glyphSet, letters, colours, reader, animated } = description;
  return useMemo(
    () =>
      makeSurface({
        columns: columns > 0 ? columns : USUAL_SIZE.columns,
        rows: rows > 0 ? rows : USUAL_SIZE.rows,
        ...(glyphSet === undefined ? {} : { glyphSet }),
        ...(letters === undefined ? {} : { letters }),
        ...(colours === undefined ? {} : { colours }),
        ...(reader === undefined ? {} : { reader }),
        ...(animated === undefined ? {} : { animated }),
      }),
    [columns, rows, glyphSet, letters, colours, reader, animated],
  );
}
