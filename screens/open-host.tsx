// Opens the screens of an installed host on a real terminal, or draws one frame of them.
import { render, renderToString } from "ink";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import type { StatusView } from "../core/status/view.ts";
import type { TerminalDescription } from "../tui/terminal/describe-terminal.ts";
import { quietConsole } from "../tui/terminal/quiet-console.ts";
import { useSurfaceOf } from "../tui/terminal/use-surface.ts";
import { enterScreen, leaveScreen } from "../tui/terminal/whole-screen.ts";
import { makeSurface, SMALLEST, type Surface } from "../tui/theme/surface.ts";
import type { HostBackend } from "./host/backend.ts";
import { HostApp } from "./host/HostApp.tsx";
import { HostScreens } from "./host-state/host-screens.ts";
import { type HostEnding, type HostState, type Place, startHost } from "./host-state/model.ts";
import { LANGUAGES, type LanguageCode } from "./text/languages.ts";
import { translator } from "./text/translate.ts";

const CLOCK = { monotonic: () => performance.now(), wall: () => Date.now() };

const TICK_MS = 1000;

/** How long the time alone makes no frame: on a slow line, and read out, nothing that is drawn counts single seconds. */
const PACE_MS = { lively: 900, slow: 9_900 };

export interface OpenHostOptions {
  load: () => Promise<HostBackend>;
  demo: boolean;
  terminal: TerminalDescription;
  switchToLogin: () => Promise<unknown>;
  /** Ends the screens from outside (SIGTERM). */
  signal: AbortSignal;
}

/** Resolves when the person leaves the screens. */
export async function openHost(options: OpenHostOptions): Promise<HostEnding> {
  const { load, demo, terminal, switchToLogin, signal } = options;
  const { promise, resolve } = Promise.withResolvers<HostEnding>();
  const write = (text: string) => void process.stdout.write(text);
  const screens = new HostScreens({
    ...{ load, initial: begin(terminal, demo), clock: CLOCK, onEnd: resolve, switchToLogin },
    pace: terminal.animated ? PACE_MS.lively : PACE_MS.slow,
    onRedraw: () => {
      enterScreen(write, terminal.kind === "emulator" ? "vt" : terminal.kind);
      app.clear();
    },
  });
  // What libraries say to the console goes to the log where standard error is one, and never over the screen.
  const unquiet = quietConsole((message) => {
    if (process.stderr.isTTY !== true) process.stderr.write(`${message}\n`);
  });
  enterScreen(write, terminal.kind);
  const app = render(<Live screens={screens} terminal={terminal} demo={demo} />, {
    ...{ incrementalRendering: true, exitOnCtrlC: false, patchConsole: false, interactive: true },
    ...{ maxFps: 120, alternateScreen: terminal.kind === "emulator", isScreenReaderEnabled: terminal.reader },
  });
  screens.start();
  signal.addEventListener("abort", () => resolve("left"), { once: true });
  if (signal.aborted) resolve("left");
  const ending = await promise;
  screens.stop();
  app.unmount();
  await app.waitUntilExit();
  leaveScreen(write, terminal.kind);
  unquiet();
  return ending;
}

/** A console's unit says that it is one (host-screen); who starts the screens from a shell there can leave them. */
export function placeOf({ kind }: Pick<TerminalDescription, "kind">, env: NodeJS.ProcessEnv): Place {
  const ofUnit = (env.MULTIVERSE_CONSOLE ?? "") !== "";
  return ofUnit && (kind === "vt" || kind === "serial") ? kind : "remote";
}

function begin(terminal: TerminalDescription, demo: boolean): HostState {
  return startHost({
    monotonic: CLOCK.monotonic(),
    wall: CLOCK.wall(),
    language: languageOf(process.env),
    place: demo ? "remote" : placeOf(terminal, process.env),
    onHost: true,
  });
}

/** The language of the system, where the screens have it. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): LanguageCode {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || "";
  return LANGUAGES.find(({ code }) => locale.startsWith(code))?.code ?? "en";
}

function bannerOf(demo: boolean, language: LanguageCode): string | null {
  return demo ? translator(language)("app.demo") : null;
}

/** Follows what is known of the host, and the terminal's size. */
function Live({
  screens,
  terminal,
  demo,
}: {
  screens: HostScreens;
  terminal: TerminalDescription;
  demo: boolean;
}): ReactNode {
  const state = useSyncExternalStore(screens.subscribe, screens.snapshot);
  const surface = useSurfaceOf(terminal);
  useEffect(() => {
    const clock = setInterval(() => screens.tick(), TICK_MS);
    return () => clearInterval(clock);
  }, [screens]);
  const banner = bannerOf(demo, state.language);
  return (
    <HostApp state={state} surface={surface} banner={banner} keyboard onIntent={screens.intend} onKey={screens.awake} />
  );
}

/** How long one frame waits for something to show. */
const PATIENCE_MS = 3000;

export interface OneHostFrame {
  load: () => Promise<HostBackend>;
  demo: boolean;
  terminal: TerminalDescription;
  surface: Surface;
}

/** One frame as soon as anything has been heard of the host, or nothing came for some seconds. */
export async function oneHostFrame({ load, demo, terminal, surface }: OneHostFrame): Promise<string> {
  const size = { columns: Math.max(SMALLEST.columns, surface.columns), rows: Math.max(SMALLEST.rows, surface.rows) };
  const first = await firstView(await load());
  const known = { ...begin(terminal, demo), monotonic: CLOCK.monotonic(), wall: CLOCK.wall() };
  const state =
    first === null ? known : { ...known, view: first, lostAt: first.state === "connected" ? null : known.lostAt };
  return renderToString(
    <HostApp
      state={state}
      surface={makeSurface({ ...surface, ...size })}
      banner={bannerOf(demo, state.language)}
      keyboard={false}
      onIntent={() => {}}
    />,
    { columns: size.columns },
  );
}

async function firstView(backend: HostBackend): Promise<StatusView | null> {
  const { promise, resolve } = Promise.withResolvers<StatusView | null>();
  const patience = setTimeout(() => resolve(null), PATIENCE_MS);
  const stop = backend.follow((view) => {
    if (view.state === "connected" || view.why !== null) resolve(view);
  });
  const view = await promise;
  clearTimeout(patience);
  stop();
  return view;
}
