// What a part of the screen says of its own keys: the bottom line shows those in place of the screen's while it is there.
import { createContext, useContext, useEffect, useLayoutEffect, useRef } from "react";
import type { Hint } from "./hints.ts";

export interface KeysHere {
  /** In place of the screen's; null: the screen's own. */
  hints: readonly Hint[] | null;
  /** Letters are typed here, so that none of them can be a key. */
  typing: boolean;
}

export const NO_KEYS: KeysHere = { hints: null, typing: false };

/** A part that says something; the last one that came counts. */
export interface KeysSayer {
  say(part: symbol, keys: KeysHere | null): void;
}

export const KeysSayerContext = createContext<KeysSayer | null>(null);

/** Whether something lies on top. Parts with ears of their own (not the router's) must not hear keys then. */
export const CoveredContext = createContext(false);

/** For pages and questions inside a screen whose keys are not the screen's. */
export function useHints(hints: readonly Hint[], active = true): void {
  useSay(active ? { hints, typing: false } : null);
}

/** For fields that letters are typed into: `?` is a letter there, so help has another key. */
export function useTyping(active: boolean): void {
  useSay(active ? { hints: null, typing: true } : null);
}

function useSay(keys: KeysHere | null): void {
  const sayer = useContext(KeysSayerContext);
  const part = useRef(Symbol("part"));
  const words = JSON.stringify(keys);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `words` is `keys`, compared by what it says
  useLayoutEffect(() => sayer?.say(part.current, keys), [sayer, words]);
  useEffect(() => {
    const mine = part.current;
    return () => sayer?.say(mine, null);
  }, [sayer]);
}
