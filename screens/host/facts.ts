// "name   value" rows of a page, with values that go on below themselves.
import { EMPTY, type Line, paragraph, span } from "../../tui/line.ts";
import { columnsOf, padTo } from "../../tui/text/width.ts";
import type { Tone } from "../../tui/theme/tones.ts";
import type { Look } from "./look.ts";

export interface Fact {
  label: string;
  text: string;
  tone?: Tone | undefined;
}

/** Facts without text are left out. */
export function factRows(facts: readonly Fact[], width: number, { surface }: Look): Line[] {
  const shown = facts.filter(({ text }) => text !== "");
  const widest = Math.min(18, Math.max(...shown.map(({ label }) => columnsOf(label)), 0));
  return shown.flatMap(({ label, text, tone }) =>
    paragraph(text, Math.max(8, width - widest - 5), surface, tone).map(
      (row, at): Line => [span(`  ${padTo(at === 0 ? label : "", widest, surface.glyphs.more)}  `, "quiet"), ...row],
    ),
  );
}

/** A heading with room above it. */
export function heading(text: string): Line[] {
  return [EMPTY, [span(" "), span(text, "heading")]];
}
