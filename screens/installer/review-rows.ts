// The plan as rows: what is erased, what stays, every step, and every value with where it came from.
import { shortHash } from "../../core/plan/render.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Origin } from "../../core/spec/resolved.ts";
import { EMPTY, type Line, line, paragraph, span } from "../../tui/line.ts";
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

export function reviewRows(wizard: Wizard, width: number, surface: Surface, t: Translate): ReviewRow[] {
  const { plan = null, spec = null, error = null } = wizard.judged ?? {};
  if (plan === null) {
    const why = error === null ? [t("review.no-plan")] : [error.message, ...error.evidence, error.hint ?? ""];
    return [
      ...why.flatMap((text) => paragraph(text, width, surface, "bad", 1)).map(read),
      ...valueRows(wizard, width, surface, t),
    ];
  }
  return [
    ...disksRows(plan, width, surface, t),
    read(EMPTY),
    read(line(` ${t("review.steps", { count: plan.steps.length })}`, "heading")),
    ...stepRows(plan, width, surface, t),
    read(EMPTY),
    ...(spec === null ? [] : valueRows(wizard, width, surface, t)),
  ];
}

function disksRows(plan: Plan, width: number, surface: Surface, t: Translate): ReviewRow[] {
  const labelWidth = Math.max(columnsOf(t("review.erased")), columnsOf(t("review.untouched"))) + 3;
  const narrow = labelWidth + 30 > width;
  const block = (label: string, tone: "bad" | "strong", name: string, content: readonly string[]): ReviewRow[] => {
    const text = clean(`${name} (${content.join(", ") || t("review.empty-disk")})`, surface.letters);
    if (narrow)
      return [read(line(` ${label}`, tone)), ...wrap(text, width - 3).map((part) => read(line(`   ${part}`)))];
    return wrap(text, width - labelWidth - 1).map((part, at) =>
      read([span(` ${padTo(at === 0 ? label : "", labelWidth, "")}`, tone), span(part)]),
    );
  };
  return [
    ...plan.erases.flatMap(({ id, name, content }) => block(t("review.erased"), "bad", `${name} · ${id}`, content)),
    ...plan.untouched.flatMap(({ name, content }) => block(t("review.untouched"), "strong", name, content)),
    ...(plan.untouched.length === 0
      ? block(t("review.untouched"), "strong", t("review.no-other"), []).slice(0, 1)
      : []),
  ];
}

function stepRows(plan: Plan, width: number, surface: Surface, t: Translate): ReviewRow[] {
  const risk = { reads: "", writes: "", erases: t("review.erases"), "no-way-back": t("review.no-way-back") };
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
