// A log on the screen that follows its end; the caller draws anew when `log.total` has grown.
import { type ReactNode, useState } from "react";
import { useKeys } from "../keys/KeyRouter.tsx";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { FOLLOWING, type LogLines, logKey, logRows } from "./log-tail.ts";
import { Rows } from "./Rows.tsx";

export interface LogTailProps {
  log: LogLines;
  width: number;
  height: number;
  focused?: boolean;
  /** Says how many lines are below what is in view. */
  below: (count: number) => string;
}

export function LogTail({ log, width, height, focused = true, below }: LogTailProps): ReactNode {
  const surface = useSurface();
  const [view, setView] = useState(FOLLOWING);
  useKeys(
    "screen",
    (key) => {
      const next = logKey(view, key, log, height);
      if (next !== null) setView(next);
      return next !== null;
    },
    focused,
  );
  return <Rows rows={logRows(log, view, { width, height, below }, surface)} width={width} height={height} />;
}
