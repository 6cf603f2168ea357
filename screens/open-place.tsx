// Decides what is opened where: the installer on the rescue system, the same screens to look at anywhere else.
import { renderToString } from "ink";
import { ActionableError, EXIT, type ExitCode } from "../core/errors.ts";
import type { Run } from "../core/tools/run.ts";
import type { TerminalDescription } from "../tui/terminal/describe-terminal.ts";
import { ttyPathOf } from "../tui/terminal/terminal-facts.ts";
import { makeSurface, SMALLEST, type Surface } from "../tui/theme/surface.ts";
import type { Backend } from "./backend/backend.ts";
import { demoBackend } from "./demo/backend.ts";
import { demoWizard } from "./demo/states.ts";
import { InstallerApp } from "./InstallerApp.tsx";
import { SCREENS } from "./list.ts";
import { openInstaller, whereToBegin } from "./open.tsx";
import { measure, sizeNow } from "./surface-of-terminal.ts";
import { en } from "./text/en.ts";
import { Installer } from "./wizard/installer.ts";
import type { ScreenName } from "./wizard/model.ts";
import { NEW_SPEC, startWizard } from "./wizard/start.ts";

export interface PlaceOptions {
  run: Run;
  home: string;
  version: string;
  screen: string | null;
  machine: string | null;
  once: boolean;
  demo: boolean;
  terminal: TerminalDescription;
}

export async function openPlace(options: PlaceOptions): Promise<ExitCode> {
  const screen = options.screen === null ? null : screenNamed(options.screen);
  const terminal = options.once ? options.terminal : await measure(options.run, options.terminal);
  const backend = options.demo ? demoBackend(en["app.demo"]) : await realOne(options);
  if (options.once) {
    process.stdout.write(await oneFrame(backend, screen, makeSurface({ ...terminal, ...sizeNow() }), options.demo));
    return EXIT.done;
  }
  const begin =
    options.demo || options.machine !== null ? { screen: "language" as const, draft: NEW_SPEC } : whereToBegin();
  await openInstaller({ backend, ...begin, ...(screen === null ? {} : { screen }), terminal });
  return EXIT.done;
}

/** Loaded only now: the first frame of the demo does not wait for what it does not use. */
async function realOne({ run, home, version, machine }: PlaceOptions): Promise<Backend> {
  const { realBackend } = await import("./backend/real.ts");
  return realBackend({
    run,
    home,
    version,
    machine,
    banner: machine === null ? null : en["app.recorded"],
    tty: ttyPathOf(0),
  });
}

function screenNamed(name: string): ScreenName {
  if (Object.hasOwn(SCREENS, name)) return name as ScreenName;
  throw new ActionableError({
    code: "no-such-screen",
    exit: EXIT.usage,
    message: `There is no screen \`${name}\`.`,
    evidence: [Object.keys(SCREENS).join(" ")],
    hint: "multiverse --demo --screen review --once",
  });
}

async function oneFrame(backend: Backend, screen: ScreenName | null, surface: Surface, demo: boolean): Promise<string> {
  const wizard = demo && screen !== null ? await demoWizard(screen) : await settledWizard(backend, screen);
  const size = {
    columns: Math.max(SMALLEST.columns, surface.columns),
    rows: Math.max(SMALLEST.rows, surface.rows),
  };
  const frame = renderToString(
    <InstallerApp
      wizard={wizard}
      surface={{ ...surface, ...size }}
      banner={backend.banner}
      keyboard={false}
      onIntent={() => {}}
    />,
    { columns: size.columns },
  );
  return `${frame}\n`;
}

async function settledWizard(backend: Backend, screen: ScreenName | null) {
  const installer = new Installer({
    ...{ backend, initial: startWizard({ draft: NEW_SPEC, screen: screen ?? "language" }), now: Date.now },
    onEnd: () => {},
  });
  installer.start();
  await installer.settled();
  const { state } = installer;
  installer.stop();
  return state;
}
