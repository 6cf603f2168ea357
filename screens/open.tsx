// Opens the screen that fits the place: connects the wizard to a real terminal until the person leaves.
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { render } from "ink";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { makeSurface, type Surface } from "../tui/theme/surface.ts";
import type { Backend } from "./backend/backend.ts";
import { InstallerApp } from "./InstallerApp.tsx";
import { type Ending, Installer } from "./wizard/installer.ts";
import type { Draft, ScreenName } from "./wizard/model.ts";
import { NEW_SPEC, startWizard } from "./wizard/start.ts";

export interface OpenOptions {
  backend: Backend;
  screen: ScreenName;
  draft: Draft;
  surface: Surface;
}

/** Resolves when the person leaves the screens. */
export async function openInstaller({ backend, screen, draft, surface }: OpenOptions): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const installer = new Installer({
    ...{ backend, initial: startWizard({ draft, screen }), now: Date.now },
    onEnd: resolve,
  });
  // Consoles before kernel 6.18.20 ignore the alternate screen: what the boot wrote would stand between our lines.
  process.stdout.write("\u001b[2J\u001b[H");
  const app = render(<Live installer={installer} surface={surface} banner={backend.banner} />, {
    ...{ incrementalRendering: true, exitOnCtrlC: false, patchConsole: false, interactive: true },
    maxFps: 30,
  });
  installer.start();
  const ending = await promise;
  installer.stop();
  app.unmount();
  await app.waitUntilExit();
  process.stdout.write("\u001b[2J\u001b[H\u001b[?25h");
  return ending;
}

/** Follows the wizard and the terminal's size. */
function Live({
  installer,
  surface,
  banner,
}: {
  installer: Installer;
  surface: Surface;
  banner: string | null;
}): ReactNode {
  const wizard = useSyncExternalStore(installer.subscribe, installer.snapshot);
  const [size, setSize] = useState({ columns: surface.columns, rows: surface.rows });
  useEffect(() => {
    const onResize = () => setSize({ columns: process.stdout.columns, rows: process.stdout.rows });
    process.stdout.on("resize", onResize);
    const clock = setInterval(() => installer.tick(), 1000);
    return () => {
      process.stdout.off("resize", onResize);
      clearInterval(clock);
    };
  }, [installer]);
  return (
    <InstallerApp
      wizard={wizard}
      surface={makeSurface({ ...surface, ...size })}
      banner={banner}
      keyboard
      onIntent={installer.intend}
    />
  );
}

const STATE = "/run/multiverse/state";

/** What a person meets first: an unfinished install, the spec of the medium, or the first question. */
export function whereToBegin(state = STATE): { screen: ScreenName; draft: Draft } {
  const spec = join(state, "multiverse.yml");
  const journals = join(state, "journal");
  if (existsSync(journals) && readdirSync(journals).length > 0) return { screen: "unfinished", draft: NEW_SPEC };
  if (existsSync(spec)) return { screen: "looking", draft: { name: spec, text: "", from: "medium", file: spec } };
  return { screen: "language", draft: NEW_SPEC };
}

/** The terminal's device, or null where there is none. */
export function ttyPath(): string | null {
  try {
    const path = readlinkSync("/proc/self/fd/0");
    return path.startsWith("/dev/") ? path : null;
  } catch {
    return null;
  }
}
