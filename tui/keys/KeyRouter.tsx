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
  onKey: { current: OnKey };
}

interface Router {
  add(listener: Listener): () => void;
}

const RouterContext = createContext<Router | null>(null);

/** Wraps everything that hears keys; `active: false` where there is no keyboard (a frame drawn once). */
export function KeyRouter({ active, children }: { active: boolean; children: ReactNode }): ReactNode {
  const listeners = useRef<Listener[]>([]);
  const queue = useRef<Key[]>([]);
  const busy = useRef(false);
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
    if (busy.current) next();
  }, [drawn]);
  useInput(
    (input, ink) => {
      queue.current.push(...keysOf(input, ink));
      if (!busy.current) next();
    },
    { isActive: active },
  );
  return <RouterContext.Provider value={router}>{children}</RouterContext.Provider>;
}

/** Later listeners of a layer stand deeper in the screen than earlier ones, which are asked after them. */
function deliver(listeners: readonly Listener[], key: Key): void {
  for (const layer of ORDER) {
    const mine = listeners.filter((each) => each.layer === layer);
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
  // A layout effect: the next key comes right after this frame, before effects of the ordinary kind.
  useLayoutEffect(() => {
    latest.current = onKey;
  });
  useLayoutEffect(() => {
    if (!active || router === null) return undefined;
    return router.add({ layer, onKey: latest });
  }, [router, layer, active]);
}
