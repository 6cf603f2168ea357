// Panels one on top of the other that share their frames: each has a title, something said at its right end, and rows.
import { EMPTY, fitLine, type Line, line, span, widthOf } from "../line.ts";
import { clean } from "../text/clean.ts";
import { columnsOf, cut } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";
import type { Tone } from "../theme/tones.ts";

export interface StackedPanel {
  title: string;
  /** At the right end of the frame: how old the rows are, how many there are. */
  aside?: string;
  /** Rows begin at the frame: the first column is for a pointer. */
  rows: readonly Line[];
  /** Rows inside. */
  height: number;
  /** The keys are for this one. */
  focused?: boolean;
  /** Of the words at the right end. */
  tone?: Tone;
}

/** Exactly one row for each frame, and `height` for each panel: `panels.length + 1` rows more than the heights. */
export function panelStack(panels: readonly StackedPanel[], width: number, surface: Surface): Line[] {
  const { glyphs } = surface;
  if (surface.reader) return panels.flatMap((panel) => readOut(panel, surface));
  const rows = panels.flatMap((panel, at): Line[] => [
    frame(panel, at === 0 ? [glyphs.topLeft, glyphs.topRight] : [glyphs.teeLeft, glyphs.teeRight], width, surface),
    ...Array.from(
      { length: panel.height },
      (_, row): Line => [
        span(glyphs.vertical),
        ...fitLine(panel.rows[row] ?? EMPTY, width - 3, glyphs.more),
        span(` ${glyphs.vertical}`),
      ],
    ),
  ]);
  return [
    ...rows,
    line(`${glyphs.bottomLeft}${glyphs.horizontal.repeat(Math.max(0, width - 2))}${glyphs.bottomRight}`),
  ];
}

/** As many rows as with frames, so that a screen has its height. */
function readOut(panel: StackedPanel, surface: Surface): Line[] {
  const aside = panel.aside === undefined || panel.aside === "" ? "" : `, ${panel.aside}`;
  const title = line(clean(`${panel.title}${aside}`, surface.letters), "heading");
  return [title, ...Array.from({ length: panel.height }, (_, at) => panel.rows[at] ?? EMPTY)];
}

function frame(
  { title, aside = "", focused = false, tone }: StackedPanel,
  [left = "", right = ""]: readonly string[],
  width: number,
  { glyphs, letters }: Surface,
): Line {
  const inner = width - 4;
  const name = `${focused ? `${glyphs.pointer} ` : ""}${clean(title, letters)}`;
  const shown = cut(name, inner - 2, glyphs.more);
  const room = inner - columnsOf(shown) - 3;
  const said = clean(aside, letters);
  const end: Line = said === "" || room < 6 ? [] : [span(` ${cut(said, room - 3, glyphs.more)} `, tone)];
  const fill = Math.max(0, inner - columnsOf(shown) - 2 - widthOf(end));
  return [
    span(`${left}${glyphs.horizontal} `),
    span(shown, "heading"),
    span(` ${glyphs.horizontal.repeat(fill)}`),
    ...end,
    span(`${glyphs.horizontal}${right}`),
  ];
}

/** Rows for each panel: what each needs at least, then what they want in their order; what is left goes to the first. */
export function shareRows(wanted: readonly number[], least: readonly number[], total: number): number[] {
  const shares = wanted.map((want, at) => Math.min(want, least[at] ?? 1));
  let left = total - shares.reduce((sum, each) => sum + each, 0);
  for (let at = shares.length - 1; left < 0 && at >= 0; at -= 1) {
    const gives = Math.min(-left, Math.max(0, (shares[at] ?? 0) - 1));
    shares[at] = (shares[at] ?? 0) - gives;
    left += gives;
  }
  for (const [at, want] of wanted.entries()) {
    const takes = Math.max(0, Math.min(left, want - (shares[at] ?? 0)));
    shares[at] = (shares[at] ?? 0) + takes;
    left -= takes;
  }
  if (shares.length > 0 && left > 0) shares[0] = (shares[0] ?? 0) + left;
  return shares;
}
