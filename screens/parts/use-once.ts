// Passes on what a person wants once for each state that was shown: keys come faster than what follows from them.
import { useCallback, useRef } from "react";
import type { Intent, OnIntent } from "../wizard/intent.ts";
import type { Wizard } from "../wizard/model.ts";

/** The second Enter of an impatient person would else answer a screen that nobody has seen yet. */
export function useOnce(wizard: Wizard, onIntent: OnIntent): OnIntent {
  const shown = useRef(wizard);
  const sent = useRef<{ wizard: Wizard; want: Intent["want"] } | null>(null);
  shown.current = wizard;
  return useCallback(
    (intent) => {
      const again = sent.current?.wizard === shown.current && sent.current.want === intent.want;
      if (again && ONCE.has(intent.want)) return;
      sent.current = { wizard: shown.current, want: intent.want };
      onIntent(intent);
    },
    [onIntent],
  );
}

/** What leads to another screen. */
const ONCE: ReadonlySet<Intent["want"]> = new Set([
  ...(["answer", "language", "identity", "start-from", "start-from-address", "next", "change"] as const),
  ...(["install", "resume", "begin-anew", "retry", "another-source"] as const),
]);
