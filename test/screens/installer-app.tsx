// The installer's screens on a terminal without a window, with the wizard behind them that real ones have.
import { type ReactNode, useSyncExternalStore } from "react";
import type { Backend } from "../../screens/backend/backend.ts";
import { demoBackend } from "../../screens/demo/backend.ts";
import type { DemoState, Typed } from "../../screens/demo/states/state.ts";
import { InstallerApp } from "../../screens/InstallerApp.tsx";
import { type Ending, Installer } from "../../screens/wizard/installer.ts";
import type { Intent } from "../../screens/wizard/intent.ts";
import type { Wizard } from "../../screens/wizard/model.ts";
import { useSurfaceOf } from "../../tui/terminal/use-surface.ts";
import type { SurfaceOptions } from "../../tui/theme/surface.ts";
import { type RenderedApp, renderApp } from "./terminal.tsx";

export interface OpenedInstaller {
  app: RenderedApp;
  wizard(): Wizard;
  /** What the screens wanted, the oldest first. */
  intents: Intent[];
  /** How the screens were left; empty while they are open. */
  endings: Ending[];
  /** Types, and waits until what follows from it is drawn. */
  keys(typed: readonly Typed[]): Promise<void>;
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenInstallerOptions extends Partial<SurfaceOptions> {
  backend?: Backend;
  banner?: string | null;
}

/** Nothing leaves this machine, and no time passes. */
export function offlineBackend(state: DemoState): Backend {
  return demoBackend({
    ...(state.wizard.inventory === null ? {} : { machine: state.wizard.inventory }),
    wait: async (_ms, signal) => signal.throwIfAborted(),
    instead: {
      fetchSpec: async (address) => ({ name: address, text: "version: 1\n", from: "address", file: null }),
    },
  });
}

const NOW = 1_767_225_600_000;

export async function openInstallerAt(state: DemoState, options: OpenInstallerOptions = {}): Promise<OpenedInstaller> {
  const { backend = offlineBackend(state), banner = null, ...surface } = options;
  const intents: Intent[] = [];
  const endings: Ending[] = [];
  const installer = new Installer({
    ...{ load: async () => backend, initial: state.wizard, now: () => NOW },
    onEnd: (ending) => void endings.push(ending),
  });
  const intend = (intent: Intent) => {
    intents.push(intent);
    installer.intend(intent);
  };
  const app = await renderApp(<Live installer={installer} description={surface} banner={banner} onIntent={intend} />, {
    ...surface,
    bare: true,
  });
  const settle = async () => {
    await app.settle();
    await installer.settled();
    await app.settle();
  };
  const keys = async (typed: readonly Typed[]) => {
    for (const each of typed) {
      if ("press" in each) await app.press(each.press);
      else if ("ctrl" in each) await app.press(`ctrl-${each.ctrl}`);
      else await app.type(each.type);
    }
    await settle();
  };
  await settle();
  await keys(state.keys);
  const close = async () => {
    void installer.stop();
    await app.unmount();
  };
  return { app, wizard: () => installer.state, intents, endings, keys, settle, close };
}

interface LiveProps {
  installer: Installer;
  description: Partial<SurfaceOptions>;
  banner: string | null;
  onIntent: (intent: Intent) => void;
}

function Live({ installer, description, banner, onIntent }: LiveProps): ReactNode {
  const wizard = useSyncExternalStore(installer.subscribe, installer.snapshot);
  const surface = useSurfaceOf(description);
  return <InstallerApp wizard={wizard} surface={surface} banner={banner} keyboard onIntent={onIntent} />;
}
