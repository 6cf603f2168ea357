// SIGINT, SIGTERM or SIGKILL in every step of one install, each time resumed on the machine as it was left; then it boots.
import { join } from "node:path";
import type { Plan, Step } from "../../core/plan/step.ts";
import { actionsOf } from "../../core/steps/kinds.ts";
import { bootRescue, powerOff, type Rescue } from "./boot-rescue.ts";
import { bootTiny, stopTiny } from "./boot-tiny.ts";
import { endInstall, installToGate, setUpGate } from "./gate.ts";
import { type HostSecrets, makeHostSecrets } from "./host-secrets.ts";
import { checkTiny, poolStates } from "./layout-checks.ts";
import { blankDisk, planOf } from "./layout-install.ts";
import { layoutSpec } from "./layout-spec.ts";
import { makeStateDisk, SPEC_PATH } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

const GIB = 1024 ** 3;
const SIGNALS = ["INT", "TERM", "KILL"] as const;
const KILLED = 137;
const INTERRUPTED = 6;

export const scenario: Scenario = {
  name: "interrupted",
  title: "a signal in every step of an install, SIGINT, SIGTERM and SIGKILL in turn, resumed each time; then it boots",
  ci: false,
  needs: ["tiny"],
  async run(context) {
    const secrets = await makeHostSecrets(context.tools.run);
    const disk = await blankDisk(context, "one", 8 * GIB);
    const nvram = join(context.work, "nvram.fd");
    const root = "pool: saturn, encryption: {unlock: passphrase}";
    const state = await makeStateDisk(context, layoutSpec(secrets, { disks: "{system: virtio-MVONE}", root }));
    const rescue = await bootRescue(context, { name: "rescue", nvram, state, disks: [disk], image: "tiny" });
    const plan = await planOf(context, rescue);
    await setUpGate(rescue, plan);
    await context.timed(`${plan.steps.length} interrupts`, () => interruptEachStep(context, rescue, plan, secrets));
    await powerOff(context, rescue);

    const booted = await bootTiny(context, {
      ...{ name: "host", disks: [disk], nvram },
      unlock: async ({ serial }) => {
        await serial.waitFor(/passphrase[^\n]*: ?/i, {
          deadlineMs: DEADLINE.boot,
          what: "the question for the passphrase",
        });
        serial.send(`${secrets.passphrase}\n`);
      },
    });
    checkTiny(context, plan, booted.report, { boot: "after all of them" });
    context.same("the pool is in good order", poolStates(booted.report).state, "ONLINE");
    await stopTiny(context, booted);
  },
};

async function interruptEachStep(context: Context, rescue: Rescue, plan: Plan, secrets: HostSecrets): Promise<void> {
  const files = await writeSecrets(rescue, secrets);
  let words = `${SPEC_PATH} --expect-plan ${plan.hash} ${files}`;
  for (const [index, step] of plan.steps.entries()) {
    const signal = SIGNALS[index % SIGNALS.length] ?? "INT";
    const program = programIn(step, plan, index);
    const title = `${index + 1} ${step.id}: SIG${signal} at program ${program}`;
    const { held } = await installToGate(rescue, words, { step: step.id, program });
    words = `--resume ${files}`;
    const ended = await endInstall(rescue, held ? signal : null);
    context.check(`${title}: it was held there`, held, ended.said);
    context.same(`${title}: its exit code`, String(ended.status), String(signal === "KILL" ? KILLED : INTERRUPTED));
    context.same(`${title}: no program of it goes on`, ended.running, "");
    // What is killed cannot let go: the next start does.
    if (signal !== "KILL") {
      context.same(`${title}: nothing is mounted or imported`, ended.left, "");
      context.check(`${title}: it says how to go on`, /--resume/.test(ended.said), ended.said);
    }
    if (!held) throw new Error(`the install did not come to ${step.id}: ${ended.said}`);
  }
  await installToGate(rescue, words, null);
  const last = await endInstall(rescue, null);
  context.same("the last start finishes the install", String(last.status), "0");
  context.same("and leaves nothing mounted or imported", last.left, "");
}

/** The first, one in the middle, the last: which of them changes with every round of the signals. */
function programIn(step: Step, plan: Plan, index: number): number {
  const count = actionsOf(step, "actions", plan.evidence).reduce(
    (sum, action) => sum + (action.do === "run" || action.do === "check" ? 1 : action.do === "pipe" ? 2 : 0),
    0,
  );
  const places = [1, Math.ceil(count / 2), count];
  return Math.max(1, places[Math.floor(index / SIGNALS.length) % places.length] ?? 1);
}

/** Files in memory: each start is given them again. */
async function writeSecrets({ shell }: Rescue, { passphrase, recoveryPassphrase }: HostSecrets): Promise<string> {
  await shell.output(
    `umask 077; printf '%s' '${passphrase}' >/run/pass; printf '%s' '${recoveryPassphrase}' >/run/recovery`,
  );
  return "--passphrase-file /run/pass --recovery-passphrase-file /run/recovery";
}
