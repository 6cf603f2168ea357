// Times a boot with the g3 hook against one by stock zfs-initramfs, on the same installed disk.
import { type GuestShell, logIn, openGuestShell } from "../../core/vm/guest-shell.ts";
import { BOOT_FAILED, shutDown, startHost } from "./boot-host.ts";
import { EXPECTED } from "./host-spec.ts";
import type { InstalledHost } from "./installed-host.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface BootTimes {
  /** Milliseconds from the loader's start of the kernel to the login prompt. */
  hook: number[];
  stock: number[];
  /** Milliseconds from power-on to the login prompt, firmware and menu included. */
  firmwareToLogin: number;
}

type Kind = "hook" | "stock";

/** In turn, so that a machine that gets slower or faster counts for both; the first one only warms up. */
const ORDER: readonly Kind[] = ["hook", "stock", "hook", "hook", "stock", "stock", "hook"];
const OS = `${EXPECTED.system}/os`;

export async function measureBoots(context: Context): Promise<BootTimes> {
  const host = await context.installedHost("zfs-plain");
  const times: BootTimes = { hook: [], stock: [], firmwareToLogin: 0 };
  for (const [index, kind] of ORDER.entries()) {
    const { shell, machine, fromPower, fromKernel } = await timeBoot(context, host, `boot-${index}-${kind}`);
    const root = await shell.output("findmnt -no SOURCE /");
    if (root.trim() !== `${EXPECTED.pool}/${OS}/g3`) throw new Error(`the bench booted ${root}`);
    if (index === 0) times.firmwareToLogin = fromPower;
    else times[kind].push(fromKernel);
    context.log(`${kind}: ${(fromKernel / 1000).toFixed(1)} s`);
    const next = ORDER[index + 1];
    if (next !== undefined) await chooseNext(shell, next);
    await shutDown(context, { machine, shell });
  }
  return times;
}

async function timeBoot(context: Context, host: InstalledHost, name: string) {
  const power = performance.now();
  const machine = await startHost(context, { name, ...host });
  const wait = { deadlineMs: DEADLINE.boot, unless: BOOT_FAILED };
  await machine.serial.waitFor(/Starting vmlinuz/, { ...wait, what: "rEFInd to start the kernel" });
  const kernel = performance.now();
  await machine.serial.waitFor(/ login: /, { ...wait, what: "the login prompt" });
  const [fromPower, fromKernel] = [performance.now() - power, performance.now() - kernel];
  await logIn(machine.serial, "root", host.secrets.rootPassword, DEADLINE.boot);
  return { machine, shell: await openGuestShell(machine.serial), fromPower, fromKernel };
}

/** Writes what the next boot is to use into the menu on the EFI partition. */
async function chooseNext(shell: GuestShell, next: Kind): Promise<void> {
  const [boot, release] = next === "hook" ? ["multiverse", "g2@auto"] : ["zfs", "g3"];
  const edit = `s#boot=[a-z]* root=ZFS=\\([0-9]*\\)/${OS}/[^ ]*#boot=${boot} root=ZFS=\\1/${OS}/${release}#`;
  await shell.output(`sed -i '${edit}' /boot/efi/EFI/refind/multiverse.conf /boot/efi/EFI/BOOT/multiverse.conf; sync`);
}
