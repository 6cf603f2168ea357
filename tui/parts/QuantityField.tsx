// A field for a number with a unit: up and down step it, and the row below says what is wrong with it.
import { type ReactNode, useState } from "react";
import { useKeys } from "../keys/KeyRouter.tsx";
import { EMPTY, type Line, span } from "../line.ts";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { clean } from "../text/clean.ts";
import { cut } from "../text/width.ts";
import {
  type QuantityRules,
  type QuantityWords,
  quantityProblemInWords,
  readQuantity,
  stepQuantity,
} from "./quantity.ts";
import { Rows } from "./Rows.tsx";
import { inputLine, textInput, typeKey } from "./text-input.ts";

export interface QuantityFieldProps {
  /** What stands in it at first. */
  initial: string;
  rules: QuantityRules;
  words: QuantityWords;
  width: number;
  focused?: boolean;
  /** `value` is null while it is wrong. */
  onChange: (text: string, value: number | null) => void;
}

/** Exactly two rows: the field, and what is wrong. */
export function QuantityField({
  initial,
  rules,
  words,
  width,
  focused = true,
  onChange,
}: QuantityFieldProps): ReactNode {
  const surface = useSurface();
  const [input, setInput] = useState(() => textInput(initial));
  const read = readQuantity(input.text, rules);
  useKeys(
    "field",
    (key) => {
      const by = key.name === "up" ? 1 : key.name === "down" ? -1 : null;
      const next = by === null ? typeKey(input, key) : textInput(stepQuantity(input.text, by, rules));
      if (next === null) return false;
      setInput(next);
      const after = readQuantity(next.text, rules);
      onChange(next.text, "kind" in after ? null : after.value);
      return true;
    },
    focused,
  );
  const said = "kind" in read ? clean(quantityProblemInWords(read, rules, words), surface.letters) : "";
  const below: Line = said === "" ? EMPTY : [span(cut(said, width, surface.glyphs.more), "warning")];
  return <Rows rows={[inputLine(input, { width, focused }, surface), below]} width={width} height={2} />;
}
