// The signs of the screens by their meaning, in three sets: what every Debian console font has, a rich one, and ASCII.

export interface Glyphs {
  horizontal: string;
  vertical: string;
  topLeft: string;
  topRight: string;
  bottomLeft: string;
  bottomRight: string;
  teeLeft: string;
  teeRight: string;
  teeUp: string;
  teeDown: string;
  cross: string;
  /** Before the row that is selected. */
  pointer: string;
  bullet: string;
  good: string;
  bad: string;
  warning: string;
  up: string;
  down: string;
  left: string;
  right: string;
  /** Where text was cut off. */
  more: string;
  barFull: string;
  barEmpty: string;
  radioOn: string;
  radioOff: string;
  boxOn: string;
  boxOff: string;
  /** What a hidden letter of a password is shown as. */
  secret: string;
}

export type GlyphSet = "vt" | "utf8" | "ascii";

const VT: Glyphs = {
  ...{ horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘" },
  ...{ teeLeft: "├", teeRight: "┤", teeUp: "┴", teeDown: "┬", cross: "┼" },
  ...{ pointer: ">", bullet: "•", good: "•", bad: "×", warning: "!" },
  ...{ up: "↑", down: "↓", left: "←", right: "→", more: "~" },
  ...{ barFull: "█", barEmpty: "░", radioOn: "•", radioOff: "·", boxOn: "×", boxOff: "·", secret: "•" },
};

const UTF8: Glyphs = {
  ...VT,
  ...{ pointer: "►", good: "●", bad: "✗", more: "…", radioOn: "●", radioOff: "○", boxOn: "■", boxOff: "□" },
};

const ASCII: Glyphs = {
  ...{ horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+" },
  ...{ teeLeft: "+", teeRight: "+", teeUp: "+", teeDown: "+", cross: "+" },
  ...{ pointer: ">", bullet: "*", good: "*", bad: "x", warning: "!" },
  ...{ up: "^", down: "v", left: "<", right: ">", more: "~" },
  ...{ barFull: "#", barEmpty: ".", radioOn: "*", radioOff: "-", boxOn: "x", boxOff: "-", secret: "*" },
};

export const GLYPHS: Readonly<Record<GlyphSet, Glyphs>> = { vt: VT, utf8: UTF8, ascii: ASCII };
