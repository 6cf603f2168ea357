// One install at a time: begun, stopped, gone on with, or watched where another process does it.
import type { Backend, InstallWanted } from "../backend/backend.ts";
import { explain } from "./explain.ts";
import { type ErrorReport, type InstallEvent, NOTHING_JUDGED, type TypedSecrets, type Wizard } from "./model.ts";
import type { Happening } from "./reduce.ts";
import { startRun, watchRun } from "./reduce-run.ts";

/** What it needs of the wizard. */
export interface Around {
  state(): Wizard;
  tell(happening: Happening): void;
  /** Does something after everything that was wanted before. */
  after(work: () => Promise<void>): void;
  backend(): Promise<Backend>;
  /** Milliseconds since 1970. */
  now(): number;
}

type How = Pick<InstallWanted, "resume" | "restart" | "noResume" | "journal" | "source">;

/** Goes on with what the journal knows. */
const AGAIN: How = { resume: true, restart: false, noResume: true };
const ANEW: How = { resume: false, restart: true, noResume: true };

const NOBODY: TypedSecrets = { passphrase: null, recovery: null };

export class InstallRun {
  readonly #around: Around;
  #running: AbortController | null = null;
  /** Resolves when no install runs. */
  #installed: Promise<void> = Promise.resolve();
  #last: How = ANEW;
  readonly #closed = new AbortController();

  constructor(around: Around) {
    this.#around = around;
  }

  /** Begins what the review has confirmed; it goes on while the screens are used. */
  begin(): void {
    this.#install(ANEW);
  }

  /** Repeats the step that failed; or everything, where it was refused before its first step. */
  retry(): void {
    const { run } = this.#around.state();
    this.#install(run === null || run.at !== null ? AGAIN : this.#last);
  }

  resume(which: number, secrets: TypedSecrets): void {
    const unfinished = this.#around.state().unfinished[which];
    if (unfinished === undefined) return;
    this.#around.tell({ what: "secrets", secrets });
    this.#around.tell({ what: "judged", judged: { ...NOTHING_JUDGED, plan: unfinished.plan } });
    this.#install({ ...AGAIN, journal: unfinished.directory });
  }

  async anotherSource(): Promise<void> {
    const plan = this.#around.state().judged?.plan ?? null;
    const other = plan === null ? null : await (await this.#around.backend()).anotherSource(plan);
    if (other === null) this.#around.tell({ what: "toast", toast: { text: "no-other-source", tone: "warning" } });
    else this.#install({ ...AGAIN, source: other.uri });
  }

  /** Stops after the command that runs now. */
  stop(): void {
    if (this.#running === null) return;
    this.#around.tell({ what: "stopping" });
    this.#running.abort(new Error("stopped by the person"));
  }

  /** Resolves when an install that ran has let go of its disks. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#running?.abort(new Error("the screen was closed"));
    await this.#installed;
  }

  tick(): void {
    const { tell, now, state } = this.#around;
    if (this.#running !== null || state().run?.watching === true) tell({ what: "tick", now: now() });
  }

  /** An install that runs already, on another console or unattended, is shown rather than offered a second time. */
  async watch(signal: AbortSignal = this.#closed.signal): Promise<boolean> {
    const { tell, now } = this.#around;
    const backend = await this.#around.backend();
    let began = false;
    const named = async (hash: string) => {
      const plan = await backend.planOf(hash);
      if (plan !== null) tell({ what: "plan-known", plan });
    };
    return await backend.watch((event) => {
      if (!began) tell({ what: "run", run: watchRun(now()) });
      began = true;
      tell({ what: "event", event, now: now() });
      // A journal that cannot be read costs the names of the steps to come, not the view.
      if (event.event === "plan") named(event.hash).catch(() => {});
      if (event.event === "done") tell({ what: "finished" });
      if (event.event === "failed") this.#failed(event.error);
      // By whoever runs it in a shell: it has not failed, but goes on by itself as little.
      if (event.event === "stopped") this.#failed(stoppedAsTold(event));
    }, signal);
  }

  #install(how: How): void {
    const { tell, now, state } = this.#around;
    if (this.#running !== null) return;
    const { draft, judged, secrets, run } = state();
    const plan = judged?.plan ?? null;
    const stop = new AbortController();
    this.#running = stop;
    this.#last = how;
    const view = plan === null ? watchRun(now()) : startRun(plan, now());
    // After a retry the log goes on where it stopped.
    tell({ what: "run", run: { ...view, log: run?.log ?? view.log, watching: false } });
    const wanted = { draft, hash: plan?.hash ?? "", secrets, ...how };
    const onEvent = (event: InstallEvent) => tell({ what: "event", event, now: now() });
    this.#installed = this.#around
      .backend()
      .then((backend) => backend.install(wanted, onEvent, stop.signal))
      .then(() => {
        tell({ what: "secrets", secrets: NOBODY });
        tell({ what: "finished" });
      })
      .catch((error: unknown) => this.#stopped(explain(error)))
      .finally(() => {
        this.#running = null;
      });
  }

  /** Another console was first: its install is shown, and offered no second time. */
  #stopped(failure: ErrorReport): void {
    this.#failed(failure);
    if (failure.code === "already-running") this.#around.after(async () => void (await this.watch()));
  }

  #failed(failure: ErrorReport): void {
    const { tell, after, state } = this.#around;
    tell({ what: "failed", failure });
    const { judged, secrets } = state();
    after(async () => {
      const backend = await this.#around.backend();
      const essentials = await backend.essentials({ failure, plan: judged?.plan ?? null, secrets });
      tell({ what: "essentials", essentials });
    });
  }
}

function stoppedAsTold({ index, of, title }: Extract<InstallEvent, { event: "stopped" }>): ErrorReport {
  return {
    code: "stopped",
    message: `Stopped after step ${index} of ${of}, as it was told: ${title}.`,
    evidence: [],
    hint: "Go on with --resume, or put the disk back with --undo.",
  };
}
