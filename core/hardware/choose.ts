// Which of several templates is the machine's: the scores of all, and the one that is clearly best, or why none is.
import type { Inventory } from "../inventory/inventory.ts";
import { inWords, type Score, scoreOf } from "./check.ts";
import type { LoadedTemplate } from "./load-template.ts";
import { verifyTemplate } from "./verify.ts";

export interface Scored extends Score {
  template: LoadedTemplate;
  /** Nothing that it says of the system (maker, model, chassis, serial number) is otherwise here. */
  may: boolean;
  /** It names a model: where that is this machine's, no other template comes into question. */
  names: boolean;
}

/** Best first: those that name this model, those that may be it, and the others by the share of what they say that holds. */
export function scoreTemplates(templates: readonly LoadedTemplate[], inventory: Inventory): Scored[] {
  const scored = templates.map((template): Scored => {
    const score = scoreOf(verifyTemplate(template.template, inventory));
    const about = (path: readonly (string | number)[]) => ["system", "serial", "uuid"].includes(String(path[0]));
    const { system, serial } = template.template;
    return {
      ...{ template, ...score },
      may: ![...score.differs, ...score.unknown].some((check) => about(check.path)),
      names: system?.model !== undefined || serial !== undefined,
    };
  });
  const rank = ({ may, names, differs, points, of }: Scored) =>
    may ? [1, names ? 1 : 0, differs.length === 0 ? 1 : 0, points] : [0, 0, 0, points / Math.max(1, of)];
  return scored.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at < 0 ? 0 : (right[at] ?? 0) - (left[at] ?? 0);
  });
}

/**
 * A template that names this model is it, also where the machine differs from it: that is then what has to be said. Of
 * several, and of those that name no model, only one that holds wholly and says more than every other.
 */
export function chooseTemplate(scored: readonly Scored[]): { chosen: Scored } | { why: string } {
  const may = scored.filter((one) => one.may);
  const named = may.filter((one) => one.names);
  const [only] = named;
  if (only !== undefined && named.length === 1) return { chosen: only };
  const whole = (named.length > 0 ? named : may).filter((one) => one.differs.length === 0);
  const [best, next] = whole.toSorted((a, b) => b.points - a.points);
  if (best === undefined)
    return {
      why: may.length === 0 ? "No template is for a machine like this." : "Every template differs from this machine.",
    };
  if (next !== undefined && next.points === best.points)
    return { why: `${best.template.template.template} and ${next.template.template.template} fit equally well.` };
  return { chosen: best };
}

/** "9/10 metal_dell_r730xd: disk 3 of bus-a: …"; the reasons are what differs or is not known. */
export function scoreInWords({ template, points, of, differs, unknown }: Scored): string {
  const reasons = [...differs, ...unknown].map(inWords);
  return `${points}/${of} ${template.template.template}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`;
}
