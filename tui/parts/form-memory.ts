// What was typed into forms that were left without being sent: it is there again when one comes back.
import { createContext } from "react";
import { type FormField, type FormState, startForm } from "./form-state.ts";

/** Kept for one run of the program, in memory only, and without the secrets. */
export class FormMemory {
  readonly #kept = new Map<string, FormState>();

  /** Null: the form was sent, its answers are somewhere better now. */
  keep(fields: readonly FormField[], state: FormState | null): void {
    if (state === null) this.#kept.delete(keyOf(fields));
    else this.#kept.set(keyOf(fields), withoutSecrets(fields, state));
  }

  /** Null for a form that is new: also one that asks the same but begins with other values. */
  recall(fields: readonly FormField[]): FormState | null {
    return this.#kept.get(keyOf(fields)) ?? null;
  }
}

export const FormMemoryContext = createContext<FormMemory | null>(null);

function keyOf(fields: readonly FormField[]): string {
  return JSON.stringify(fields.map(({ name, kind, initial = "", choices = [] }) => [name, kind, initial, choices]));
}

function withoutSecrets(fields: readonly FormField[], state: FormState): FormState {
  const secret = new Set(fields.flatMap(({ name, kind }) => (kind === "secret" ? [name] : [])));
  const fresh = startForm(fields).inputs;
  const inputs = Object.entries(state.inputs).map(([name, input]) => [name, secret.has(name) ? fresh[name] : input]);
  return { focus: 0, inputs: Object.fromEntries(inputs), touched: [] };
}
