// Carries out what a person wants of a host: asks the backend, and tells the reducer what came of it.
import type { StatusView } from "../../core/status/view.ts";
import type { HostBackend } from "../host/backend.ts";
import type { HostIntent } from "./intent.ts";
import { judgeCommand } from "./judge-command.ts";
import { type Command, type HostEnding, type HostState, isUnlocked, pageOf, type Toast } from "./model.ts";
import { type Happening, reduce } from "./reduce.ts";
import { whatMatters } from "./what-matters.ts";

export interface HostScreensOptions {
  /** Loaded after the first frame, which does not wait for it. */
  load: () => Promise<HostBackend>;
  initial: HostState;
  clock: { monotonic(): number; wall(): number };
  /** Milliseconds without a key after which an unlocked seat is locked. */
  idle?: number;
  /** Milliseconds between frames in which nothing but the time is new; default at each tick. */
  pace?: number;
  onEnd: (ending: HostEnding) => void;
  /** Switches to the virtual terminal that has a login; only where the place is one. */
  switchToLogin?: () => Promise<unknown>;
  /** The terminal is drawn anew: somebody else has written on it. */
  onRedraw?: () => void;
}

/** Ten minutes. */
const IDLE_MS = 600_000;

/** News are drawn at most so often; a tick comes at least as often. */
const REST_MS = 900;

/** Without a key for so long nobody watches figures run: they are drawn every few seconds, what matters at once. */
const CALM_AFTER_MS = 30_000;
const CALM_MS = 10_000;

export class HostScreens {
  readonly #options: HostScreensOptions;
  readonly #listeners = new Set<() => void>();
  #backend: Promise<HostBackend> | null = null;
  #state: HostState;
  #work: Promise<void> = Promise.resolve();
  #unfollow: () => void = () => {};
  #ended = false;
  /** Heard, and not drawn yet. */
  #news: StatusView | null = null;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #keyAt: number;
  #locking = false;

  constructor(options: HostScreensOptions) {
    this.#options = options;
    this.#state = options.initial;
    this.#keyAt = options.clock.monotonic();
  }

  get state(): HostState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  snapshot = (): HostState => this.#state;

  start(): void {
    this.#then(async (backend) => {
      if (!this.#ended) this.#unfollow = backend.follow((view) => this.#hear(view));
    });
  }

  stop(): void {
    this.#ended = true;
    this.#unfollow();
  }

  /** Resolves when everything that was wanted so far is done or refused. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** A key was pressed, whatever it means: somebody is there. */
  awake = (): void => {
    this.#keyAt = this.#options.clock.monotonic();
  };

  /** Once a second. What was heard since is drawn; where nothing was, only the time goes on. */
  tick(): void {
    const { monotonic, wall } = this.#now();
    if (isUnlocked(this.#state) && monotonic - this.#keyAt >= (this.#options.idle ?? IDLE_MS))
      this.#lock("host.toast.idle");
    if (pageOf(this.#state).name === "unlock") this.#readCode();
    const news = this.#news;
    const waited = monotonic - this.#drawnAt;
    const calm = monotonic - this.#keyAt >= CALM_AFTER_MS;
    if (calm && waited < CALM_MS && (news === null || !this.#matters(news))) return;
    this.#news = null;
    if (news !== null) this.#tell({ what: "view", view: news, monotonic, wall });
    else if (waited >= (this.#options.pace ?? 0)) this.#tell({ what: "tick", monotonic, wall });
    else return;
    this.#drawnAt = monotonic;
  }

  intend = (intent: HostIntent): void => {
    switch (intent.want) {
      case "command":
        this.#command({ op: intent.op, args: intent.args });
        break;
      case "confirmed": {
        const page = pageOf(this.#state);
        if (page.name === "confirm") this.#command(page.command, true);
        break;
      }
      case "open":
        this.#tell({ what: "open", page: intent.page });
        break;
      case "back":
        this.#tell({ what: "back" });
        break;
      case "panel":
        this.#tell({ what: "panel", panel: intent.panel });
        break;
      case "choose":
        this.#tell({ what: "choose", controller: intent.controller });
        break;
      case "scroll":
        this.#tell({ what: "scroll", panel: intent.panel, top: intent.top });
        break;
      case "unlock":
        this.#unlock();
        break;
      case "lock":
        if (isUnlocked(this.#state)) this.#lock("host.toast.locked");
        else this.#say("host.toast.is-locked", "warning");
        break;
      case "addresses":
        if (isUnlocked(this.#state)) this.#say("host.toast.shown", "good");
        else this.#unlock();
        break;
      case "redraw":
        this.#options.onRedraw?.();
        break;
      case "login":
        this.#login();
        break;
      case "leave":
        this.#options.onEnd("left");
        break;
      default:
        intent satisfies never;
    }
  };

  #now(): { monotonic: number; wall: number } {
    const { clock } = this.#options;
    return { monotonic: clock.monotonic(), wall: clock.wall() };
  }

  /** At once where nothing was drawn for a while, or where it matters; else with the next tick. */
  #hear(view: StatusView): void {
    if (this.#ended) return;
    const { monotonic, wall } = this.#now();
    const calm = monotonic - this.#keyAt >= CALM_AFTER_MS;
    if (monotonic - this.#drawnAt < (calm ? CALM_MS : REST_MS) && !this.#matters(view)) {
      this.#news = view;
      return;
    }
    this.#news = null;
    this.#drawnAt = monotonic;
    this.#tell({ what: "view", view, monotonic, wall });
  }

  /** Whether anything but figures is new to what is drawn. */
  #matters(view: StatusView): boolean {
    return whatMatters(view) !== whatMatters(this.#state.view);
  }

  #tell(happening: Happening): void {
    this.#state = reduce(this.#state, happening);
    for (const listener of this.#listeners) listener();
  }

  #say(key: Toast["key"], tone: Toast["tone"], values: Toast["values"] = {}): void {
    this.#tell({ what: "toast", toast: { key, values, tone } });
  }

  #then(work: (backend: HostBackend) => Promise<void>): void {
    this.#backend ??= this.#options.load();
    const loaded = this.#backend;
    // Side by side: locking must not wait for a command that hangs.
    const mine = loaded
      .then(work)
      .catch((error: unknown) =>
        this.#say("host.toast.error", "bad", { text: error instanceof Error ? error.message : String(error) }),
      );
    this.#work = Promise.all([this.#work, mine]).then(() => {});
  }

  #command(command: Command, confirmed = false): void {
    const verdict = judgeCommand(this.#state, command, confirmed);
    switch (verdict.go) {
      case "refuse":
        this.#tell({ what: "toast", toast: verdict.toast });
        break;
      case "confirm":
        this.#tell({ what: "open", page: { name: "confirm", command, type: verdict.type } });
        break;
      case "sign":
        // Typing the name has done its part: Esc does not lead back to it.
        if (confirmed) this.#tell({ what: "back" });
        this.#then(async (backend) => {
          const line = backend.line(command.op, command.args);
          this.#tell({ what: "open", page: { name: "signature", command, line } });
        });
        break;
      case "send":
        this.#tell({ what: "sending", command });
        this.#then((backend) => this.#send(backend, command));
        break;
      default:
        verdict satisfies never;
    }
  }

  async #send(backend: HostBackend, { op, args }: Command): Promise<void> {
    try {
      this.#tell({ what: "outcome", outcome: await backend.command(op, args) });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#tell({ what: "outcome", outcome: { state: "failed", text } });
    }
  }

  #login(): void {
    switch (this.#state.place) {
      case "vt":
        this.#switch();
        break;
      case "serial":
        this.#options.onEnd("login");
        break;
      case "remote":
        this.#tell({ what: "open", page: { name: "read", what: "shell" } });
        break;
      default:
        this.#state.place satisfies never;
    }
  }

  #switch(): void {
    const { switchToLogin = () => Promise.reject(new Error("chvt")) } = this.#options;
    this.#work = Promise.all([this.#work, switchToLogin()])
      .then(() => {})
      .catch((error: unknown) =>
        this.#say("host.toast.no-switch", "warning", { text: error instanceof Error ? error.message : String(error) }),
      );
  }

  #unlock(): void {
    if (isUnlocked(this.#state)) {
      this.#say("host.toast.is-unlocked", "good");
      return;
    }
    this.#tell({ what: "open", page: { name: "unlock", code: { state: "asking" } } });
    this.#readCode();
  }

  /** The daemon has another code after ten minutes and after wrong ones: what is shown must be the one that counts. */
  #readCode(): void {
    this.#then(async (backend) => {
      const code = await backend.seatCode();
      const page = pageOf(this.#state);
      if (page.name !== "unlock") return;
      const shown = page.code.state === "known" ? page.code.code : page.code.state;
      if (shown === (code ?? "none")) return;
      this.#tell({
        what: "code",
        code: code === null ? { state: "none" } : { state: "known", code, line: backend.line("seat.grant", { code }) },
      });
    });
  }

  #lock(key: Toast["key"]): void {
    if (this.#locking) return;
    this.#locking = true;
    this.#then(async (backend) => {
      try {
        await backend.lock();
        this.#say(key, "good");
      } finally {
        this.#locking = false;
      }
    });
  }
}
