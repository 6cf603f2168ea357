// A short list of things to do, each with what it means; ink-select-input moves through it.
import { Box } from "ink";
import SelectInput from "ink-select-input";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { EMPTY, type Line, paragraph, span } from "../line.ts";
import type { Room } from "../shell/AppShell.tsx";
import { CoveredContext } from "../shell/KeysHere.tsx";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { clean } from "../text/clean.ts";
import { columnsOf, cut, padTo } from "../text/width.ts";
import { Rows } from "./Rows.tsx";
import { rowsThatFit } from "./rows-in-view.ts";

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
  columns: number;
  /** Of the labels. */
  width: number;
  /** What an entry does stands below all of them. */
  narrow: boolean;
  /** The parts of ink-select-input know an entry by its label alone. */
  says: ReadonlyMap<string, string>;
}

const LayoutContext = createContext<Layout | null>(null);

/** Less than this beside the label tells nothing. */
const LEAST_SAID = 24;

export function Menu<Value extends string>({ room, items, focused = true, onChoose }: MenuProps<Value>): ReactNode {
  const surface = useSurface();
  const { letters } = surface;
  // It has ears of its own, which know nothing of what the router puts on top.
  const covered = useContext(CoveredContext);
  const [at, setAt] = useState<Value | null>(items[0]?.value ?? null);
  const layout = useMemo((): Layout => {
    const width = Math.max(...items.map(({ label }, index) => columnsOf(clean(numbered(label, index), letters)))) + 2;
    return {
      columns: room.width,
      width,
      narrow: room.width < width + LEAST_SAID,
      says: new Map(items.map((item, index) => [numbered(item.label, index), item.says])),
    };
  }, [room.width, items, letters]);
  // Said in full below where the row has not room for all of it.
  const said = clean(items.find(({ value }) => value === at)?.says ?? "", letters);
  const more = layout.narrow || columnsOf(said) > saidColumns(layout);
  const below = more && said !== "" ? [EMPTY, ...paragraph(said, room.width - 2, surface, undefined, 4)] : [];
  const shown = rowsThatFit(below, { ...room, height: Math.max(0, room.height - items.length) }, surface);
  return (
    <LayoutContext.Provider value={layout}>
      <Box flexDirection="column" width={room.width} height={room.height}>
        <Box width={room.width} height={Math.min(room.height, items.length)} flexShrink={0}>
          <SelectInput
            items={items.map(({ label, value }, index) => ({ label: numbered(label, index), value, key: value }))}
            isFocused={focused && !covered}
            {...(items.length > room.height ? { limit: Math.max(1, room.height) } : {})}
            indicatorComponent={Nothing}
            itemComponent={MenuRow}
            onHighlight={({ value }) => setAt(value)}
            onSelect={({ value }) => onChoose(value)}
          />
        </Box>
        <Rows rows={shown} width={room.width} />
      </Box>
    </LayoutContext.Provider>
  );
}

/** ink-select-input takes a digit for choosing that entry at once: then it must be seen. */
function numbered(label: string, index: number): string {
  return `${index + 1} ${label}`;
}

function saidColumns({ columns, width }: Layout): number {
  return columns - width - 4;
}

function Nothing(): ReactNode {
  return null;
}

function MenuRow({ isSelected = false, label }: { isSelected?: boolean; label: string }): ReactNode {
  const { glyphs, letters } = useSurface();
  const layout = useContext(LayoutContext);
  if (layout === null) return null;
  const { columns, width, narrow, says } = layout;
  const name = padTo(clean(label, letters), narrow ? columns - 4 : width, glyphs.more);
  const mark = span(`${isSelected ? glyphs.pointer : " "} `, "strong");
  const title: Line = [mark, span(name, isSelected ? "selected" : undefined)];
  const text = cut(clean(says.get(label) ?? "", letters), saidColumns(layout), glyphs.more);
  return <Rows rows={[narrow ? title : [...title, span(` ${text}`)]]} width={columns} />;
}
