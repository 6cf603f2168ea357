// A list of things of which one is chosen, each with a line that says what it means or why it cannot be chosen.
import { Box } from "ink";
import { type ReactNode, useState } from "react";
import type { Key } from "../../tui/keys/key.ts";
import { EMPTY, type Line, paragraph, span } from "../../tui/line.ts";
import { ListView } from "../../tui/parts/ListView.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { rowsThatFit } from "../../tui/parts/rows-in-view.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { clean } from "../../tui/text/clean.ts";
import { columnsOf, cut, padTo } from "../../tui/text/width.ts";

export interface Choice {
  label: string;
  says: string;
  /** It is shown and cannot be chosen; `says` tells why. */
  disabled?: boolean;
}

export interface ChoiceListProps {
  room: Room;
  choices: readonly Choice[];
  initial?: number;
  focused?: boolean;
  onChoose: (index: number) => void;
  onKey?: (key: Key, index: number) => boolean;
}

/** Less than this beside the label tells nothing: it then stands below the list, for the entry under the pointer. */
const LEAST_SAID = 24;

export function ChoiceList({ room, choices, initial, focused = true, onChoose, onKey }: ChoiceListProps): ReactNode {
  const surface = useSurface();
  const { letters, glyphs } = surface;
  const [at, setAt] = useState(initial ?? 0);
  const widest = Math.max(...choices.map(({ label }) => columnsOf(clean(label, letters))), 0) + 2;
  // What a list leaves of its row, and the bullet.
  const columns = room.width - 6;
  const narrow = columns < widest + LEAST_SAID;
  const row = (index: number): Line => {
    const { label = "", says = "", disabled = false } = choices[index] ?? {};
    const bullet = span(disabled ? `${glyphs.radioOff} ` : "  ");
    if (narrow) return [bullet, span(cut(clean(label, letters), columns, glyphs.more), disabled ? "quiet" : undefined)];
    return [
      bullet,
      span(padTo(clean(label, letters), widest, glyphs.more), disabled ? "quiet" : undefined),
      span(cut(clean(says, letters), columns - widest, glyphs.more), "quiet"),
    ];
  };
  // Said in full below where the row has not room for all of it.
  const said = clean(choices[at]?.says ?? "", letters);
  const more = narrow || columnsOf(said) > columns - widest;
  const below = more && said !== "" ? [EMPTY, ...paragraph(said, room.width - 2, surface, undefined, 4)] : [];
  const view = { width: room.width, height: Math.max(0, room.height - Math.min(choices.length, 3)) };
  const shownBelow = rowsThatFit(below, view, surface);
  const height = Math.max(1, Math.min(choices.length, room.height - shownBelow.length));
  return (
    <Box flexDirection="column" width={room.width} height={room.height} flexShrink={0}>
      <ListView
        room={{ width: room.width, height }}
        length={choices.length}
        {...(initial === undefined ? {} : { initial })}
        focused={focused}
        row={row}
        choosable={(index) => choices[index]?.disabled !== true}
        onMove={setAt}
        onChoose={onChoose}
        {...(onKey === undefined ? {} : { onKey })}
      />
      <Rows rows={shownBelow} width={room.width} />
    </Box>
  );
}
