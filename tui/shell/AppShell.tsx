// The frame of every screen: a title line, the screen's own room, and the keys that work here.
import { Box } from "ink";
import { type ReactNode, useState } from "react";
import { useKeys } from "../keys/KeyRouter.tsx";
import { EMPTY, fitLine, type Line, line, span } from "../line.ts";
import { Rows } from "../parts/Rows.tsx";
import { clean } from "../text/clean.ts";
import { columnsOf, cut } from "../text/width.ts";
import { HelpPage } from "./HelpPage.tsx";
import { type Hint, hintLine } from "./hints.ts";
import { useSurface } from "./SurfaceContext.tsx";

/** Columns and rows that a part may fill. */
export interface Room {
  width: number;
  height: number;
}

export interface ShellWords {
  help: string;
  close: string;
  /** Title of the list of keys. */
  keys: string;
}

export interface AppShellProps {
  title: string;
  /** At the right end of the title line; left out where it does not fit. */
  aside?: string;
  /** Across the top, for what must not be overlooked. */
  banner?: string;
  hints: readonly Hint[];
  /** What `?` explains, in paragraphs. */
  help: readonly string[];
  /** Said for a moment, in place of the empty row above the keys. */
  toast?: { text: string; tone: "good" | "warning" | "bad" } | null;
  words: ShellWords;
  children: (room: Room) => ReactNode;
}

export function AppShell(props: AppShellProps): ReactNode {
  const surface = useSurface();
  const { columns, rows, glyphs, letters } = surface;
  const [helping, setHelping] = useState(false);
  useKeys("shell", (key) => {
    if (key.name !== "text" || key.text !== "?") return false;
    setHelping(true);
    return true;
  });
  const banner: Line[] =
    props.banner === undefined
      ? []
      : [fitLine(line(` ${clean(props.banner, letters)}`, "warning"), columns, glyphs.more)];
  const toast = props.toast ?? null;
  const height = Math.max(1, rows - 2 - banner.length - (toast === null ? 0 : 1));
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Rows rows={[...banner, titleLine(props, columns, surface)]} width={columns} />
      <Box width={columns} height={height} flexShrink={0}>
        {helping ? (
          <HelpPage
            room={{ width: columns, height }}
            hints={props.hints}
            help={props.help}
            words={props.words}
            onClose={() => setHelping(false)}
          />
        ) : (
          props.children({ width: columns, height })
        )}
      </Box>
      {toast === null ? null : (
        <Rows rows={[[span(" "), span(clean(toast.text, letters), toast.tone)]]} width={columns} />
      )}
      <Rows
        rows={[
          rows < 3 ? EMPTY : hintLine(helping ? [] : props.hints, helpHint(props.words, helping), columns, surface),
        ]}
        width={columns}
      />
    </Box>
  );
}

function helpHint(words: ShellWords, helping: boolean): Hint {
  return helping ? { key: "Esc", does: words.close } : { key: "?", does: words.help };
}

function titleLine(
  { title, aside = "" }: AppShellProps,
  width: number,
  { letters, glyphs }: ReturnType<typeof useSurface>,
): Line {
  const right = clean(aside, letters);
  const left = clean(title, letters);
  const room = width - columnsOf(left) - 2;
  const shown = columnsOf(right) + 2 <= room ? right : room > 12 ? cut(right, room - 2, glyphs.more) : "";
  const gap = Math.max(0, width - 2 - columnsOf(left) - columnsOf(shown));
  return [span(" "), span(left, "heading"), span(`${" ".repeat(gap)}${shown} `)];
}
