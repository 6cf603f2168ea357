// Commands from another place over ssh: the admin's key never gets to the host, and a host that is not the known one is refused.
import { readAudit } from "./audit-chain.ts";
import { bootHost } from "./boot-host.ts";
import { EXPECTED } from "./host-spec.ts";
import { definePlainDomain, domainState } from "./plain-domain.ts";
import { searchHost, watchProcesses, wordsOfKey } from "./planted-secrets.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { freePort, letIn, makeSecondPlace, type SecondPlace } from "./second-place.ts";

export const scenario: Scenario = {
  name: "ctl-remote",
  title: "signed commands from another place over ssh; a wrong host key and a host that is off are refused",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const forward = { from: await freePort(), to: 22 };
    const { machine, shell } = await bootHost(context, { name: "host", ...host, forward });
    const { adminKey, rootPassword, adaPassword } = host.secrets;
    const place = await makeSecondPlace(context, forward.from, adminKey);
    await watchProcesses(shell, [...wordsOfKey(adminKey), rootPassword, adaPassword]);
    await definePlainDomain(shell, "work");
    await letIn(context, shell, place);
    const hostKey = await shell.output("cat /etc/ssh/host-keys/ssh_host_ed25519_key.pub");

    await unknownHosts(context, place);
    await place.know(hostKey);
    const other = (await context.tools.run(["cat", place.wayIn])).stdout.trim();
    const as = asGrace(place);
    await says(context, place, "vm.start from another place", ["vm.start", "name=work", ...as], 0, /^vm\.start: /);
    context.same("work runs, says libvirt", await domainState(shell, "work"), "running");
    const kill = await place.ctl("vm.kill", "name=work", ...as, "--json");
    const { signed, message } = JSON.parse(kill.output) as {
      signed: boolean;
      message: { outcome: string; id: string };
    };
    context.same("the answer is signed by the host that is known here", `${signed} ${message.outcome}`, "true done");
    const { entries } = await readAudit(shell);
    const [noted] = entries.filter(({ id, event }) => id === message.id && event === "accepted");
    context.same("the host's log names who signed", `${noted?.op} by ${noted?.by}`, `vm.kill by ${EXPECTED.admin}`);
    await says(
      context,
      place,
      "by another's name",
      ["vm.start", "name=work", "--host", place.url, "--key", place.key, "--principal", EXPECTED.user],
      4,
      /reason: signature-refused/,
    );
    context.same("which does nothing", await domainState(shell, "work"), "shut off");
    // ssh is content, and the daemon is not who it was said to be.
    await says(
      context,
      place,
      "another host's key on the command line",
      ["vm.start", "name=work", ...as, "--host-key", other],
      4,
      /That is another host/,
    );
    context.same("nor does that", await domainState(shell, "work"), "shut off");
    await searchHost(context, shell, { more: ["/home", "/tmp", "/etc"], verb: "control-pipe" });

    await says(
      context,
      place,
      "host.poweroff from another place",
      ["host.poweroff", ...as],
      0,
      /The host switches off in 10 seconds\./,
    );
    await machine.waitForPowerOff(DEADLINE.powerOff);
    await machine.close();
    await says(
      context,
      place,
      "a host that is off",
      ["vm.start", "name=work", ...as],
      4,
      /cannot be reached by ssh\.[\s\S]*(refused|closed|reset)[\s\S]*→ Try it by hand/i,
    );
  },
};

const asGrace = (place: SecondPlace) => ["--host", place.url, "--key", place.key, "--principal", EXPECTED.admin];

/** Before its key is known here, or with another one in its place. */
export async function unknownHosts(context: Context, place: SecondPlace): Promise<void> {
  const as = asGrace(place);
  await place.know();
  await says(
    context,
    place,
    "a host that is not known",
    ["vm.start", "name=work", ...as],
    4,
    /The host key of 127\.0\.0\.1 is not known here\./,
  );
  const { stdout } = await context.tools.run(["cat", place.wayIn]);
  await place.know(stdout);
  await says(
    context,
    place,
    "a host with another key than the known one",
    ["vm.start", "name=work", ...as],
    4,
    /cannot be reached by ssh\.[\s\S]*Host key verification failed/,
  );
}

async function says(
  context: Context,
  place: SecondPlace,
  title: string,
  words: readonly string[],
  exit: number,
  pattern: RegExp,
): Promise<void> {
  const seen = await context.timed(title, () => place.ctl(...words));
  context.check(
    title,
    seen.exit === exit && pattern.test(seen.output),
    `status ${seen.exit}\n${seen.output}\n(not ${exit}, ${pattern})`,
  );
}
