// Fields one below the other; Tab and arrows move, Enter goes on and, at the last, sends what is right.
import { type ReactNode, useContext, useState } from "react";
import { type Layer, useKeys } from "../keys/KeyRouter.tsx";
import { EMPTY, type Line, paragraph, span } from "../line.ts";
import type { Room } from "../shell/AppShell.tsx";
import { useTyping } from "../shell/KeysHere.tsx";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { clean } from "../text/clean.ts";
import { columnsOf, padTo } from "../text/width.ts";
import type { Surface } from "../theme/surface.ts";
import { FormMemoryContext } from "./form-memory.ts";
import { errorsOf, type FormField, type FormState, formKey, shownFields, startForm, valuesOf } from "./form-state.ts";
import { Rows } from "./Rows.tsx";
import { rowsInView } from "./rows-in-view.ts";
import { inputLine, textInput } from "./text-input.ts";

export interface FormProps {
  room: Room;
  fields: readonly FormField[];
  focused?: boolean;
  layer?: Layer;
  onSend: (values: Record<string, string>) => void;
}

export function Form({ room, fields, focused = true, layer = "field", onSend }: FormProps): ReactNode {
  const surface = useSurface();
  const memory = useContext(FormMemoryContext);
  const [state, setState] = useState(() => memory?.recall(fields) ?? startForm(fields));
  useKeys(
    layer,
    (key) => {
      const outcome = formKey(fields, state, key);
      if (outcome === null) return false;
      setState(outcome.state);
      memory?.keep(fields, outcome.send ? null : outcome.state);
      if (outcome.send) onSend(valuesOf(outcome.state));
      return true;
    },
    focused,
  );
  useTyping(focused && shownFields(fields, state)[state.focus]?.kind !== "choice");
  const { rows, focusRow } = formRows(fields, state, { room, focused }, surface);
  // What is being typed stays in view on a screen that has not room for all.
  const top = Math.max(0, Math.min(focusRow - Math.floor(room.height / 2), rows.length - room.height));
  return <Rows rows={rowsInView(rows, { top, ...room }, surface)} width={room.width} height={room.height} />;
}

function formRows(
  all: readonly FormField[],
  state: FormState,
  { room, focused }: { room: Room; focused: boolean },
  surface: Surface,
): { rows: Line[]; focusRow: number } {
  const fields = shownFields(all, state);
  const labels = fields.map(({ label }) => clean(label, surface.letters));
  const labelWidth = Math.max(...labels.map(columnsOf), 0);
  const stacked = labelWidth + 24 > room.width;
  const wrong = errorsOf(fields, state);
  const rows: Line[] = [];
  let focusRow = 0;
  for (const [at, field] of fields.entries()) {
    const active = focused && at === state.focus;
    const label = padTo(labels[at] ?? "", stacked ? room.width - 3 : labelWidth, surface.glyphs.more);
    const mark = span(active ? `${surface.glyphs.pointer} ` : "  ", "strong");
    const width = Math.min(60, room.width - (stacked ? 4 : labelWidth + 5));
    const input = fieldLine(field, state, active, width, surface);
    if (active) focusRow = rows.length;
    if (stacked) rows.push([mark, span(label, "strong")], [span("    "), ...input]);
    else rows.push([mark, span(label), span("  "), ...input]);
    const why = wrong.get(field.name);
    if (why !== undefined && state.touched.includes(field.name))
      rows.push(...paragraph(`${surface.glyphs.warning} ${why}`, room.width - 1, surface, "bad", 4));
  }
  const note = fields[state.focus]?.note;
  if (focused && note !== undefined) rows.push(EMPTY, ...paragraph(note, room.width - 2, surface, "quiet", 2));
  return { rows, focusRow };
}

function fieldLine(field: FormField, state: FormState, active: boolean, width: number, surface: Surface): Line {
  const input = state.inputs[field.name] ?? textInput();
  if (field.kind !== "choice") {
    const shown = inputLine(
      input,
      {
        width: width - 2,
        focused: active,
        secret: field.kind === "secret",
        ...(field.placeholder === undefined ? {} : { placeholder: field.placeholder }),
      },
      surface,
    );
    return [span("["), ...shown, span("]")];
  }
  const label = field.choices?.find(({ value }) => value === input.text)?.label ?? input.text;
  const text = padTo(clean(label, surface.letters), width - 4, surface.glyphs.more);
  const { left, right } = surface.glyphs;
  return active ? [span(`${left} `), span(text, "selected"), span(` ${right}`)] : [span("  "), span(text)];
}
