// Carries out what the person wants: asks the backend, and tells the reducer what came of it. One thing after the other.
import type { Answer } from "../../core/spec/answers.ts";
import { showPath } from "../../core/spec/path.ts";
import type { Backend } from "../backend/backend.ts";
import { LANGUAGES } from "../text/languages.ts";
import { explain } from "./explain.ts";
import { InstallRun } from "./install-run.ts";
import type { Intent } from "./intent.ts";
import { asReport, type Draft, type Judged, type ScreenName, type Wizard } from "./model.ts";
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
  #rested: Promise<void> = Promise.resolve();
  /** Ends a rest that another one follows, or that nobody waits for any more. */
  #passed: () => void = () => {};
  #resting: NodeJS.Timeout | undefined;
  readonly #ended = new AbortController();

  constructor({ load, initial, now, onEnd }: InstallerOptions) {
    this.#load = load;
    this.#state = initial;
    this.#onEnd = onEnd;
    this.#run = new InstallRun({
      state: () => this.#state,
      tell: (happening) => this.#tell(happening),
      after: (work) => this.#then(work),
      backend: () => this.#backend,
      now,
    });
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
    else if (intent.want === "preview") this.#previewSoon(intent.disk);
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
    const judged = await this.#judge({ ...draft, text: given.text }, []);
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
        return this.#language(intent.language, intent.keyboard);
      case "answer":
        if (intent.secrets !== undefined) this.#tell({ what: "secrets", secrets: intent.secrets });
        return this.#answer(intent.answers);
      case "identity":
        return this.#identity(intent);
      case "start-from":
        return intent.spec === "new"
          ? this.#startFrom(this.#state.draft.from === "new" ? this.#state.draft : NEW_SPEC)
          : this.#startFrom(await backend.open(intent.spec));
      case "start-from-address":
        this.#tell({ what: "busy", busy: "address" });
        return this.#startFrom(await backend.fetchSpec(intent.address, this.#ended.signal));
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

  async #language(language: Wizard["language"], keyboard: string): Promise<void> {
    this.#tell({ what: "language", language });
    this.#tell({ what: "busy", busy: "keyboard" });
    const entry = LANGUAGES.find(({ code }) => code === language);
    const answers: Answer[] = [
      { path: ["host", "locale"], value: entry?.locale ?? "en_US.UTF-8" },
      { path: ["host", "keyboard"], value: keyboard },
    ];
    await this.#keep(answers);
    // A console without a keyboard of its own (a serial line) has nothing to set: said, and gone on.
    await (await this.#backend).applyKeyboard(keyboard).catch((error: unknown) => {
      this.#tell({ what: "toast", toast: { text: explain(error).message, tone: "warning" } });
    });
    this.#tell({ what: "busy", busy: null });
    this.#tell({ what: "next" });
    if (this.#state.specs === null) this.#tell({ what: "specs", specs: await (await this.#backend).specs() });
  }

  /** Writes answers into the draft before the machine is known; nothing is judged yet. */
  async #keep(answers: readonly Answer[]): Promise<void> {
    const { draft } = this.#state;
    const text = await (await this.#backend).write(draft.text, answers);
    const answered = answers.map(({ path }) => showPath(path));
    if (this.#state.inventory === null) {
      this.#tell({ what: "draft", draft: { ...draft, text }, judged: this.#state.judged, answered });
    } else await this.#judge({ ...draft, text }, answered);
  }

  /** What the chosen spec does not say, and the person has answered before, is written into it. */
  async #startFrom(chosen: Draft): Promise<void> {
    const before = this.#state.judged?.loaded?.spec.host;
    this.#tell({ what: "busy", busy: "machine" });
    const judged = await this.#judge(chosen, []);
    if (judged.loaded === null) {
      this.#tell({ what: "busy", busy: null });
      return;
    }
    const stated = judged.loaded.spec.host;
    const answers: Answer[] = [];
    if (stated?.locale === undefined && before?.locale !== undefined)
      answers.push({ path: ["host", "locale"], value: before.locale });
    if (stated?.keyboard === undefined && before?.keyboard !== undefined)
      answers.push({ path: ["host", "keyboard"], value: before.keyboard });
    if (answers.length > 0) await this.#keep(answers);
    this.#tell({ what: "busy", busy: null });
    this.#tell({ what: "next" });
  }

  async #judge(draft: Draft, answered: readonly string[]): Promise<Judged> {
    await this.#probed;
    const { inventory } = this.#state;
    if (inventory === null) throw new Error("the probe ended without an inventory");
    const judged = await (await this.#backend).judge(draft, inventory);
    this.#tell({ what: "draft", draft, judged, answered });
    const { error } = judged;
    if (error !== null && error.code !== "values-missing") this.#tell({ what: "problem", problem: asReport(error) });
    return judged;
  }

  async #answer(answers: readonly Answer[]): Promise<void> {
    this.#tell({ what: "busy", busy: "answer" });
    const { draft, judged: before } = this.#state;
    const text = await (await this.#backend).write(draft.text, answers);
    const judged = await this.#judge(
      { ...draft, text },
      answers.map(({ path }) => showPath(path)),
    );
    // An answer that the spec's rules refuse is not kept: the screen shows why, and the spec stays readable.
    if (judged.loaded === null) this.#tell({ what: "draft", draft, judged: before, answered: [] });
    if (judged.loaded === null && judged.error !== null)
      this.#tell({ what: "problem", problem: asReport(judged.error) });
    this.#tell({ what: "busy", busy: null });
    if (judged.loaded !== null) this.#tell({ what: "next" });
  }

  async #identity({ host, user, password, key, admin }: Extract<Intent, { want: "identity" }>): Promise<void> {
    this.#tell({ what: "busy", busy: "answer" });
    const answers: Answer[] = host === null ? [] : [{ path: ["host", "name"], value: host }];
    if (user !== "") {
      const account = {
        name: user,
        ...(password === "" ? {} : { password: await (await this.#backend).hashPassword(password) }),
        ...(user === "root" ? {} : { groups: ["sudo"] }),
        ...(key === "" ? {} : { "ssh-keys": [key] }),
      };
      answers.push({ path: ["users"], value: [account] });
    }
    const known = this.#state.judged?.loaded?.spec.control?.admins ?? [];
    if (admin !== (known[0]?.key ?? "")) {
      // Whoever logs in first is who commands, unless the spec has a name for it.
      const name = known[0]?.name ?? (user === "" || user === "root" ? "admin" : user);
      answers.push({
        path: ["control", "admins"],
        value: admin === "" ? [] : [{ name, key: admin }, ...known.slice(1)],
      });
    }
    await this.#answer(answers);
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
  #previewSoon(disk: string): void {
    clearTimeout(this.#resting);
    this.#passed();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#rested = promise;
    this.#passed = resolve;
    this.#resting = setTimeout(() => {
      this.#then(() => this.#preview(disk));
      resolve();
    }, REST_MS);
  }

  async #preview(disk: string): Promise<void> {
    const { draft, inventory } = this.#state;
    if (inventory === null) return;
    this.#tell({ what: "preview", preview: await (await this.#backend).preview(draft, inventory, disk) });
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
