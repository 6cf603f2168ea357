// Gives each key to the part of the screen that it belongs to, one key after the other, each after the former has been drawn.
import { useInput } from "ink";
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type Key, keysOf } from "./key.ts";

/** Who hears a key first: what lies on top, then the field that is being typed into, then the screen, then the shell. */
export type Layer = "modal" | "field" | "screen" | "shell";

/** Returns whether the key meant something here. */
export type OnKey = (key: Key) => boolean;

const ORDER: readonly Layer[] = ["modal", "field", "screen", "shell"];

interface Listener {
  layer: Layer;
  /** A part is made before the parts inside it, and before what opens later: the higher, the deeper. */
  depth: number;
  onKey: { current: OnKey };
}

interface Router {
  add(listener: Listener): () => void;
}

/** React takes more than 50 changes made while drawing for an endless loop; a paste has more keys than that. */
const AT_ONE_STRETCH = 25;

let parts = 0;

const RouterContext = createContext<Router | null>(null);

/** Wraps everything that hears keys; `active: false` where there is no keyboard (a frame drawn once). */
export function KeyRouter({ active, children }: { active: boolean; children: ReactNode }): ReactNode {
  const listeners = useRef<Listener[]>([]);
  const queue = useRef<Key[]>([]);
  const busy = useRef(false);
  const stretch = useRef(0);
  const [drawn, setDrawn] = useState(0);
  const router = useMemo<Router>(
    () => ({
      add(listener) {
        listeners.current = [...listeners.current, listener];
        return () => {
          listeners.current = listeners.current.filter((each) => each !== listener);
        };
      },
    }),
    [],
  );
  const next = () => {
    const key = queue.current.shift();
    busy.current = key !== undefined;
    if (key === undefined) return;
    deliver(listeners.current, key);
    // In the same batch as what the key changed: when this is drawn, that is, and the next key meets the new screen.
    setDrawn((count) => count + 1);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each drawn key, which is what `drawn` counts
  useLayoutEffect(() => {
    if (!busy.current) return;
    stretch.current += 1;
    if (stretch.current % AT_ONE_STRETCH === 0) setImmediate(next);
    else next();
  }, [drawn]);
  useInput(
    (input, ink) => {
      for (const key of keysOf(input, ink)) queue.current.push(key);
      if (!busy.current) next();
    },
    { isActive: active },
  );
  return <RouterContext.Provider value={router}>{children}</RouterContext.Provider>;
}

/** In each layer the deepest part is asked first. */
function deliver(listeners: readonly Listener[], key: Key): void {
  for (const layer of ORDER) {
    const mine = listeners.filter((each) => each.layer === layer).sort((one, other) => other.depth - one.depth);
    const modal = layer === "modal" && mine.length > 0;
    for (const { onKey } of mine) if (onKey.current(key)) return;
    // What lies under a modal hears nothing.
    if (modal) return;
  }
}

/** Hears keys while it is on the screen and `active`. */
export function useKeys(layer: Layer, onKey: OnKey, active = true): void {
  const router = useContext(RouterContext);
  const latest = useRef(onKey);
  const [depth] = useState(() => {
    parts += 1;
    return parts;
  });
  // A layout effect: the next key comes right after this frame, before effects of the ordinary kind.
  useLayoutEffect(() => {
    latest.current = onKey;
  });
  useLayoutEffect(() => {
    if (!active || router === null) return undefined;
    return router.add({ layer, depth, onKey: latest });
  }, [router, layer, depth, active]);
}
