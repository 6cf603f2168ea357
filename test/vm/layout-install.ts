// Installs a spec on a scenario's disks from the rescue system with the tiny root, by the program or by its exported script.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plan, StepData } from "../../core/plan/step.ts";
import { createDisk } from "../../core/vm/disk-image.ts";
import type { VmDisk } from "../../core/vm/machine-options.ts";
import { scrub } from "../../core/vm/scrub.ts";
import { bootRescue, powerOff, type Rescue } from "./boot-rescue.ts";
import { type HostSecrets, makeHostSecrets } from "./host-secrets.ts";
import { install } from "./install-run.ts";
import { makeStateDisk, SPEC_PATH } from "./rescue-machine.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface LayoutInstall {
  disks: readonly VmDisk[];
  spec: (secrets: HostSecrets) => string;
  /** By the exported script alone instead of the program. */
  byScript?: true;
  encrypted?: true;
  /** In the rescue system, before the install and after it. */
  before?: (rescue: Rescue) => Promise<void>;
  after?: (rescue: Rescue, plan: Plan) => Promise<void>;
}

export interface Installed {
  plan: Plan;
  nvram: string;
  secrets: HostSecrets;
}

/** A blank disk of the scenario; `more` says its bus and sectors. Its file is in the work folder. */
export async function blankDisk(
  context: Context,
  id: string,
  bytes: number,
  more: Partial<VmDisk> = {},
): Promise<VmDisk> {
  const file = join(context.work, `${id}.qcow2`);
  await createDisk(context.tools.run, file, bytes);
  return { id, file, format: "qcow2", bus: "virtio", serial: `MV${id.toUpperCase()}`, ...more };
}

/** Throws when the install fails. The plan is kept beside the other artefacts. */
export async function installLayout(context: Context, options: LayoutInstall): Promise<Installed> {
  const secrets = await makeHostSecrets(context.tools.run);
  const nvram = join(context.work, "nvram.fd");
  const state = await makeStateDisk(context, options.spec(secrets));
  const rescue = await bootRescue(context, { name: "rescue", nvram, state, disks: options.disks, image: "tiny" });
  await options.before?.(rescue);
  const plan = await planOf(context, rescue);
  const exit =
    options.byScript === true
      ? await runScript(context, rescue, plan, secrets, options.encrypted === true)
      : (await install(context, rescue, { expectPlan: plan.hash, ...(options.encrypted ? { secrets } : {}) })).exit;
  context.same("the install ended well", String(exit), "0");
  if (exit !== 0) throw new Error(`the install ended with status ${exit}`);
  await options.after?.(rescue, plan);
  await powerOff(context, rescue);
  return { plan, nvram, secrets };
}

/** What is planned on this machine; read by the scenario so that its checks need not repeat what is derived. */
export async function planOf(context: Context, { shell }: Rescue, words: string = SPEC_PATH): Promise<Plan> {
  const text = await context.timed("the plan", () =>
    shell.output(`multiverse plan ${words} --format json`, { deadlineMs: DEADLINE.command }),
  );
  await writeFile(join(context.folder, "plan.json"), text);
  return JSON.parse(text) as Plan;
}

/** The data of every step of a kind, in order. */
export function stepsOf<Kind extends StepData["kind"]>(plan: Plan, kind: Kind): Extract<StepData, { kind: Kind }>[] {
  return plan.steps.flatMap(({ data }) => (data.kind === kind ? [data as Extract<StepData, { kind: Kind }>] : []));
}

/** The serial line is 1000 columns wide, and a progress bar fills them. */
const LINE = 100;

async function runScript(
  context: Context,
  { shell }: Rescue,
  plan: Plan,
  secrets: HostSecrets,
  encrypted: boolean,
): Promise<number> {
  const script = await shell.output(`multiverse plan ${SPEC_PATH} --format sh | tee /run/install.sh`, {
    deadlineMs: DEADLINE.command,
  });
  await writeFile(join(context.folder, "install.sh"), script);
  // Alone means alone: the program is hidden while the script runs.
  await shell.output('mount --bind /bin/false "$(readlink -f "$(command -v multiverse)")"');
  const files = encrypted ? ["passphrase", "recovery-passphrase"] : [];
  const words = [secrets.passphrase, secrets.recoveryPassphrase];
  for (const [at, name] of files.entries()) await shell.output(`printf '%s\\n' ${words[at]} >/run/${name}`);
  const flags = [
    ...plan.erases.map(({ id }) => `--erase ${id}`),
    ...files.map((name) => `--${name}-file /run/${name}`),
  ].join(" ");
  return context.timed("the script runs", () =>
    shell.stream(
      `env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh /run/install.sh ${flags} </dev/null 2>&1`,
      (line) => context.log(`  ${scrub(line).slice(0, LINE)}`),
      { deadlineMs: DEADLINE.install, what: "the script to end" },
    ),
  );
}
