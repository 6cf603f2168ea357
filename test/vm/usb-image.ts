// The USB image as a person uses it: firmware starts the stick, it installs by the spec on it, then the disk boots.
import { constants, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ActionableError } from "../../core/errors.ts";
import { createDisk, putFile } from "../../core/vm/disk-image.ts";
import { uefiFirmware } from "../../core/vm/firmware.ts";
import type { Machine } from "../../core/vm/machine.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { serialScreen } from "./console-screen.ts";
import { checkHost } from "./host-checks.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec, TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const Table = z.object({
  partitiontable: z.object({
    sectorsize: z.number(),
    partitions: z.array(z.object({ name: z.string().optional(), start: z.number() })),
  }),
});

export const scenario: Scenario = {
  name: "usb-image",
  title: "starts the USB image by firmware; it installs unattended by its own multiverse.yml, and the disk boots",
  ci: true,
  needs: ["live", "usb"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const disk = join(context.work, "target.qcow2");
    const nvram = join(context.work, "nvram.fd");
    await createDisk(run, disk, TARGET_BYTES);
    const stick = await makeStick(context, hostSpec(secrets, { unlock: "none", disk: TARGET_ID, unattended: true }));
    const machine = await context.machine({
      name: "stick",
      firmware: await uefiFirmware(nvram),
      network: "isolated",
      // The machine ends where it would start again: pulling the stick then is starting the next one without it.
      onReboot: "exit",
      disks: [
        { id: "stick", file: stick, format: "raw", bus: "usb", serial: "MVSTICK01" },
        targetDisk(disk, TARGET_SERIAL),
      ],
    });
    await context.timed("the stick starts, installs and restarts the machine", async () => {
      const { serial } = machine;
      await serial.waitFor(/BdsDxe: starting Boot/, {
        deadlineMs: DEADLINE.boot,
        what: "the firmware to start the stick",
      });
      const shown = pictureOnce(machine, /step 10 of/);
      // Screens tell in their own way how it goes; that the machine restarts by itself, they cannot change.
      context.same("it ended by restarting", await endOf(machine), "guest-reset");
      context.check("its consoles showed the install", await shown());
    });
    await machine.close();
    const booted = await bootHost(context, { name: "host", disk, nvram, secrets });
    await checkHost(context, booted.shell, { secrets, encryption: "none" });
    await shutDown(context, booted);
  },
};

/**
 * Takes a picture of the screen when the serial terminal shows the pattern; tells whether it came. Read from a terminal's
 * cells: of a row that changes, the program sends only what is new.
 */
function pictureOnce(machine: Machine, pattern: RegExp): () => Promise<boolean> {
  const screen = serialScreen(machine);
  let taken: Promise<string> | null = null;
  const look = async () => {
    const rows = await screen.read();
    if (taken === null && pattern.test(rows.join("\n"))) taken = machine.picture("installing");
  };
  const stop = machine.serial.watch(() => void look());
  return async () => {
    stop();
    await taken;
    return taken !== null;
  };
}

/** Why the machine ended, in QEMU's word. Throws where its console first says that there will be no end. */
async function endOf(machine: Machine): Promise<string> {
  const reason = machine.qmp.takeEvent("SHUTDOWN").then(({ data }) => String(data.reason));
  const wait = { deadlineMs: DEADLINE.install, what: "the unattended install to end" };
  const hopeless = machine.serial.waitFor(/multiverse: [A-Z]|Kernel panic|\(initramfs\) /, wait).then(
    ([words]) => Promise.reject(new Error(`the stick's console says: ${words}`)),
    // the line closes with the machine
    (error: unknown) =>
      error instanceof ActionableError && error.code === "vm-serial-closed" ? reason : Promise.reject(error),
  );
  const first = await Promise.race([reason, hopeless]);
  await machine.waitForPowerOff(DEADLINE.powerOff);
  return first;
}

/** A copy of the image with the spec on its MULTIVERSE partition. */
async function makeStick(context: Context, spec: string): Promise<string> {
  const { run } = context.tools;
  const stick = join(context.work, "stick.img");
  await copyFile(context.images.usb, stick, constants.COPYFILE_FICLONE);
  const table = Table.parse(JSON.parse((await run(["sfdisk", "-J", stick])).stdout)).partitiontable;
  const state = table.partitions.find((partition) => partition.name === "multiverse-state");
  if (state === undefined) throw new Error("the USB image has no partition multiverse-state");
  await putFile(run, `${stick}@@${state.start * table.sectorsize}`, "multiverse.yml", spec);
  return stick;
}
