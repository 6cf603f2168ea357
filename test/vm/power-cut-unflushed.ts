// Power cuts that lose what was written and not flushed: right after a step that the journal calls done, and in the copy.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../../core/plan/step.ts";
import type { Survives } from "../../core/vm/replay-writes.ts";
import { countWrites } from "../../core/vm/write-log.ts";
import { bootRescue, powerOff, type Rescue } from "./boot-rescue.ts";
import { bootTiny, stopTiny } from "./boot-tiny.ts";
import { endInstall, type Gate, installToGate, setUpGate } from "./gate.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { checkEsps, checkTiny, poolStates } from "./layout-checks.ts";
import { planOf } from "./layout-install.ts";
import { layoutSpec } from "./layout-spec.ts";
import { afterPowerCut, blankRaw, type LoggedDisk, loggedDisk } from "./logged-disk.ts";
import { makeStateDisk, SPEC_PATH, targetDisk } from "./rescue-machine.ts";
import type { Context, Scenario } from "./scenario.ts";

const GIB = 1024 ** 3;

/** A cache loses all that it holds, or every other write: both are what real disks do. */
const ALL: Survives = () => false;
const HALF: Survives = (index) => index % 2 === 0;

/** Where the power goes. Before the first program of a step means right after the journal has called the one before it done. */
const CUTS: readonly (Gate & { loses: Survives; words: string })[] = [
  { step: "make-esp", program: 1, loses: HALF, words: "after the partition table" },
  { step: "make-swap", program: 1, loses: ALL, words: "after the EFI file system" },
  { step: "copy-system", program: 7, loses: HALF, words: "in the copy of the program" },
  { step: "seal-recovery", program: 1, loses: ALL, words: "after the users" },
  { step: "boot-files", program: 1, loses: ALL, words: "after the host's ssh keys" },
  { step: "boot-menu", program: 1, loses: ALL, words: "after kernel and initramfs" },
  { step: "nvram", program: 1, loses: ALL, words: "after the boot menu" },
  { step: "finish", program: 1, loses: ALL, words: "after the release" },
];

export const scenario: Scenario = {
  name: "power-cut-unflushed",
  title: "power cuts that lose what was not flushed, each resumed; then it boots",
  ci: false,
  needs: ["tiny"],
  async run(context) {
    const secrets = await makeHostSecrets(context.tools.run);
    const nvram = join(context.work, "nvram.fd");
    const root = "pool: saturn, encryption: none";
    let state = await makeStateDisk(context, layoutSpec(secrets, { disks: "{system: virtio-MVONE}", root }));
    let target = await blankRaw(context, "blank", 8 * GIB);
    let plan: Plan | null = null;
    for (const [run, cut] of [...CUTS, null].entries()) {
      const disks = {
        target: await loggedDisk(context, targetDisk("", "MVONE"), target, run),
        state: await loggedDisk(context, targetDisk("", "multiverse-state", "state"), state, run),
      };
      const rescue = await bootRescue(context, {
        ...{ name: `run-${run + 1}`, nvram, state: disks.state.disk.file, stateLog: disks.state.disk.log },
        ...{ disks: [disks.target.disk], image: "tiny" },
      });
      plan ??= await planOf(context, rescue);
      const words = run === 0 ? `${SPEC_PATH} --expect-plan ${plan.hash}` : "--resume";
      if (cut === null) {
        await finish(context, rescue, plan, words);
        await powerOff(context, rescue);
        target = disks.target.disk.file;
        continue;
      }
      await setUpGate(rescue, plan);
      const { held } = await context.timed(`to the cut ${cut.words}`, () => installToGate(rescue, words, cut));
      if (!held) {
        const { status, said } = await endInstall(rescue, null);
        throw new Error(`the install ended with ${status} before the cut ${cut.words}: ${said}`);
      }
      ({ target, state } = await cutPower(context, rescue, disks, cut));
    }
    if (plan === null) return;
    await bootIt(context, plan, target, nvram);
  },
};

/** Counted first: what is written between the count and the end of the machine is as if it had not been. */
async function cutPower(
  context: Context,
  { machine }: Rescue,
  disks: Record<"target" | "state", LoggedDisk>,
  cut: (typeof CUTS)[number],
): Promise<{ target: string; state: string }> {
  const counts = { target: await countWrites(disks.target.disk.log), state: await countWrites(disks.state.disk.log) };
  await machine.cutPower();
  await machine.close();
  const target = await afterPowerCut(disks.target, counts.target, cut.loses);
  const state = await afterPowerCut(disks.state, counts.state);
  context.log(
    `power cut ${cut.words}: of the disk ${target.kept} writes kept, ${target.lost} lost; of the journal's ${state.lost}`,
  );
  for (const { disk } of Object.values(disks)) {
    await rm(disk.file);
    await rm(disk.log);
  }
  return { target: target.image, state: state.image };
}

async function finish(context: Context, rescue: Rescue, plan: Plan, words: string): Promise<void> {
  await setUpGate(rescue, plan);
  await context.timed("the last resume", () => installToGate(rescue, words, null));
  const { status, said, left } = await endInstall(rescue, null);
  context.same("the install is finished after all the cuts", String(status), "0");
  context.same("nothing is left mounted or imported", left, "");
  if (status !== 0) throw new Error(said);
}

async function bootIt(context: Context, plan: Plan, file: string, nvram: string): Promise<void> {
  const disk = { ...targetDisk(file, "MVONE"), format: "raw" as const };
  const booted = await bootTiny(context, { name: "host", disks: [disk], nvram });
  checkTiny(context, plan, booted.report, { boot: "after the cuts" });
  await checkEsps(context, booted.shell, plan);
  const { state, errors } = poolStates(booted.report);
  context.same("the pool is in good order", `${state}, ${errors}`, "ONLINE, No known data errors");
  const scrub = await booted.shell.output("zpool scrub -w saturn && zpool status -x saturn");
  context.check("and a scrub finds no error", /is healthy|no known data errors/i.test(scrub), scrub);
  await stopTiny(context, booted);
}
