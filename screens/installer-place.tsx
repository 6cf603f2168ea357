// Opens the installer: on the rescue system for what it is, anywhere else to look at.
import { existsSync } from "node:fs";
import { renderToString } from "ink";
import { ActionableError, EXIT, type ExitCode } from "../core/errors.ts";
import { paneEnvironment } from "../tui/pty/open-pty.ts";
import { ttyPathOf } from "../tui/terminal/terminal-facts.ts";
import { makeSurface, SMALLEST, type Surface } from "../tui/theme/surface.ts";
import type { Backend } from "./backend/backend.ts";
import { InstallerApp } from "./InstallerApp.tsx";
import { SCREENS } from "./list.ts";
import { openInstaller, whereToBegin } from "./open.tsx";
import { type PlaceOptions, STATUS } from "./place.ts";
import { measure, sizeNow } from "./surface-of-terminal.ts";
import { en } from "./text/en.ts";
import { Installer } from "./wizard/installer.ts";
import type { ScreenName, Wizard } from "./wizard/model.ts";
import { NEW_SPEC, startWizard } from "./wizard/start.ts";

export async function openInstallerPlace(options: PlaceOptions): Promise<ExitCode> {
  const screen = options.screen === null ? null : screenNamed(options.screen);
  const terminal = options.once ? options.terminal : await measure(options.run, options.terminal);
  const load = () => (options.demo ? demoOne() : realOne(options));
  const banner = options.demo ? en["app.demo"] : options.machine === null ? null : en["app.recorded"];
  if (options.once) {
    process.stdout.write(
      await oneFrame({ load, banner, screen, demo: options.demo }, makeSurface({ ...terminal, ...sizeNow() })),
    );
    return EXIT.done;
  }
  await openInstaller({ load, banner, initial: await whereFrom(options, screen), terminal, signal: options.signal });
  return EXIT.done;
}

/** What the person meets first: a screen that was named, in the demo as somebody who went there would find it. */
async function whereFrom({ demo, machine }: PlaceOptions, screen: ScreenName | null): Promise<Wizard> {
  if (demo && screen !== null) return demoState(screen);
  const begin = demo || machine !== null ? { screen: "language" as const, draft: NEW_SPEC } : whereToBegin();
  // On the rescue system, where a shell is root's: elsewhere the person has one already.
  const shell = isRescue() ? { file: "/bin/bash", args: ["-l"], env: paneEnvironment(process.env) } : null;
  return startWizard({ ...begin, ...(screen === null ? {} : { screen }), shell });
}

/** Loaded only now: the first frame does not wait for what it does not show. */
async function realOne({ run, home, version, machine }: PlaceOptions): Promise<Backend> {
  const { realBackend } = await import("./backend/real.ts");
  return realBackend({ run, home, version, machine, rescue: isRescue(), tty: ttyPathOf(0) });
}

async function demoOne(): Promise<Backend> {
  const { demoBackend } = await import("./demo/backend.ts");
  return demoBackend();
}

function isRescue(): boolean {
  return existsSync("/run/multiverse/live/medium") && process.getuid?.() === 0;
}

function screenNamed(name: string): ScreenName {
  if (Object.hasOwn(SCREENS, name)) return name as ScreenName;
  throw new ActionableError({
    code: "no-such-screen",
    exit: EXIT.usage,
    message: `There is no screen \`${name}\`.`,
    evidence: [[...Object.keys(SCREENS), STATUS].join(" ")],
    hint: "multiverse --demo --screen review --once",
  });
}

/** Bold, inverse and colours (ECMA-48 8.3.117). */
const SGR = /\u001b\[[0-9;]*m/g;

interface Frame {
  load: () => Promise<Backend>;
  banner: string | null;
  screen: ScreenName | null;
  demo: boolean;
}

async function oneFrame({ load, banner, screen, demo }: Frame, surface: Surface): Promise<string> {
  const wizard = demo && screen !== null ? await demoState(screen) : await settledWizard(load, screen);
  const size = {
    columns: Math.max(SMALLEST.columns, surface.columns),
    rows: Math.max(SMALLEST.rows, surface.rows),
  };
  const frame = renderToString(
    <InstallerApp
      wizard={wizard}
      surface={{ ...surface, ...size }}
      banner={banner}
      keyboard={false}
      onIntent={() => {}}
    />,
    { columns: size.columns },
  );
  // A pipe or a file gets the words alone.
  return `${process.stdout.isTTY ? frame : frame.replaceAll(SGR, "")}\n`;
}

async function demoState(screen: ScreenName): Promise<Wizard> {
  const { demoWizard } = await import("./demo/states.ts");
  return demoWizard(screen);
}

async function settledWizard(load: () => Promise<Backend>, screen: ScreenName | null): Promise<Wizard> {
  const installer = new Installer({
    ...{ load, initial: startWizard({ draft: NEW_SPEC, screen: screen ?? "language" }), now: Date.now },
    onEnd: () => {},
  });
  installer.start();
  await installer.settled();
  const { state } = installer;
  await installer.stop();
  return state;
}
