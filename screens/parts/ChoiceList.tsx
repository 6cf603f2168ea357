// A list of things of which one is chosen, each with a line that says what it means or why it cannot be chosen.
import type { ReactNode } from "react";
import type { Key } from "../../tui/keys/key.ts";
import { type Line, span } from "../../tui/line.ts";
import { ListView } from "../../tui/parts/ListView.tsx";
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

export function ChoiceList({ room, choices, initial, focused = true, onChoose, onKey }: ChoiceListProps): ReactNode {
  const { letters, glyphs } = useSurface();
  const width = Math.max(...choices.map(({ label }) => columnsOf(clean(label, letters))), 0) + 2;
  const row = (index: number, columns: number): Line => {
    const { label = "", says = "", disabled = false } = choices[index] ?? {};
    const tone = disabled ? ("quiet" as const) : undefined;
    const bullet = disabled ? `${glyphs.radioOff} ` : "  ";
    const own = Math.min(width, Math.max(8, Math.floor((columns - 2) * 0.6)));
    return [
      span(bullet),
      span(padTo(clean(label, letters), own, glyphs.more), tone),
      span(cut(clean(says, letters), columns - 2 - own, glyphs.more), "quiet"),
    ];
  };
  return (
    <ListView
      room={room}
      length={choices.length}
      {...(initial === undefined ? {} : { initial })}
      focused={focused}
      row={row}
      choosable={(index) => choices[index]?.disabled !== true}
      onChoose={onChoose}
      {...(onKey === undefined ? {} : { onKey })}
    />
  );
}
