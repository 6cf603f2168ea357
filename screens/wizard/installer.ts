// Carries out what the person wants: asks the backend, and tells the reducer what came of it. One thing after the other.
import type { Answer } from "../../core/spec/answers.ts";
import type { Backend } from "../backend/backend.ts";
import { Drafting } from "./drafting.ts";
import { explain } from "./explain.ts";
import { type Around, InstallRun } from "./install-run.ts";
import type { Intent } from "./intent.ts";
import type { ScreenName, Wizard } from "./model.ts";
import { type Happening, reduce } from "./reduce.ts";
import { shownValues } from "./shown-values.ts";
import { NEW_SPEC } from "./start.ts";
import { nextScreen } from "./steps.ts";

/** How the screens end: what whoever started them does next. */
export type Ending = "shell" | "left";

export interface InstallerOptions {
  /** Loaded after the first frame, which does not wait for it. */
  load: () => Promise<Backend>;
  initial: Wizard;
  /** Milliseconds since 1970. */
  now: () => number;
  onEnd: (ending: Ending) => void;
}

const REST_MS = 120;

export class Installer {
  readonly #load: () => Promise<Backend>;
  #loaded: Promise<Backend> | null = null;
  readonly #onEnd: (ending: Ending) => void;
  readonly #listeners = new Set<() => void>();
  #state: Wizard;
  #queue: Promise<void> = Promise.resolve();
  #probed: Promise<void> = Promise.resolve();
  readonly #run: InstallRun;
  readonly #drafting: Drafting;
  #rested: Promise<void> = Promise.resolve();
  /** Ends a rest that another one follows, or that nobody waits for any more. */
  #passed: () => void = () => {};
  #resting: NodeJS.Timeout | undefined;
  readonly #ended = new AbortController();

  constructor({ load, initial, now, onEnd }: InstallerOptions) {
    this.#load = load;
    this.#state = initial;
    this.#onEnd = onEnd;
    const around: Around = {
      state: () => this.#state,
      tell: (happening) => this.#tell(happening),
      after: (work) => this.#then(work),
      backend: () => this.#backend,
      now,
    };
    this.#run = new InstallRun(around);
    this.#drafting = new Drafting({ ...around, probed: () => this.#probed });
  }

  get #backend(): Promise<Backend> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  get state(): Wizard {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  snapshot = (): Wizard => this.#state;

  /** Looks at the machine, at what was left unfinished, and at the spec, if one was given. */
  start(): void {
    this.#probed = this.#look();
    // Whoever waits for it says why it failed; until then it must not end the program.
    this.#probed.catch(() => {});
    this.#then(() => this.#begin());
  }

  /** Ends what runs in the background; resolves when an install that ran has let go of its disks. */
  async stop(): Promise<void> {
    this.#ended.abort();
    clearTimeout(this.#resting);
    this.#passed();
    await this.#run.close();
  }

  /** Resolves when everything that was wanted so far is done or refused. */
  async settled(): Promise<void> {
    await this.#rested;
    await this.#queue;
  }

  intend = (intent: Intent): void => {
    if (intent.want === "toggle-log") this.#tell({ what: "toggle-log" });
    else if (intent.want === "stop") this.#run.stop();
    else if (intent.want === "shell" || intent.want === "leave")
      this.#onEnd(intent.want === "shell" ? "shell" : "left");
    else if (intent.want === "back") this.#tell({ what: "back" });
    else if (intent.want === "preview") this.#previewSoon(intent.disk, intent.among);
    else this.#then(() => this.#carryOut(intent));
  };

  tick(): void {
    this.#run.tick();
  }

  #tell(happening: Happening): void {
    this.#state = reduce(this.#state, happening);
    for (const listener of this.#listeners) listener();
  }

  #then(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => this.#problem(error));
  }

  #problem(error: unknown): void {
    this.#tell({ what: "problem", problem: explain(error) });
  }

  async #look(): Promise<void> {
    const inventory = await (await this.#backend).probe(this.#ended.signal);
    this.#tell({ what: "machine", inventory });
    this.#tell({ what: "admin-key", key: await (await this.#backend).adminKey() });
    this.#tell({ what: "durable", durable: await (await this.#backend).durable() });
  }

  async #begin(): Promise<void> {
    if (await this.#run.watch(this.#ended.signal)) return;
    if (this.#state.screen === "looking") {
      const unfinished = await (await this.#backend).unfinished();
      this.#tell({ what: "unfinished", unfinished });
      if (unfinished.length > 0) return this.#tell({ what: "arrive", screen: "unfinished" });
    }
    await this.#fromDraft();
  }

  /** To the first screen that has something to ask: of everybody, or of this spec. */
  async #fromDraft(back: readonly ScreenName[] = []): Promise<void> {
    const { draft, screen } = this.#state;
    if (draft.from === "new") {
      if (screen === "looking" || screen === "unfinished") this.#tell({ what: "arrive", screen: "language", back });
      return this.#probed;
    }
    this.#tell({ what: "arrive", screen: "looking" });
    this.#tell({ what: "busy", busy: "machine" });
    const given =
      draft.file === null
        ? draft
        : await (await this.#backend).open({ path: draft.file, name: draft.name, says: "", from: "medium" });
    const judged = await this.#drafting.judge({ ...draft, text: given.text }, []);
    this.#tell({ what: "busy", busy: null });
    if (judged.loaded !== null) this.#tell({ what: "arrive", screen: nextScreen(this.#state), back });
  }

  async #carryOut(
    intent: Exclude<Intent, { want: "toggle-log" | "stop" | "shell" | "leave" | "back" | "preview" }>,
  ): Promise<void> {
    const backend = await this.#backend;
    switch (intent.want) {
      case "next":
        return this.#tell({ what: "next" });
      case "change":
        return this.#change(intent.screen, intent.path ?? null);
      case "language":
        return this.#drafting.language(intent.language, intent.keyboard);
      case "answer":
        if (intent.secrets !== undefined) this.#tell({ what: "secrets", secrets: intent.secrets });
        return this.#drafting.answer(intent.answers);
      case "identity":
        return this.#drafting.identity(intent);
      case "start-from":
        return intent.spec === "new"
          ? this.#drafting.startFrom(this.#state.draft.from === "new" ? this.#state.draft : NEW_SPEC)
          : this.#drafting.startFrom(await backend.open(intent.spec));
      case "start-from-address":
        this.#tell({ what: "busy", busy: "address" });
        return this.#drafting.startFrom(await backend.fetchSpec(intent.address, this.#ended.signal));
      case "scan-wifi":
        this.#tell({ what: "wifi", networks: null });
        return this.#tell({ what: "wifi", networks: await backend.wifi(this.#state.inventory, this.#ended.signal) });
      case "install":
        return this.#confirmed();
      case "resume":
        return this.#run.resume(intent.which, { passphrase: intent.passphrase, recovery: intent.recovery });
      case "begin-anew":
        return this.#fromDraft(["unfinished"]);
      case "without-spec":
        this.#tell({ what: "draft", draft: NEW_SPEC, judged: null });
        return this.#fromDraft();
      case "retry":
        return this.#run.retry();
      case "another-source":
        return this.#run.anotherSource();
      case "save":
        return this.#save(intent.what);
      case "reboot":
        return backend.reboot();
      case "power-off":
        return backend.powerOff();
      default:
        return intent satisfies never;
    }
  }

  async #change(screen: ScreenName, path: string | null): Promise<void> {
    const spec = this.#state.judged?.spec ?? null;
    const value =
      spec === null || path === null ? undefined : shownValues(spec).find((each) => each.path === path)?.text;
    const subject =
      screen !== "values" || path === null
        ? null
        : { path, value: value ?? "", says: await (await this.#backend).says(path) };
    this.#tell({ what: "change", screen, subject });
  }

  /** When the pointer rests on a disk: working it out for each that is passed would make the pointer wait. */
  #previewSoon(disk: string, among: readonly string[]): void {
    clearTimeout(this.#resting);
    this.#passed();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#rested = promise;
    this.#passed = resolve;
    this.#resting = setTimeout(() => {
      this.#then(() => this.#preview(disk, among));
      resolve();
    }, REST_MS);
  }

  async #preview(disk: string, among: readonly string[]): Promise<void> {
    const { draft, inventory } = this.#state;
    if (inventory === null) return;
    this.#tell({ what: "preview", preview: await (await this.#backend).preview(draft, inventory, disk, among) });
  }

  async #confirmed(): Promise<void> {
    const { judged, secrets } = this.#state;
    if (judged?.plan === null || judged === null) return;
    // Lost where a spec was chosen again after they were typed.
    if (judged.questions.some(({ path }) => path === "passphrase") && secrets.passphrase === null)
      return this.#tell({ what: "change", screen: "storage", subject: null });
    // Typed, so stated: saved afterwards, this spec installs the same again without a question.
    const { draft } = this.#state;
    const answers: Answer[] = [
      { path: ["confirm", "erase"], value: judged.plan.erases.map(({ id }) => id) },
      { path: ["salt"], value: judged.plan.salt },
    ];
    this.#tell({
      what: "draft",
      draft: { ...draft, text: await (await this.#backend).write(draft.text, answers) },
      judged,
    });
    this.#run.begin();
  }

  async #save(what: "spec" | "plan" | "script" | "report"): Promise<void> {
    const { draft, judged, failure, secrets } = this.#state;
    const plan = judged?.plan ?? null;
    if (what === "report" && failure === null) return;
    try {
      const file =
        what === "report" && failure !== null
          ? await (await this.#backend).saveReport({ failure, plan, secrets })
          : await (await this.#backend).save(what === "report" ? "spec" : what, draft, plan);
      this.#tell({ what: "toast", toast: { text: file, tone: "good" } });
    } catch (error) {
      this.#tell({ what: "toast", toast: { text: explain(error).message, tone: "bad" } });
    }
  }
}
