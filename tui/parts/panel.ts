// A frame with a title around rows; screen readers get the title and the rows alone.
import { EMPTY, fitLine, type Line, line, span } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf, cut } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";
import type { Tone } from "../theme/tones.ts";

export interface PanelOptions {
  title: string;
  rows: readonly Line[];
  width: number;
  /** Frame included. */
  height: number;
  /** Of the title and the frame; default a heading in a plain frame. */
  tone?: Tone;
}

/** Exactly `height` rows of `width` columns. */
export function panel({ title, rows, width, height, tone }: PanelOptions, surface: Surface): Line[] {
  const { glyphs } = surface;
  if (surface.reader) return [line(clean(title, surface.letters), tone ?? "heading"), ...rows].slice(0, height);
  if (width < 8 || height < 2) return rows.slice(0, height).map((row) => fitLine(row, width, glyphs.more));
  const inner = width - 4;
  const name = title === "" ? "" : ` ${cut(clean(title, surface.letters), inner - 1, glyphs.more)} `;
  const rest = glyphs.horizontal.repeat(Math.max(0, width - 3 - columnsOf(name)));
  const top: Line = [
    span(glyphs.topLeft + glyphs.horizontal, tone),
    span(name, tone ?? "heading"),
    span(rest + glyphs.topRight, tone),
  ];
  const bottom = line(`${glyphs.bottomLeft}${glyphs.horizontal.repeat(width - 2)}${glyphs.bottomRight}`, tone);
  const body = Array.from(
    { length: height - 2 },
    (_, at): Line => [
      span(`${glyphs.vertical} `, tone),
      ...fitLine(rows[at] ?? EMPTY, inner, glyphs.more),
      span(` ${glyphs.vertical}`, tone),
    ],
  );
  return [top, ...body, bottom];
}
