// The order of the installer's screens: one list, and each entry says when it is skipped.
import type { Question } from "../../core/spec/questions.ts";
import type { ScreenName, Wizard } from "./model.ts";

export interface WizardStep {
  screen: ScreenName;
  /** Why the person need not see it, or null when it is shown. */
  skip(wizard: Wizard): string | null;
}

/** Screens that ask, in their order; what each asks is by the path of the question. */
export const STEPS: readonly WizardStep[] = [
  {
    screen: "language",
    skip: (wizard) =>
      hasSpec(wizard) ? "a spec was given: it says the keyboard, or the default is shown in the review" : null,
  },
  { screen: "target", skip: (wizard) => (hasSpec(wizard) ? "a spec was given: it says the target" : null) },
  { screen: "spec", skip: (wizard) => (hasSpec(wizard) ? "a spec was given" : null) },
  { screen: "disks", skip: (wizard) => unlessAsked(wizard, "disks") },
  { screen: "storage", skip: (wizard) => unlessAsked(wizard, "storage") },
  {
    screen: "source",
    skip: (wizard) =>
      wizard.inventory !== null && wizard.inventory.live === null ? null : unlessAsked(wizard, "source"),
  },
  { screen: "identity", skip: (wizard) => unlessAsked(wizard, "identity") },
  { screen: "network", skip: (wizard) => unlessAsked(wizard, "network") },
  { screen: "values", skip: (wizard) => unlessAsked(wizard, "values") },
  { screen: "review", skip: () => null },
];

function hasSpec({ draft }: Wizard): boolean {
  return draft.from === "medium" || draft.from === "file";
}

type Asking = "disks" | "storage" | "source" | "identity" | "network" | "values";

/** The screen that asks a question; null for what the review itself asks (typing the name). */
export function screenFor({ path }: Question): Asking | null {
  if (path === "confirm.erase") return null;
  if (path.startsWith("disks.")) return "disks";
  if (path.startsWith("root.encryption") || path === "passphrase" || path === "recovery-passphrase") return "storage";
  if (path === "source" || path.startsWith("source.")) return "source";
  if (path === "host.name" || path === "users" || path.startsWith("users[")) return "identity";
  if (path.startsWith("network") || path === "host.proxy" || path === "host.ntp") return "network";
  return "values";
}

/** What a screen has to ask; a passphrase that was typed is not asked again. */
export function questionsOn(wizard: Wizard, screen: Asking): Question[] {
  const { passphrase, recovery } = wizard.secrets;
  return (wizard.judged?.questions ?? []).filter(
    (question) =>
      screenFor(question) === screen &&
      !(question.path === "passphrase" && passphrase !== null) &&
      !(question.path === "recovery-passphrase" && recovery !== null),
  );
}

/** Asked of everybody who starts without a spec; until the machine is known, these are counted as still to come. */
const USUAL: readonly Asking[] = ["disks", "storage", "identity"];

function unlessAsked(wizard: Wizard, screen: Asking): string | null {
  if (wizard.judged === null && !hasSpec(wizard) && USUAL.includes(screen)) return null;
  return questionsOn(wizard, screen).length > 0 ? null : "nothing is asked here; the review shows it";
}

/** The next screen that is not skipped. */
export function nextScreen(wizard: Wizard): ScreenName {
  const from = STEPS.findIndex(({ screen }) => screen === wizard.screen);
  const next = STEPS.slice(from + 1).find((step) => step.skip(wizard) === null);
  return next?.screen ?? "review";
}

/** The screens that this person sees or has seen, for "3 of 6". */
export function shownSteps(wizard: Wizard): ScreenName[] {
  return STEPS.filter(
    (step) => step.screen === wizard.screen || wizard.back.includes(step.screen) || step.skip(wizard) === null,
  ).map(({ screen }) => screen);
}
