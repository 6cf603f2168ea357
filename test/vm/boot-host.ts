// Boots an installed disk through firmware and rEFInd, keeping pictures, and logs in on the serial line.
import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { uefiFirmware } from "../../core/vm/firmware.ts";
import { becomeRoot, type GuestShell, logIn, openGuestShell } from "../../core/vm/guest-shell.ts";
import type { Machine } from "../../core/vm/machine.ts";
import type { VmAdapter, VmDisk, VmForward } from "../../core/vm/machine-options.ts";
import { serialScreen } from "./console-screen.ts";
import { chooseShell, MENU_KEY } from "./host-screen.ts";
import type { HostSecrets } from "./host-secrets.ts";
import { TARGET_SERIAL } from "./host-spec.ts";
import { targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface BootedHost {
  machine: Machine;
  shell: GuestShell;
}

export interface BootOptions {
  name: string;
  disk: string;
  nvram: string;
  secrets: HostSecrets;
  /** Who logs in and becomes root with sudo; default root itself. */
  user?: { name: string; password: string };
  /** Serial number of the disk; default the usual target's. */
  serial?: string;
  /** Besides the one that every host has. */
  adapters?: readonly VmAdapter[];
  /** A way in from this computer. */
  forward?: VmForward;
  /** The folder of its TPM's memory; none where it is left out. */
  tpm?: string;
  /** What must be done between the kernel's start and the login prompt: a passphrase typed. */
  unlock?: (machine: Machine) => Promise<void>;
}

/** What a boot that has failed says; waiting on is no use then. */
export const BOOT_FAILED = /Kernel panic|\(initramfs\) |emergency mode|You are in rescue mode/;

/** Starts the machine and gives it back before anything has booted. */
export async function startHost(context: Context, options: BootOptions): Promise<Machine> {
  const disk: VmDisk = targetDisk(options.disk, options.serial ?? TARGET_SERIAL);
  const firmware = await uefiFirmware(options.nvram);
  const { name, adapters = [], forward, tpm } = options;
  const more = {
    ...(forward === undefined ? {} : { forward }),
    ...(tpm === undefined ? {} : { tpm: { state: tpm } }),
  };
  return context.machine({ name, firmware, network: "isolated", disks: [disk], adapters, ...more });
}

/** One boot of a running machine, from firmware to a root shell. */
export async function followBoot(context: Context, machine: Machine, options: BootOptions): Promise<GuestShell> {
  return context.timed(`${options.name}: from firmware to a login`, async () => {
    const { serial } = machine;
    const deadlineMs = DEADLINE.boot;
    await serial.waitFor(/BdsDxe: starting Boot/, { deadlineMs, what: "the firmware to start a loader" });
    const menu = keepMenuPicture(machine);
    // The kernel itself is told to be quiet: rEFInd's last words are the mark.
    await serial.waitFor(/Starting vmlinuz/, { deadlineMs, what: "the kernel", unless: /BdsDxe: No bootable option/ });
    const menuBytes = await menu.stop();
    context.check(`${options.name}: rEFInd showed a menu (${menu.path})`, menuBytes > MENU_BYTES, `${menuBytes} bytes`);
    await options.unlock?.(machine);
    await reachLogin(machine);
    await machine.picture("tty1");
    const { user } = options;
    await logIn(serial, user?.name ?? "root", user?.password ?? options.secrets.rootPassword, deadlineMs);
    if (user !== undefined) await becomeRoot(serial, user.password);
    return openGuestShell(serial);
  });
}

/**
 * To the login on the serial line: it stands there where the spec has `multiverse.login=tty1`. Else the status screen
 * does, and its menu leads there.
 */
async function reachLogin(machine: Machine): Promise<void> {
  const { serial } = machine;
  // It does not answer: what is not the screen must not hear keys that nobody has pressed.
  const screen = serialScreen(machine, { answers: false });
  const first = new RegExp(` login: |${MENU_KEY.source}`);
  const wait = { deadlineMs: DEADLINE.boot, unless: BOOT_FAILED };
  const [seen] = await serial.waitFor(first, { ...wait, what: "the login prompt, or the status screen" });
  if (!seen.includes("login")) {
    await chooseShell(screen);
    await serial.waitFor(/ login: /, { ...wait, what: "the login prompt in the status screen's place" });
  }
  screen.close();
}

export async function bootHost(context: Context, options: BootOptions): Promise<BootedHost> {
  const machine = await startHost(context, options);
  return { machine, shell: await followBoot(context, machine, options) };
}

/** A screen of text or one colour compresses below this; rEFInd's menu with its icons does not. */
const MENU_BYTES = 8_000;

/** Each picture stops an emulated machine for some 50 ms. */
const PICTURE_EVERY_MS = 500;

/**
 * Takes pictures until told to stop and keeps the richest: between the firmware's last word and the kernel's first,
 * that is the menu. There is no event to wait for: rEFInd draws and says nothing on the serial line.
 */
function keepMenuPicture(machine: Machine): { path: string; stop(): Promise<number> } {
  let stopped = false;
  let best = 0;
  const path = join("machines", machine.name, "refind.png");
  const loop = async () => {
    while (!stopped) {
      const { size } = await stat(await machine.picture("refind.new"));
      if (size > best) {
        best = size;
        await rename(join(machine.folder, "refind.new.png"), join(machine.folder, "refind.png"));
      }
      await setTimeout(PICTURE_EVERY_MS);
    }
  };
  const running = loop();
  return {
    path,
    async stop() {
      stopped = true;
      await running;
      return best;
    },
  };
}

/** Switches a booted host off in good order. */
export async function shutDown(context: Context, { machine, shell }: BootedHost): Promise<void> {
  await context.timed(`${machine.name}: switched off`, async () => {
    shell.serial.send("systemctl poweroff\n");
    await machine.waitForPowerOff(DEADLINE.powerOff);
    await machine.close();
  });
}
