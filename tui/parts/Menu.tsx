// A short list of things to do, each with what it means; ink-select-input moves through it.
import { Box } from "ink";
import SelectInput from "ink-select-input";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { EMPTY, type Line, span } from "../line.ts";
import type { Room } from "../shell/AppShell.tsx";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { clean } from "../text/clean.ts";
import { columnsOf, padTo } from "../text/width.ts";
import { Rows } from "./Rows.tsx";

export interface MenuItem<Value extends string> {
  value: Value;
  label: string;
  /** What it does, or why it cannot be done now. */
  says: string;
}

export interface MenuProps<Value extends string> {
  room: Room;
  items: readonly MenuItem<Value>[];
  focused?: boolean;
  onChoose: (value: Value) => void;
}

interface Layout {
  room: Room;
  /** Of the labels. */
  width: number;
  narrow: boolean;
  /** The parts of ink-select-input know an entry by its label alone. */
  says: ReadonlyMap<string, string>;
}

const LayoutContext = createContext<Layout | null>(null);

export function Menu<Value extends string>({ room, items, focused = true, onChoose }: MenuProps<Value>): ReactNode {
  const { letters } = useSurface();
  const layout = useMemo((): Layout => {
    const width = Math.max(...items.map(({ label }) => columnsOf(clean(label, letters)))) + 2;
    return {
      room,
      width,
      narrow: room.width < width + 24,
      says: new Map(items.map((item) => [item.label, item.says])),
    };
  }, [room, items, letters]);
  const each = layout.narrow ? 2 : 1;
  const limit = Math.max(1, Math.floor(room.height / each));
  return (
    <LayoutContext.Provider value={layout}>
      <Box width={room.width} height={Math.min(room.height, items.length * each)}>
        <SelectInput
          items={items.map(({ label, value }) => ({ label, value, key: value }))}
          isFocused={focused}
          {...(items.length > limit ? { limit } : {})}
          indicatorComponent={Nothing}
          itemComponent={MenuRow}
          onSelect={({ value }) => onChoose(value)}
        />
      </Box>
    </LayoutContext.Provider>
  );
}

function Nothing(): ReactNode {
  return null;
}

function MenuRow({ isSelected = false, label }: { isSelected?: boolean; label: string }): ReactNode {
  const { glyphs, letters } = useSurface();
  const layout = useContext(LayoutContext);
  if (layout === null) return null;
  const { room, width, narrow, says } = layout;
  const name = padTo(clean(label, letters), narrow ? room.width - 2 : width, glyphs.more);
  const mark = span(`${isSelected ? glyphs.pointer : " "} `, "strong");
  const title: Line = [mark, span(name, isSelected ? "selected" : undefined)];
  const text = clean(says.get(label) ?? "", letters);
  const rows = narrow ? [title, text === "" ? EMPTY : [span(`    ${text}`, "quiet")]] : [[...title, span(` ${text}`)]];
  return <Rows rows={rows} width={room.width} />;
}
