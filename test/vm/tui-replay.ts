// Answers given once and saved to the stick install another disk without a question: the screens open at the review.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createDisk, getFile } from "../../core/vm/disk-image.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { powerOff } from "./boot-rescue.ts";
import { waitForScreen } from "./console-screen.ts";
import { answerEverything, confirmAndWait, keep } from "./drive-wizard.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { EXPECTED, TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDiskWith, SPEC_PATH, targetDisk } from "./rescue-machine.ts";
import type { Scenario } from "./scenario.ts";
import { sitAtSaved } from "./sit-down.ts";
import { checkWizardHost } from "./wizard-host.ts";

export const scenario: Scenario = {
  name: "tui-replay",
  title: "the saved spec reinstalls a second disk without a question",
  ci: false,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const first = join(context.work, "first.qcow2");
    const second = join(context.work, "second.qcow2");
    const nvram = join(context.work, "nvram.fd");
    for (const disk of [first, second]) await createDisk(run, disk, TARGET_BYTES);
    const state = await makeStateDiskWith(context, {});

    const answering = await sitAtSaved(context, {
      ...{ name: "answering", nvram, state, disks: [targetDisk(first, TARGET_SERIAL)] },
    });
    await answerEverything(context, answering, { password: secrets.adaPassword, disk: /MVTARGET01/ });
    const review = await waitForScreen(answering.screen, /plan [0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}/);
    await answering.screen.type("s");
    await waitForScreen(answering.screen, /Saved: .*multiverse\.yml/);
    const open = await answering.shell.run(`multiverse questions ${SPEC_PATH} --format json`);
    context.check(
      "the saved spec asks for nothing but to confirm the erase",
      asksForConfirmOnly(open.output),
      open.output,
    );
    await powerOff(context, answering);
    const saved = (await getFile(run, state, "multiverse.yml")) ?? "";
    await writeFile(join(context.folder, "saved.yml"), saved);
    context.check("the password is not in it", !saved.includes(secrets.adaPassword));

    const replaying = await sitAtSaved(context, {
      ...{ name: "replaying", nvram, state, disks: [targetDisk(second, TARGET_SERIAL)] },
    });
    const rows = await waitForScreen(replaying.screen, /This is what will happen/, {
      unless: /Language and keyboard|Where should the system go|Who is this machine/,
    });
    await keep(context, replaying, "replayed-review", rows);
    context.same("the same spec gives the same plan", planOf(rows), planOf(review));
    await confirmAndWait(context, replaying);
    await powerOff(context, replaying);
    const user = { name: EXPECTED.user, password: secrets.adaPassword };
    const booted = await bootHost(context, { name: "host", disk: second, nvram, secrets, user });
    await checkWizardHost(context, booted.shell, { keyboard: "us" });
    await shutDown(context, booted);
  },
};

function planOf(rows: readonly string[]): string {
  return /plan ([0-9a-f-]{14})/.exec(rows.join("\n"))?.[1] ?? "none";
}

function asksForConfirmOnly(output: string): boolean {
  const asked = z.array(z.object({ path: z.string() })).parse(JSON.parse(output));
  return asked.map(({ path }) => path).join() === "confirm.erase";
}
