// Digits that can be read from some metres away, five rows high, out of one sign of the terminal.

const SHAPES: Readonly<Record<string, readonly string[]>> = {
  "0": ["###", "# #", "# #", "# #", "###"],
  "1": ["  #", "  #", "  #", "  #", "  #"],
  "2": ["###", "  #", "###", "#  ", "###"],
  "3": ["###", "  #", "###", "  #", "###"],
  "4": ["# #", "# #", "###", "  #", "  #"],
  "5": ["###", "#  ", "###", "  #", "###"],
  "6": ["###", "#  ", "###", "# #", "###"],
  "7": ["###", "  #", "  #", "  #", "  #"],
  "8": ["###", "# #", "###", "# #", "###"],
  "9": ["###", "# #", "###", "  #", "###"],
  "-": ["   ", "   ", "###", "   ", "   "],
  " ": ["   ", "   ", "   ", "   ", "   "],
};

/** Five rows in at most `width` columns; null where a sign has no shape, or there is no room. */
export function bigDigits(text: string, sign: string, width: number): string[] | null {
  const shapes = [...text].map((each) => SHAPES[each]);
  if (shapes.length === 0 || shapes.some((shape) => shape === undefined)) return null;
  // Cells are twice as high as wide: two of them make a square, where there is room.
  const wide = [2, 1].find((times) => shapes.length * 4 * times - times <= width);
  if (wide === undefined) return null;
  const gap = " ".repeat(wide);
  return Array.from({ length: 5 }, (_, row) =>
    shapes
      .map((shape) => [...(shape?.[row] ?? "")].map((cell) => (cell === " " ? " " : sign).repeat(wide)).join(""))
      .join(gap),
  );
}
