// Decides what is opened where: the installer on the rescue system, the status on an installed host, either of them to look at anywhere else.
import { readFileSync } from "node:fs";
import { EXIT, type ExitCode } from "../core/errors.ts";
import type { TerminalDescription } from "../tui/terminal/describe-terminal.ts";
import { makeSurface } from "../tui/theme/surface.ts";
import type { HostBackend } from "./host/backend.ts";
import { type PlaceOptions, STATUS } from "./place.ts";
import { measure, sizeNow } from "./surface-of-terminal.ts";

/** Each of the two is loaded only where it is shown: the first frame does not wait for what it does not draw. */
export async function openPlace(options: PlaceOptions): Promise<ExitCode> {
  const { screen, demo, machine } = options;
  if (screen === STATUS || (screen === null && !demo && machine === null && isHost())) return openStatus(options);
  const { openInstallerPlace } = await import("./installer-place.tsx");
  return openInstallerPlace(options);
}

async function openStatus({ run, once, demo, daemon, terminal: described, signal }: PlaceOptions): Promise<ExitCode> {
  const terminal = once ? described : await measure(run, described);
  const { oneHostFrame, openHost } = await import("./open-host.tsx");
  const load = () => (demo ? demoHostBackend() : realHostBackend(terminal, daemon));
  if (once) {
    const frame = await oneHostFrame({ load, demo, terminal, surface: makeSurface({ ...terminal, ...sizeNow() }) });
    process.stdout.write(`${process.stdout.isTTY ? frame : frame.replaceAll(SGR, "")}\n`);
    return EXIT.done;
  }
  const switchToLogin = () => run(CHVT, { timeoutMs: CHVT_MS });
  const ending = await openHost({ load, demo, terminal, switchToLogin, signal });
  return ending === "login" ? EXIT.loginWanted : EXIT.done;
}

/**
 * The second console, where systemd-logind starts a login as soon as it is looked at. No rights are needed: whoever has
 * a virtual terminal as its controlling one may switch to another (VT_ACTIVATE in the kernel's vt_ioctl.c).
 */
const CHVT = ["chvt", "2"] as const;
const CHVT_MS = 10_000;

/** Bold, inverse and colours (ECMA-48 8.3.117): a pipe or a file gets the words alone. */
const SGR = /\u001b\[[0-9;]*m/g;

async function demoHostBackend(): Promise<HostBackend> {
  const { livingHost } = await import("./demo/host/living.ts");
  return livingHost();
}

async function realHostBackend(terminal: TerminalDescription, daemon: string): Promise<HostBackend> {
  const { realHost } = await import("./host/real-backend.ts");
  const { seatCommander } = await import("../core/control/seat-signer.ts");
  const [seat, status] = [`${daemon}/seat`, `${daemon}/status.sock`];
  const commander = seatCommander({
    ...{ folder: seat, socket: `${daemon}/control.sock`, hostKeys: "/etc/ssh/host-keys", wall: Date.now },
  });
  return realHost({ status, seat, commander, present: terminal.kind === "vt" });
}

/** An installed host starts with boot=multiverse on its kernel's command line (docs/formats/dataset-tree.md). */
function isHost(): boolean {
  return /(^|\s)boot=multiverse(\s|$)/.test(readFileSync("/proc/cmdline", "utf8"));
}
