// Columns that line up: each as wide as its content wants, the elastic one takes what is left or gives it back.
import { type Line, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf, padTo } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";
import type { Tone } from "../theme/tones.ts";

export interface Column {
  title: string;
  align?: "left" | "right";
  /** Takes the room that is left, and is cut first. */
  elastic?: true;
  /** Left out where the room is less than so many columns in all. */
  from?: number;
}

export interface Table {
  columns: readonly Column[];
  /** Width of each column that is shown, by its place in `columns`. */
  widths: ReadonlyMap<number, number>;
}

const GAP = 2;
const NARROWEST = 6;

/** Lays a table out for `width` columns. Measures at most the first 200 rows: more are never in view at once. */
export function layTable(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
  surface: Surface,
): Table {
  const shown = columns.flatMap((column, at) => ((column.from ?? 0) <= width ? [at] : []));
  const wanted = new Map(
    shown.map((at) => {
      const texts = [columns[at]?.title ?? "", ...cells.slice(0, 200).map((row) => row[at] ?? "")];
      return [at, Math.max(...texts.map((text) => columnsOf(clean(text, surface.letters))))] as const;
    }),
  );
  const room = width - GAP * Math.max(0, shown.length - 1);
  const total = () => [...wanted.values()].reduce((sum, each) => sum + each, 0);
  const elastic = shown.filter((at) => columns[at]?.elastic === true);
  const squeeze = [...elastic.toReversed(), ...shown.toReversed()];
  for (const at of squeeze) {
    const over = total() - room;
    const own = wanted.get(at) ?? 0;
    if (over > 0) wanted.set(at, Math.max(Math.min(own, NARROWEST), own - over));
  }
  const last = elastic.at(-1);
  if (last !== undefined && total() < room) wanted.set(last, (wanted.get(last) ?? 0) + room - total());
  return { columns, widths: wanted };
}

export function tableRow(table: Table, cells: readonly string[], surface: Surface, tone?: Tone): Line {
  const texts = [...table.widths].map(([at, width]) =>
    padTo(clean(cells[at] ?? "", surface.letters), width, surface.glyphs.more, table.columns[at]?.align),
  );
  return [span(texts.join(" ".repeat(GAP)), tone)];
}

export function tableHead(table: Table, surface: Surface): Line {
  return tableRow(
    table,
    table.columns.map(({ title }) => title),
    surface,
    "quiet",
  );
}
