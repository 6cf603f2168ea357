// What each thing that happens changes in the wizard. Pure: no time, no files, no programs.
import type { Inventory } from "../../core/inventory/inventory.ts";
import type { WifiNetwork } from "../../core/network/wifi-network.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { LanguageCode } from "../text/languages.ts";
import {
  type DiskPreview,
  type Draft,
  type ErrorReport,
  type InstallEvent,
  type Judged,
  NOTHING_JUDGED,
  type RunView,
  type ScreenName,
  type SpecFile,
  type StepView,
  type Subject,
  type Toast,
  type TypedSecrets,
  type Unfinished,
  type Wizard,
} from "./model.ts";
import { reduceRun } from "./reduce-run.ts";
import { nextScreen, questionsOn } from "./steps.ts";

export type Happening =
  | { what: "machine"; inventory: Inventory }
  | { what: "judged"; judged: Judged }
  | { what: "admin-key"; key: string | null }
  | { what: "draft"; draft: Draft; judged: Judged | null; answered?: readonly string[] }
  | { what: "secrets"; secrets: Partial<TypedSecrets> }
  /** `back`: where Esc leads; nowhere without it. */
  | { what: "arrive"; screen: ScreenName; back?: readonly ScreenName[] }
  | { what: "next" }
  | { what: "back" }
  | { what: "change"; screen: ScreenName; subject: Subject | null }
  | { what: "language"; language: LanguageCode }
  | { what: "specs"; specs: readonly SpecFile[] }
  | { what: "preview"; preview: DiskPreview }
  | { what: "wifi"; networks: readonly WifiNetwork[] | null }
  | { what: "unfinished"; unfinished: readonly Unfinished[] }
  | { what: "durable"; durable: boolean }
  | { what: "busy"; busy: string | null }
  | { what: "problem"; problem: ErrorReport | null }
  | { what: "toast"; toast: Toast | null }
  | { what: "run"; run: RunView }
  | { what: "event"; event: InstallEvent; now: number }
  | { what: "tick"; now: number }
  /** What the steps of a run are called that is only heard of. */
  | { what: "plan-known"; plan: Plan }
  | { what: "toggle-log" }
  | { what: "stopping" }
  | { what: "failed"; failure: ErrorReport }
  | { what: "essentials"; essentials: string }
  | { what: "finished" };

export function reduce(wizard: Wizard, happening: Happening): Wizard {
  switch (happening.what) {
    case "machine":
      return { ...wizard, inventory: happening.inventory };
    case "judged":
      return { ...wizard, judged: happening.judged };
    case "draft":
      return {
        ...wizard,
        ...{ draft: happening.draft, judged: happening.judged, problem: null },
        answered: [...new Set([...wizard.answered, ...(happening.answered ?? [])])],
      };
    case "secrets":
      return { ...wizard, secrets: { ...wizard.secrets, ...happening.secrets } };
    case "arrive":
      return { ...wizard, screen: happening.screen, back: happening.back ?? [], toast: null };
    case "next":
      return next(wizard);
    case "back":
      return goBack(wizard);
    case "change":
      return { ...goTo(wizard, happening.screen), changing: true, subject: happening.subject };
    case "language":
      return { ...wizard, language: happening.language };
    case "specs":
      return { ...wizard, specs: happening.specs };
    case "preview":
      return { ...wizard, preview: happening.preview };
    case "wifi":
      return { ...wizard, wifi: happening.networks };
    case "unfinished":
      return { ...wizard, unfinished: happening.unfinished };
    case "durable":
      return { ...wizard, durable: happening.durable };
    case "admin-key":
      return { ...wizard, adminKey: happening.key };
    case "busy":
      return { ...wizard, busy: happening.busy };
    case "problem":
      return { ...wizard, problem: happening.problem, busy: null };
    case "toast":
      return { ...wizard, toast: happening.toast };
    case "run":
      return {
        ...wizard,
        run: happening.run,
        screen: "running",
        back: [],
        busy: null,
        problem: null,
        failure: null,
        toast: null,
      };
    case "event":
      return wizard.run === null
        ? wizard
        : { ...wizard, run: reduceRun(wizard.run, { event: happening.event, now: happening.now }) };
    case "tick":
      return wizard.run === null ? wizard : { ...wizard, run: { ...wizard.run, now: happening.now } };
    case "plan-known":
      return withPlan(wizard, happening.plan);
    case "toggle-log":
      return wizard.run === null ? wizard : { ...wizard, run: { ...wizard.run, showLog: !wizard.run.showLog } };
    case "stopping":
      return wizard.run === null ? wizard : { ...wizard, run: { ...wizard.run, stopping: true } };
    case "failed":
      return { ...wizard, failure: happening.failure, essentials: null, screen: "failed", back: [], busy: null };
    case "essentials":
      return { ...wizard, essentials: happening.essentials };
    case "finished":
      return { ...wizard, screen: "done", back: [], busy: null };
    default:
      return happening satisfies never;
  }
}

function withPlan(wizard: Wizard, plan: Plan): Wizard {
  const { run } = wizard;
  const judged = { ...(wizard.judged ?? NOTHING_JUDGED), plan };
  if (run === null) return { ...wizard, judged };
  const steps = plan.steps.map(({ title }, at): StepView => ({ ...(run.steps[at] ?? WAITING), title }));
  return { ...wizard, judged, run: { ...run, steps } };
}

const WAITING: StepView = { title: "", state: "waiting", ms: null };

function goTo(wizard: Wizard, screen: ScreenName): Wizard {
  return { ...wizard, screen, back: [...wizard.back, wizard.screen], problem: null, toast: null };
}

/** Stays while the screen still has something to ask; from a screen that the review opened it leads back there. */
function next(wizard: Wizard): Wizard {
  const { screen } = wizard;
  const asking = screen === "disks" || screen === "storage" || screen === "identity" || screen === "network";
  if (asking && questionsOn(wizard, screen).length > 0) return wizard;
  if (!wizard.changing) return goTo(wizard, nextScreen(wizard));
  const open = nextScreen({ ...wizard, screen: "language" });
  const onward = open === "target" || open === "spec" ? "review" : open;
  const back = wizard.back.filter((each) => each !== "review");
  const settled = { subject: null, problem: null, toast: null };
  return { ...wizard, screen: onward, changing: onward !== "review", back, ...settled };
}

function goBack(wizard: Wizard): Wizard {
  // What was asked there is answered, and the screen would be empty: the review changes such values.
  const empty = (screen: ScreenName) => screen === "values" && questionsOn(wizard, screen).length === 0;
  const at = wizard.back.findLastIndex((screen) => !empty(screen));
  const to = wizard.back[at];
  if (to === undefined) return wizard;
  return {
    ...wizard,
    ...{ screen: to, back: wizard.back.slice(0, at), problem: null, toast: null },
    ...{ changing: to === "review" ? false : wizard.changing, subject: null },
  };
}
