// A plan as text for people and as JSON for programs; the shell script is core/steps/script.ts.
import type { Plan } from "./step.ts";

/** "4f2a-91c7-03de": the first 12 digits of the hash, as every screen shows it. */
export function shortHash(hash: string): string {
  return (hash.slice(0, 12).match(/.{4}/g) ?? []).join("-");
}

const MARK = {
  reads: "",
  closes: "closes",
  writes: "",
  erases: "erases",
  "no-way-back": "no way back from here",
} as const;

export function renderText(plan: Plan): string {
  const numbered = plan.steps.map((step, index) => {
    const mark = MARK[step.risk];
    return `  ${String(index + 1).padStart(3)}  ${mark === "" ? step.title : `${step.title.padEnd(52)} ${mark}`}`;
  });
  const disk = ({ id, name, content }: { id: string; name: string; content: string[] }) =>
    `${id}  (${name}${content.length === 0 ? ", empty" : `: ${content.join(", ")}`})`;
  return `${[
    `Install ${plan.host} · plan ${shortHash(plan.hash)}`,
    "",
    ...plan.erases.map((each) => `  ERASED FOR GOOD   ${disk(each)}`),
    ...(plan.untouched.length === 0 ? ["  NOT TOUCHED       there is no other disk"] : []),
    ...plan.untouched.map((each) => `  NOT TOUCHED       ${disk(each)}`),
    `  COPIED FROM       ${copiedFrom(plan)}`,
    ...(plan.notes ?? []).map((note) => `  NOTE              ${note}`),
    "",
    ...numbered,
    "",
    `Full hash, for --expect-plan: ${plan.hash}`,
  ].join("\n")}\n`;
}

/** What the system is copied from, in words. */
export function copiedFrom({ evidence }: Plan): string {
  const { medium } = evidence.sources;
  return medium === undefined ? "the system that runs from this medium" : `${medium.device}  (${medium.name})`;
}

/** The plan as it is; sizes and GUIDs in it are strings. */
export function renderJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}
