// Every screen in every state that it can be in: for pictures and tests; the program itself needs none of it.
import { askingStates } from "./asking.ts";
import { beginningStates } from "./beginning.ts";
import { installingStates } from "./installing.ts";
import { reviewStates } from "./review.ts";
import type { DemoState } from "./state.ts";

/** In the order in which a person meets them. */
export async function allStates(): Promise<DemoState[]> {
  return [
    ...(await beginningStates()),
    ...(await askingStates()),
    ...(await reviewStates()),
    ...(await installingStates()),
  ];
}
