// The last question before something is erased: nothing but the exact name goes on.
import { type ReactNode, useState } from "react";
import { type Layer, useKeys } from "../keys/KeyRouter.tsx";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { type ConfirmWords, confirmKey, confirmRows, matchName } from "./confirm-by-name.ts";
import { Rows } from "./Rows.tsx";

export interface ConfirmByNameProps {
  name: string;
  words: ConfirmWords;
  width: number;
  focused?: boolean;
  layer?: Layer;
  onConfirm: () => void;
}

/** Exactly four rows. Enter means nothing but the confirmation here; Escape is left to the screen. */
export function ConfirmByName({
  name,
  words,
  width,
  focused = true,
  layer = "field",
  onConfirm,
}: ConfirmByNameProps): ReactNode {
  const surface = useSurface();
  const [typed, setTyped] = useState("");
  useKeys(
    layer,
    (key) => {
      if (key.name === "enter") {
        if (matchName(name, typed).exact) onConfirm();
        return true;
      }
      const next = confirmKey(typed, name, key);
      if (next !== null) setTyped(next);
      return next !== null;
    },
    focused,
  );
  return <Rows rows={confirmRows(name, typed, words, { width, focused }, surface)} width={width} height={4} />;
}
