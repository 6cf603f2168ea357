// Every screen as somebody who went there would find it, by its name: for --once, and the ground of all other states.
import type { Inventory } from "../../core/inventory/inventory.ts";
import { NOTHING_JUDGED, type ScreenName, type Wizard } from "../wizard/model.ts";
import { NEW_SPEC, startWizard } from "../wizard/start.ts";
import { demoBackend } from "./backend.ts";
import { DEMO_MACHINE } from "./machine.ts";
import { copying, PULLED, unfinishedAt } from "./run.ts";
import { DISK, OPEN, WHOLE } from "./specs.ts";

export interface DemoOptions {
  /** The spec; default one that leaves open what this screen asks. */
  text?: string;
  machine?: Inventory;
}

/** The wizard at a screen. What is not of the screen's matter is answered already. */
export async function demoWizard(screen: ScreenName, options: DemoOptions = {}): Promise<Wizard> {
  const { text = OPEN[screen] ?? WHOLE, machine = DEMO_MACHINE } = options;
  const backend = demoBackend({ machine });
  const draft = { ...NEW_SPEC, text };
  const early = screen === "language" || screen === "target" || screen === "spec" || screen === "looking";
  const judged = early ? NOTHING_JUDGED : await backend.judge(draft, machine);
  const secret = screen === "storage" ? null : "";
  const wizard: Wizard = {
    ...startWizard({ draft, screen }),
    ...{ inventory: machine, judged: early ? null : judged, specs: await backend.specs() },
    back: BACK[screen] ?? ["language", "target", "spec"],
    secrets: { passphrase: secret, recovery: secret },
  };
  const { plan } = judged;
  if (screen === "disks") return { ...wizard, preview: await backend.preview(draft, machine, DISK, [DISK]) };
  if (plan === null) return wizard;
  if (screen === "unfinished") return { ...wizard, judged: null, unfinished: [unfinishedAt(plan, 9)] };
  if (screen === "running") return { ...wizard, run: copying(plan) };
  if (screen === "done") return { ...wizard, run: { ...copying(plan), at: plan.steps.length - 1 } };
  if (screen !== "failed") return wizard;
  const essentials = await backend.essentials({ failure: PULLED, plan, secrets: wizard.secrets });
  return { ...wizard, run: copying(plan), failure: PULLED, essentials };
}

/** Where Esc leads from screens that are not reached through the three first ones. */
const BACK: Partial<Record<ScreenName, readonly ScreenName[]>> = {
  ...{ looking: [], unfinished: [], language: [], running: [], failed: [], done: [] },
  ...{ target: ["language"], spec: ["language", "target"] },
};
