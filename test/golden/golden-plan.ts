// The golden plans: each example on some recorded machines, as text in which a change of the plan can be reviewed.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ActionableError } from "../../core/errors.ts";
import { probe } from "../../core/inventory/probe.ts";
import { replayMachine } from "../../core/inventory/record.ts";
import { sha256 } from "../../core/plan/derive.ts";
import { makePlan } from "../../core/plan/make-plan.ts";
import { renderText } from "../../core/plan/render.ts";
import type { Plan } from "../../core/plan/step.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { renderScript } from "../../core/steps/script.ts";
import { answered } from "./answers.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
export const PLANS = join(ROOT, "test/fixtures/plans");

/** Machines of test/fixtures/machines that differ in what plans depend on; every example is planned on each. */
const MACHINES = [
  "qemu-blank-disk",
  "rescue-guest",
  "rescue-guest-used-disks",
  "rescue-guest-second-stick",
  "several-disks",
] as const;

/** Of these the whole script as well: every command of every step, which the steps' data does not show. */
const SCRIPTS = [
  ["default", "qemu-blank-disk"],
  ["passphrase", "several-disks"],
] as const;

/** Name of the golden file, and how its text is made. */
export interface GoldenPlan {
  name: string;
  make(): Promise<string>;
}

export function goldenPlans(): GoldenPlan[] {
  const examples = globSync("profiles/examples/*.yml", { cwd: ROOT }).sort();
  const texts = MACHINES.flatMap((machine) =>
    examples.map((example) => ({
      name: `${machine}/${basename(example, ".yml")}.txt`,
      make: () => textOf(example, machine),
    })),
  );
  const scripts = SCRIPTS.map(([example, machine]) => ({
    name: `${machine}/${example}.sh`,
    make: async () => renderScript((await planned(`profiles/examples/${example}.yml`, machine)).make()),
  }));
  return [...texts, ...scripts];
}

/** The text that is kept, or null where there is none yet. */
export function keptPlan(name: string): string | null {
  try {
    return readFileSync(join(PLANS, name), "utf8");
  } catch {
    return null;
  }
}

export function keptNames(): string[] {
  return globSync("*/*", { cwd: PLANS }).sort();
}

async function planned(example: string, machine: string): Promise<{ words: string[]; make(): Plan }> {
  const inventory = await probe(await replayMachine(join(ROOT, `test/fixtures/machines/${machine}.json`)));
  const { loaded, words } = await answered(join(ROOT, example), inventory);
  return { words, make: () => makePlan(resolveSpec(loaded, inventory), inventory, TIME) };
}

async function textOf(example: string, machine: string): Promise<string> {
  const { words, make } = await planned(example, machine);
  const head = [`${example} on the recorded machine ${machine}`, ...words.map((word) => `  answered: ${word}`), ""];
  return [...head, ...planOrRefusal(make)].map((line) => `${line.replaceAll(ROOT, "").trimEnd()}\n`).join("");
}

const TIME = { now: 0x6740a1b2, saveTo: "/run/multiverse/state" };

function planOrRefusal(make: () => Plan): string[] {
  try {
    const plan = make();
    return [
      ...renderText(plan).trimEnd().split("\n"),
      "",
      ...plan.steps.map((step) => `${step.id} ${shortened(step.data)}`),
    ];
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error;
    return [
      `refused: ${error.code}, exit code ${error.exit}`,
      error.message,
      ...error.evidence.map((line) => `  ${line}`),
    ];
  }
}

const LONGEST = 160;

/** One line; a file's content or an archive by its hash: that it changed is to be seen, not how. */
function shortened(data: object): string {
  return JSON.stringify(data, (_key, value: unknown) =>
    typeof value === "string" && value.length > LONGEST
      ? `sha256:${sha256(value).slice(0, 16)} of ${value.length}`
      : value,
  );
}
