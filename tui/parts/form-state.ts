// What has been filled in on a form, and what keys do to it. Pure.
import type { Key } from "../keys/key.ts";
import { type TextInput, textInput, typeKey } from "./text-input.ts";

export interface FormField {
  name: string;
  label: string;
  /** A text, one that is not shown, or one of `choices` (← and → change it). */
  kind: "text" | "secret" | "choice";
  initial?: string;
  choices?: readonly { value: string; label: string }[];
  placeholder?: string;
  /** Why it is asked, or what is expected; shown below the form while the field has the focus. */
  note?: string;
  /** Whether it is there, by what the other fields say; a field that is not there is not checked either. */
  when?: (values: Readonly<Record<string, string>>) => boolean;
  /** What is wrong with the value, or null. Told apart from what is only not there yet. */
  check?: (value: string, all: Readonly<Record<string, string>>) => string | null;
}

export interface FormState {
  focus: number;
  inputs: Readonly<Record<string, TextInput>>;
  /** Fields that were left, or sent: their errors are shown. */
  touched: readonly string[];
}

export function startForm(fields: readonly FormField[]): FormState {
  const inputs = Object.fromEntries(
    fields.map((field) => [field.name, textInput(field.initial ?? field.choices?.[0]?.value ?? "")]),
  );
  return { focus: 0, inputs, touched: [] };
}

export function valuesOf(state: FormState): Record<string, string> {
  return Object.fromEntries(Object.entries(state.inputs).map(([name, { text }]) => [name, text]));
}

/** The fields that are there, as the form is filled in now. */
export function shownFields(fields: readonly FormField[], state: FormState): FormField[] {
  const values = valuesOf(state);
  return fields.filter(({ when }) => when?.(values) ?? true);
}

/** Every field that is wrong, by name. */
export function errorsOf(fields: readonly FormField[], state: FormState): Map<string, string> {
  const values = valuesOf(state);
  const wrong = new Map<string, string>();
  for (const { name, check } of shownFields(fields, state)) {
    const why = check?.(values[name] ?? "", values) ?? null;
    if (why !== null) wrong.set(name, why);
  }
  return wrong;
}

export type FormOutcome = { state: FormState; send: boolean } | null;

/** The form after a key; null when the key means nothing to it. */
export function formKey(all: readonly FormField[], state: FormState, key: Key): FormOutcome {
  const fields = shownFields(all, state);
  const field = fields[state.focus];
  if (field === undefined) return null;
  const leave = (focus: number): FormOutcome => ({
    state: { ...state, focus, touched: [...new Set([...state.touched, field.name])] },
    send: false,
  });
  const last = fields.length - 1;
  switch (key.name) {
    case "tab":
      return leave(state.focus === last ? 0 : state.focus + 1);
    case "back-tab":
      return leave(state.focus === 0 ? last : state.focus - 1);
    case "down":
      return leave(Math.min(last, state.focus + 1));
    case "up":
      return leave(Math.max(0, state.focus - 1));
    case "enter":
      return state.focus < last ? leave(state.focus + 1) : send(fields, state);
    default:
      break;
  }
  if (field.kind === "choice") return choose(field, state, key);
  const typed = typeKey(state.inputs[field.name] ?? textInput(), key);
  return typed === null ? null : { state: { ...state, inputs: { ...state.inputs, [field.name]: typed } }, send: false };
}

/** Everything is right: sent. Otherwise the first wrong field gets the focus, and every error shows. */
function send(fields: readonly FormField[], state: FormState): FormOutcome {
  const wrong = errorsOf(fields, state);
  const at = fields.findIndex(({ name }) => wrong.has(name));
  const touched = fields.map(({ name }) => name);
  return at < 0
    ? { state: { ...state, touched }, send: true }
    : { state: { ...state, touched, focus: at }, send: false };
}

function choose(field: FormField, state: FormState, key: Key): FormOutcome {
  const by = key.name === "right" || (key.name === "text" && key.text === " ") ? 1 : key.name === "left" ? -1 : 0;
  const choices = field.choices ?? [];
  if (by === 0 || choices.length === 0) return null;
  const at = choices.findIndex(({ value }) => value === state.inputs[field.name]?.text);
  const next = choices[(at + by + choices.length) % choices.length];
  return {
    state: { ...state, inputs: { ...state.inputs, [field.name]: textInput(next?.value ?? "") } },
    send: false,
  };
}
