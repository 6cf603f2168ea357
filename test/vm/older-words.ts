// An install given by the older words alone, and what is asked besides: work=live: boot=zfs:///dev/…; then it boots.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bootRescue, powerOff, type Rescue } from "./boot-rescue.ts";
import { bootTiny, stopTiny } from "./boot-tiny.ts";
import { type HostSecrets, makeHostSecrets } from "./host-secrets.ts";
import { EXPECTED } from "./host-spec.ts";
import { install } from "./install-run.ts";
import { checkEsps, checkTiny, poolStates } from "./layout-checks.ts";
import { blankDisk, planOf } from "./layout-install.ts";
import { makeStateDiskWith } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { linesOf } from "./tiny-report.ts";

const GIB = 1024 ** 3;
const ID = "virtio-MVONE";

export const scenario: Scenario = {
  name: "older-words",
  title: "installs from work=… boot=… alone; the plan is that of the spec which `config` prints; it boots",
  ci: false,
  needs: ["tiny"],
  async run(context) {
    const secrets = await makeHostSecrets(context.tools.run);
    const disk = await blankDisk(context, "one", 8 * GIB);
    const nvram = join(context.work, "nvram.fd");
    const state = await makeStateDiskWith(context, {});
    const rescue = await bootRescue(context, { name: "rescue", nvram, state, disks: [disk], image: "tiny" });
    const kernelName = (await rescue.shell.output(`readlink -f /dev/disk/by-id/${ID}`)).trim();
    const older = ["work=live:", `BOOT=zfs://${kernelName}:/${EXPECTED.pool}/g2`];
    await checkRefusals(context, rescue, kernelName, older);
    const words = [...older, ...asked(secrets)];
    await checkConfig(context, rescue, kernelName, words);
    const plan = await planOf(context, rescue, words.join(" "));
    const { exit } = await install(context, rescue, { files: words, expectPlan: plan.hash });
    context.same("the install ended well", String(exit), "0");
    await powerOff(context, rescue);
    if (exit !== 0) return;

    const booted = await bootTiny(context, { name: "host", disks: [disk], nvram });
    checkTiny(context, plan, booted.report, { boot: "by its words" });
    await checkEsps(context, booted.shell, plan);
    context.same("the pool is in good order", poolStates(booted.report).state, "ONLINE");
    const root = linesOf(booted.report, "zfs").map((line) => line.split(/\s+/)[0]);
    context.check(
      "pool and system are called as the words say: the system after the host",
      root.includes(`${EXPECTED.pool}/${EXPECTED.system}/os/g3`),
      root.join(" "),
    );
    await stopTiny(context, booted);
  },
};

/** What the words leave open, as further words. */
function asked(secrets: HostSecrets): string[] {
  return [
    `host.name=${EXPECTED.host}`,
    "root.encryption=none",
    `'users=[{name: root, password: "${secrets.rootHash}"}]'`,
  ];
}

async function checkRefusals(
  context: Context,
  rescue: Rescue,
  kernelName: string,
  older: readonly string[],
): Promise<void> {
  const refused = async (title: string, words: string, exit: number, says: RegExp) => {
    const result = await rescue.shell.run(`multiverse ${words}`, { deadlineMs: DEADLINE.command });
    context.check(title, result.exit === exit && says.test(result.output), `status ${result.exit}: ${result.output}`);
  };
  const all = older.join(" ");
  await refused("what is open is listed at once", `install ${all}`, 3, /host\.name[\s\S]*root\.encryption[\s\S]*users/);
  await refused(
    "a snapshot of a pool is no source yet, and it says what is",
    `install work=zfs://pluto/plasma@safe boot=zfs://${kernelName}:/saturn/g2`,
    4,
    /not supported yet[\s\S]*work=live:/,
  );
  await refused("update is known, and not yet", "update work=saturn/g2 update --user", 4, /not supported yet/);
  await refused(
    "nothing is erased that was not confirmed, and it is shown by the name that stays",
    `install ${all} host.name=x root.encryption=none users='[{name: root, ssh-keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl x"]}]'`,
    4,
    new RegExp(`does not confirm[\\s\\S]*${ID}`),
  );
  const blank = await rescue.shell.output(`wipefs --noheadings ${kernelName}; blkid -p ${kernelName} || :`);
  context.same("and the disk is as it was", blank.trim(), "");
}

async function checkConfig(
  context: Context,
  rescue: Rescue,
  kernelName: string,
  words: readonly string[],
): Promise<void> {
  const text = await rescue.shell.output(`multiverse install ${words.join(" ")} config | tee /run/printed.yml`, {
    deadlineMs: DEADLINE.command,
  });
  await writeFile(join(context.folder, "printed.yml"), text);
  context.check("config names the disk by the name that stays", text.includes(`system: "${ID}"`), text);
  context.check("and says which it was given", text.includes(`# ${kernelName} is ${ID}`), text);
  const hash = async (what: string) =>
    /for --expect-plan: ([0-9a-f]{64})/.exec(
      await rescue.shell.output(`multiverse plan ${what}`, { deadlineMs: DEADLINE.command }),
    )?.[1] ?? `no hash of ${what}`;
  context.same("its plan is that of the words", await hash("/run/printed.yml"), await hash(words.join(" ")));
}
