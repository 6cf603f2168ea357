// What `?` shows: what this screen is for, and every key that works on it.
import { type ReactNode, useState } from "react";
import { useKeys } from "../keys/KeyRouter.tsx";
import { EMPTY, type Line, line, paragraph, span } from "../line.ts";
import { Rows } from "../parts/Rows.tsx";
import { rowsInView } from "../parts/rows-in-view.ts";
import { clampScroll, moveScroll, START } from "../parts/scroll.ts";
import { clean } from "../text/clean.ts";
import { padTo } from "../text/width.ts";
import type { Room, ShellWords } from "./AppShell.tsx";
import type { Hint } from "./hints.ts";
import { useSurface } from "./SurfaceContext.tsx";

export interface HelpPageProps {
  room: Room;
  hints: readonly Hint[];
  help: readonly string[];
  words: ShellWords;
  onClose: () => void;
}

export function HelpPage({ room, hints, help, words, onClose }: HelpPageProps): ReactNode {
  const surface = useSurface();
  const [scroll, setScroll] = useState(START);
  const width = Math.min(room.width - 2, 76);
  const rows: Line[] = [
    EMPTY,
    ...help.flatMap((text) => [...paragraph(text, width, surface, undefined, 1), EMPTY]),
    line(` ${clean(words.keys, surface.letters)}`, "heading"),
    ...hints.map(
      ({ key, does }): Line => [
        span(`  ${padTo(clean(key, surface.letters), 10, surface.glyphs.more)}`, "key"),
        span(clean(does, surface.letters)),
      ],
    ),
  ];
  const longest = Math.max(1, rows.length - room.height + 1);
  useKeys("modal", (key) => {
    const moved = moveScroll(scroll, key, longest, 1);
    if (moved !== null) setScroll(moved);
    else if (key.name === "escape" || key.name === "enter" || key.text === "?" || key.text === "q") onClose();
    return true;
  });
  const { selected } = clampScroll(scroll, longest, 1);
  return <Rows rows={rowsInView(rows, { top: selected, ...room }, surface)} {...room} />;
}
