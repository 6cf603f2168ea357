// The frame of every screen: a title line, the screen's own room, and the keys that work here.
import { Box } from "ink";
import { type ReactNode, useMemo, useState } from "react";
import { useKeys } from "../keys/KeyRouter.tsx";
import { EMPTY, fitLine, type Line, line, span } from "../line.ts";
import { Rows } from "../parts/Rows.tsx";
import { clean } from "../text/clean.ts";
import { columnsOf, cut } from "../text/width.ts";
import { HelpPage } from "./HelpPage.tsx";
import { type Hint, hintLine } from "./hints.ts";
import { CoveredContext, type KeysHere, type KeysSayer, KeysSayerContext } from "./KeysHere.tsx";
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

/** From so many rows on, an empty one keeps the keys apart from the screen, and a toast moves nothing. */
const ROOMY = 20;
/** Help where `?` is a letter that is typed; works everywhere. */
const HELP_LETTER = "g";

export function AppShell(props: AppShellProps): ReactNode {
  const surface = useSurface();
  const { columns, rows, glyphs, letters } = surface;
  const [helping, setHelping] = useState(false);
  const [said, setSaid] = useState<ReadonlyMap<symbol, KeysHere>>(new Map());
  const sayer = useMemo(
    (): KeysSayer => ({
      say: (part, keys) =>
        setSaid((before) => {
          const after = new Map(before);
          after.delete(part);
          return keys === null ? after : after.set(part, keys);
        }),
    }),
    [],
  );
  const parts = [...said.values()];
  const hints = parts.findLast((part) => part.hints !== null)?.hints ?? props.hints;
  const typing = parts.some((part) => part.typing);
  useKeys("shell", (key) => {
    if (key.name === "text" ? key.text !== "?" : key.name !== "ctrl" || key.text !== HELP_LETTER) return false;
    setHelping(true);
    return true;
  });
  const banner: Line[] =
    props.banner === undefined
      ? []
      : [fitLine(line(` ${clean(props.banner, letters)}`, "warning"), columns, glyphs.more)];
  const toast = props.toast ?? null;
  const apart = toast !== null || rows >= ROOMY;
  const height = Math.max(1, rows - 2 - banner.length - (apart ? 1 : 0));
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Rows rows={[...banner, titleLine(props, columns, surface)]} width={columns} />
      <Box width={columns} height={height} flexShrink={0}>
        {helping ? (
          <HelpPage
            room={{ width: columns, height }}
            hints={hints}
            help={props.help}
            words={props.words}
            onClose={() => setHelping(false)}
          />
        ) : null}
        {/* Under the help everything stays as it is: what was typed is there again when it closes. */}
        <Box display={helping ? "none" : "flex"} width={columns} height={height} flexShrink={0}>
          <CoveredContext.Provider value={helping}>
            <KeysSayerContext.Provider value={sayer}>
              {props.children({ width: columns, height })}
            </KeysSayerContext.Provider>
          </CoveredContext.Provider>
        </Box>
      </Box>
      {apart ? (
        <Rows
          rows={[toast === null ? EMPTY : [span(" "), span(clean(toast.text, letters), toast.tone)]]}
          width={columns}
        />
      ) : null}
      <Rows
        rows={[
          rows < 3
            ? EMPTY
            : hintLine(helping ? [] : hints, helpHint(props.words, { helping, typing }), columns, surface),
        ]}
        width={columns}
      />
    </Box>
  );
}

function helpHint(words: ShellWords, { helping, typing }: { helping: boolean; typing: boolean }): Hint {
  if (helping) return { key: "Esc", does: words.close };
  return { key: typing ? `Ctrl-${HELP_LETTER.toUpperCase()}` : "?", does: words.help };
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
