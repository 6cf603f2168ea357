// The plan as rows: what is erased, what stays, every step, and every value with where it came from.
import { shortHash } from "../../core/plan/render.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Origin } from "../../core/spec/resolved.ts";
import { EMPTY, type Line, line, paragraph, span } from "../../tui/line.ts";
import { panel } from "../../tui/parts/panel.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { clean } from "../../tui/text/clean.ts";
import { columnsOf, cut, padTo, wrap } from "../../tui/text/width.ts";
import type { Surface } from "../../tui/theme/surface.ts";
import type { Translate } from "../text/translate.ts";
import type { ScreenName, Wizard } from "../wizard/model.ts";
import { shownValues } from "../wizard/shown-values.ts";

/** A row that can be opened, or only read. */
export interface ReviewRow {
  row: Line;
  opens: ScreenName | null;
  /** The value that it shows. */
  path?: string;
}

const read = (row: Line): ReviewRow => ({ row, opens: null });

export function hashInWords(plan: Plan | null | undefined, t: Translate): string {
  return plan === null || plan === undefined ? "" : t("review.plan", { hash: shortHash(plan.hash) });
}

/** Why there is no plan, in full; null when there is one. */
export function whyNoPlan({ judged }: Wizard, width: number, surface: Surface, t: Translate): Line[] | null {
  const { plan = null, error = null } = judged ?? {};
  if (plan !== null) return null;
  const why = error === null ? [t("review.no-plan")] : [error.message, ...error.evidence];
  return [
    ...why.flatMap((text) => paragraph(text, width, surface, "bad", 1)),
    ...(error?.hint === undefined ? [] : paragraph(error.hint, width, surface, undefined, 1)),
    EMPTY,
  ];
}

/** What is erased, in a box above everything else; null where it would take more than a third of the screen. */
export function erasedBox(plan: Plan, room: Room, surface: Surface, t: Translate): Line[] | null {
  const width = room.width - 2;
  const rows = plan.erases.flatMap((disk) => erasedText(disk, width - 4, surface, t));
  if (rows.length + 2 > room.height / 3) return null;
  const box = panel({ title: t("review.erased"), rows, width, height: rows.length + 2, tone: "bad" }, surface);
  return box.map((row) => [span(" "), ...row]);
}

/** Name, identity and content: none of them may push another out of sight. */
function erasedText(
  { name, id, content }: Plan["erases"][number],
  width: number,
  surface: Surface,
  t: Translate,
): Line[] {
  return [
    ...short(name, width, surface).map((text) => line(text, "strong")),
    ...short(content.join(", ") || t("review.empty-disk"), width, surface).map((text) => line(text)),
    ...short(id, width, surface).map((text) => line(text, "quiet")),
  ];
}

/** Of a name that fills the screen, the beginning. */
function short(text: string, width: number, surface: Surface): string[] {
  const rows = wrap(clean(text, surface.letters), width);
  if (rows.length <= LONGEST_NAME) return rows;
  const [last = ""] = rows.slice(LONGEST_NAME - 1);
  return [
    ...rows.slice(0, LONGEST_NAME - 1),
    cut(`${last}${surface.glyphs.more.repeat(width)}`, width, surface.glyphs.more),
  ];
}

const LONGEST_NAME = 3;

/** `boxed`: what is erased stands above the rows already. */
export function reviewRows(
  wizard: Wizard,
  { width, boxed }: { width: number; boxed: boolean },
  surface: Surface,
  t: Translate,
): ReviewRow[] {
  const { plan = null, spec = null } = wizard.judged ?? {};
  if (plan === null) return valueRows(wizard, width, surface, t);
  return [
    ...(boxed ? [] : erasedRows(plan, width, surface, t)),
    ...untouchedRows(plan, width, surface, t),
    read(EMPTY),
    read(line(` ${t("review.steps", { count: plan.steps.length })}`, "heading")),
    ...stepRows(plan, width, surface, t),
    read(EMPTY),
    ...(spec === null ? [] : valueRows(wizard, width, surface, t)),
  ];
}

type Said = { label: string; tone: "bad" | "strong"; name: string; content: readonly string[] };

function diskRows({ label, tone, name, content }: Said, width: number, surface: Surface, t: Translate): ReviewRow[] {
  const labelWidth = Math.max(columnsOf(t("review.erased")), columnsOf(t("review.untouched"))) + 3;
  const text = `${name} (${content.join(", ") || t("review.empty-disk")})`;
  if (labelWidth + 30 > width)
    return [
      read(line(` ${label}`, tone)),
      ...short(text, width - 3, surface).map((part) => read([span("   "), span(part)])),
    ];
  return short(text, width - labelWidth - 1, surface).map((part, at) =>
    read([span(` ${padTo(at === 0 ? label : "", labelWidth, "")}`, tone), span(part)]),
  );
}

function erasedRows(plan: Plan, width: number, surface: Surface, t: Translate): ReviewRow[] {
  return plan.erases.flatMap((disk) => [
    read(line(` ${t("review.erased")}`, "bad")),
    ...erasedText(disk, width - 3, surface, t).map((row) => read([span("   "), ...row])),
  ]);
}

function untouchedRows(plan: Plan, width: number, surface: Surface, t: Translate): ReviewRow[] {
  const label = t("review.untouched");
  if (plan.untouched.length === 0) return [read(line(` ${t("review.no-other")}`))];
  return plan.untouched.flatMap(({ name, content }) =>
    diskRows({ label, tone: "strong", name, content }, width, surface, t),
  );
}

function stepRows(plan: Plan, width: number, surface: Surface, t: Translate): ReviewRow[] {
  const risk = {
    ...{ reads: "", closes: t("review.closes"), writes: "", erases: t("review.erases") },
    "no-way-back": t("review.no-way-back"),
  };
  return plan.steps.map(({ title, risk: at }, index) => {
    const mark = risk[at];
    const room = width - 6 - (mark === "" ? 0 : columnsOf(mark) + 2);
    const text = clean(title, surface.letters);
    return read([
      span(` ${String(index + 1).padStart(3)}  `, "quiet"),
      span(padTo(cut(text, room, surface.glyphs.more), room, "")),
      ...(mark === "" ? [] : [span(`  ${mark}`, at === "erases" ? "bad" : "warning")]),
    ]);
  });
}

/** Which screen changes the value at a path; the others are changed in the file. */
function screenOf(path: string): ScreenName | null {
  if (path.startsWith("disks.")) return "disks";
  if (path.startsWith("root.encryption")) return "storage";
  if (path === "host.name" || path.startsWith("users")) return "identity";
  if (path.startsWith("network") || path === "host.proxy" || path === "host.ntp") return "network";
  if (path === "source" || path.startsWith("packages")) return "source";
  if (path === "root.filesystem") return null;
  return path === "host.keyboard" ? "language" : "values";
}

function valueRows(wizard: Wizard, width: number, surface: Surface, t: Translate): ReviewRow[] {
  const spec = wizard.judged?.spec ?? null;
  if (spec === null) return [];
  const from: Record<Origin["from"], string> = {
    spec: t("review.from.spec"),
    default: t("review.from.default"),
    inventory: t("review.from.inventory"),
    answer: t("review.from.answer"),
  };
  const shown = shownValues(spec);
  const labelWidth = Math.min(24, Math.max(...shown.map(({ path }) => path.length)) + 2);
  return [
    read(line(` ${t("review.values")}`, "heading")),
    ...shown.map(({ path, text }): ReviewRow => {
      const origin = spec.origins.find(
        (each) => each.path === path || each.path.startsWith(`${path}.`) || each.path.startsWith(`${path}[`),
      );
      const answered = wizard.answered.some(
        (each) =>
          each === path || path.startsWith(`${each}.`) || each.startsWith(`${path}.`) || each.startsWith(`${path}[`),
      );
      const where = answered ? from.answer : from[origin?.from ?? "default"];
      const room = width - labelWidth - columnsOf(where) - 3;
      const label = padTo(path, labelWidth, surface.glyphs.more);
      const value = padTo(clean(text, surface.letters), Math.max(4, room), surface.glyphs.more);
      return {
        row: [span(` ${label}`, "quiet"), span(value), span(` ${where}`, "quiet")],
        opens: screenOf(path),
        path,
      };
    }),
  ];
}
