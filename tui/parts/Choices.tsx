// One or several of a list, on the screen. What is marked is the caller's from the first change on.
import { type ReactNode, useState } from "react";
import { useKeys } from "../keys/KeyRouter.tsx";
import { EMPTY } from "../line.ts";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { type Choice, type ChoiceWords, choiceLine, choicesKey, choicesState } from "./choices.ts";
import { listRows } from "./list-rows.ts";
import { Rows } from "./Rows.tsx";
import { clampScroll } from "./scroll.ts";

interface CommonProps<Value extends string> {
  choices: readonly Choice<Value>[];
  width: number;
  height: number;
  focused?: boolean;
  words: ChoiceWords;
}

export interface MultiSelectProps<Value extends string> extends CommonProps<Value> {
  marked: readonly Value[];
  /** In the order of `choices`. */
  onChange: (marked: Value[]) => void;
}

export interface RadioSelectProps<Value extends string> extends CommonProps<Value> {
  chosen: Value | null;
  onChange: (chosen: Value) => void;
}

export function MultiSelect<Value extends string>(props: MultiSelectProps<Value>): ReactNode {
  return <Choices {...props} many />;
}

export function RadioSelect<Value extends string>({ chosen, onChange, ...props }: RadioSelectProps<Value>): ReactNode {
  const change = ([value]: Value[]) => {
    if (value !== undefined) onChange(value);
  };
  return <Choices {...props} marked={chosen === null ? [] : [chosen]} onChange={change} many={false} />;
}

function Choices<Value extends string>(props: MultiSelectProps<Value> & { many: boolean }): ReactNode {
  const { choices, width, height, focused = true, words, marked, onChange, many } = props;
  const surface = useSurface();
  const [kept, setScroll] = useState(() => choicesState(choices, marked).scroll);
  const scroll = clampScroll(kept, choices.length, height);
  const set: ReadonlySet<string> = new Set(marked);
  useKeys(
    "field",
    (key) => {
      const next = choicesKey(choices, { marked: set, scroll }, key, height, many);
      if (next === null) return false;
      setScroll(next.scroll);
      if (next.marked !== set) onChange(choices.flatMap(({ value }) => (next.marked.has(value) ? [value] : [])));
      return true;
    },
    focused,
  );
  const row = (index: number) => {
    const choice = choices[index];
    return choice === undefined ? EMPTY : choiceLine(choice, set.has(choice.value), many, words, surface);
  };
  return (
    <Rows
      rows={listRows({ row, length: choices.length, scroll, width, height, focused }, surface)}
      width={width}
      height={height}
    />
  );
}
