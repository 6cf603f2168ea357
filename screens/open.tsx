// Opens the screen that fits the place: connects the wizard to a real terminal until the person leaves.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { render } from "ink";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import type { TerminalDescription } from "../tui/terminal/describe-terminal.ts";
import { quietConsole } from "../tui/terminal/quiet-console.ts";
import { useSurfaceOf } from "../tui/terminal/use-surface.ts";
import { enterScreen, leaveScreen } from "../tui/terminal/whole-screen.ts";
import type { Backend } from "./backend/backend.ts";
import { InstallerApp } from "./InstallerApp.tsx";
import { type Ending, Installer } from "./wizard/installer.ts";
import type { Draft, ScreenName, Wizard } from "./wizard/model.ts";
import { NEW_SPEC } from "./wizard/start.ts";

export interface OpenOptions {
  load: () => Promise<Backend>;
  /** Shown across the top of every screen; for what is not real. */
  banner: string | null;
  initial: Wizard;
  terminal: TerminalDescription;
  /** Ends the screens from outside (SIGTERM): an install that runs is stopped in good order first. */
  signal: AbortSignal;
}

/** Resolves when the person leaves the screens. */
export async function openInstaller({ load, banner, initial, terminal, signal }: OpenOptions): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const installer = new Installer({
    ...{ load, initial, now: Date.now, onEnd: resolve },
  });
  const write = (text: string) => void process.stdout.write(text);
  // What libraries say to the console goes to the log where standard error is one, and never over the screen.
  const unquiet = quietConsole((message) => {
    if (process.stderr.isTTY !== true) process.stderr.write(`${message}\n`);
  });
  enterScreen(write, terminal.kind);
  const app = render(<Live installer={installer} terminal={terminal} banner={banner} />, {
    ...{ incrementalRendering: true, exitOnCtrlC: false, patchConsole: false, interactive: true },
    ...{ maxFps: 120, alternateScreen: terminal.kind === "emulator", isScreenReaderEnabled: terminal.reader },
  });
  installer.start();
  signal.addEventListener("abort", () => resolve("left"), { once: true });
  if (signal.aborted) resolve("left");
  const ending = await promise;
  await installer.stop();
  app.unmount();
  await app.waitUntilExit();
  leaveScreen(write, terminal.kind);
  unquiet();
  return ending;
}

interface LiveProps {
  installer: Installer;
  terminal: TerminalDescription;
  banner: string | null;
}

/** Follows the wizard and the terminal's size. */
function Live({ installer, terminal, banner }: LiveProps): ReactNode {
  const wizard = useSyncExternalStore(installer.subscribe, installer.snapshot);
  const surface = useSurfaceOf(terminal);
  useEffect(() => {
    const clock = setInterval(() => installer.tick(), 1000);
    return () => clearInterval(clock);
  }, [installer]);
  return <InstallerApp wizard={wizard} surface={surface} banner={banner} keyboard onIntent={installer.intend} />;
}

const STATE = "/run/multiverse/state";

/** What a person meets first; what an unfinished install or the medium's spec comes to is found out then. */
export function whereToBegin(state = STATE): { screen: ScreenName; draft: Draft } {
  const spec = join(state, "multiverse.yml");
  const journals = join(state, "journal");
  const draft: Draft = existsSync(spec) ? { name: spec, text: "", from: "medium", file: spec } : NEW_SPEC;
  const known = draft !== NEW_SPEC || (existsSync(journals) && readdirSync(journals).length > 0);
  return { screen: known ? "looking" : "language", draft };
}
