// The screens of a host on a terminal without a window, behind the state and the demo's host that real ones have.
import { type ReactNode, useSyncExternalStore } from "react";
import { demoHost } from "../../screens/demo/host/backend.ts";
import type { HostDemoState } from "../../screens/demo/host/states.ts";
import type { Typed } from "../../screens/demo/states/state.ts";
import type { HostBackend } from "../../screens/host/backend.ts";
import { HostApp } from "../../screens/host/HostApp.tsx";
import { HostScreens } from "../../screens/host-state/host-screens.ts";
import type { HostIntent } from "../../screens/host-state/intent.ts";
import type { HostState } from "../../screens/host-state/model.ts";
import { useSurfaceOf } from "../../tui/terminal/use-surface.ts";
import type { SurfaceOptions } from "../../tui/theme/surface.ts";
import { type RenderedApp, renderApp } from "./terminal.tsx";

export interface OpenedHost {
  app: RenderedApp;
  screens: HostScreens;
  state(): HostState;
  /** What the screens wanted, the oldest first. */
  intents: HostIntent[];
  keys(typed: readonly Typed[]): Promise<void>;
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenHostOptions extends Partial<SurfaceOptions> {
  banner?: string | null;
  instead?: Partial<HostBackend>;
  /** Filled with how the screens ended, and "switched" where they went to another virtual terminal. */
  done?: string[];
}

/** No time passes, and nothing of the host changes but by commands. */
export async function openHostAt(demo: HostDemoState, options: OpenHostOptions = {}): Promise<OpenedHost> {
  const { banner = null, instead = {}, done = [], ...surface } = options;
  const clock = { monotonic: () => demo.host.monotonic, wall: () => demo.host.wall };
  const backend = demoHost({ view: demo.host.view, clock, every: null, wait: async () => {} });
  const intents: HostIntent[] = [];
  const screens = new HostScreens({
    ...{ load: async () => ({ ...backend, ...instead }), initial: demo.host, clock },
    onEnd: (ending) => void done.push(ending),
    switchToLogin: async () => void done.push("switched"),
  });
  const intend = (intent: HostIntent) => {
    intents.push(intent);
    screens.intend(intent);
  };
  const node = <Live screens={screens} description={surface} banner={banner} onIntent={intend} />;
  const app = await renderApp(node, { ...surface, bare: true });
  screens.start();
  const settle = async () => {
    await app.settle();
    await screens.settled();
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
  await keys(demo.keys);
  const close = async () => {
    screens.stop();
    await app.unmount();
  };
  return { app, screens, state: () => screens.state, intents, keys, settle, close };
}

interface LiveProps {
  screens: HostScreens;
  description: Partial<SurfaceOptions>;
  banner: string | null;
  onIntent: (intent: HostIntent) => void;
}

function Live({ screens, description, banner, onIntent }: LiveProps): ReactNode {
  const state = useSyncExternalStore(screens.subscribe, screens.snapshot);
  const surface = useSurfaceOf(description);
  return <HostApp state={state} surface={surface} banner={banner} keyboard onIntent={onIntent} onKey={screens.awake} />;
}
