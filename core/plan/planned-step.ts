// Makes a step of a plan: its id is what the journal knows it by (docs/formats/journal.md).
import type { Risk, Step, StepData } from "./step.ts";

/** A step whose kind stands once in a plan is called by its kind. */
export function step(title: string, risk: Risk, data: StepData): Step {
  return { id: data.kind, title, risk, data };
}

/** One of several of its kind, counted from 1: the first keeps the plain name, so that plans for one disk never change theirs. */
export function stepOf(at: number, title: string, risk: Risk, data: StepData): Step {
  return { ...step(title, risk, data), id: at === 1 ? data.kind : `${data.kind}-${at}` };
}
