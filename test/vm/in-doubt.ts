// A command whose end nobody sees: the daemon is killed between accepting it and doing it.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { CtlPerson } from "./ctl-person.ts";
import { domainState, waitForStatus } from "./plain-domain.ts";
import { type Context, DEADLINE } from "./scenario.ts";

const STATE = "/var/lib/multiverse/control";

/**
 * `name` runs and does not hear its power button: vm.stop waits for it when multiversed is killed. Checks that the
 * command is told as in doubt and that nothing runs it again. `key` is a file of the person's, enrolled as grace.
 */
export async function leaveInDoubt(
  context: Context,
  shell: GuestShell,
  person: CtlPerson,
  name: string,
): Promise<void> {
  const accepted = () => shell.output(`grep '"op":"vm.stop"' ${STATE}/audit.jsonl | grep -c '"event":"accepted"' || :`);
  const earlier = Number(await accepted());
  const made = await person.ctl(`vm.stop name=${name} seconds:=600 --key grace --principal grace --offline stop.cmd`);
  context.check("in doubt: vm.stop is signed beforehand", made.exit === 0, made.output);
  await shell.output(
    `systemd-run -q --collect --unit=stopper -p User=ada -p WorkingDirectory=${person.home} -p StandardOutput=file:/run/stopper.log ` +
      "-p StandardError=file:/run/stopper.log multiverse ctl --send stop.cmd",
  );
  // Accepted and begun: the log has it, and virsh was asked.
  await shell.output(
    `n=0; until [ "$(grep '"op":"vm.stop"' ${STATE}/audit.jsonl | grep -c '"event":"accepted"')" -gt ${earlier} ]; do ` +
      "n=$((n + 1)); [ $n -lt 120 ] || exit 1; sleep 1; done",
    { deadlineMs: DEADLINE.command, what: "vm.stop to be accepted" },
  );
  const before = await shell.output("systemctl show -P NRestarts multiversed; systemctl show -P MainPID multiversed");
  const [restarts = 0, pid = 0] = before.trim().split("\n").map(Number);
  await shell.output(`kill -9 ${pid}`);
  const after = await shell.run(
    `n=0; until [ "$(systemctl show -P NRestarts multiversed)" -gt ${restarts} ] && multiverse status | grep '^ *in doubt: '; do ` +
      "n=$((n + 1)); [ $n -lt 40 ] || exit 1; sleep 1; done",
    { deadlineMs: DEADLINE.boot, what: "the status to say in doubt" },
  );
  context.check(
    "in doubt: after kill -9 it says so in its status",
    / vm\.stop by grace, /.test(after.output),
    after.output,
  );
  const told = await shell.output(
    "n=0; while systemctl -q is-active stopper; do n=$((n + 1)); [ $n -lt 120 ] || break; sleep 1; done; cat /run/stopper.log",
  );
  context.check(
    "in doubt: whoever sent it is told that the connection ended",
    /closed the connection/.test(told),
    told,
  );
  const again = await person.ctl("--send stop.cmd --json");
  context.check(
    "in doubt: sent again, it says in doubt, signed",
    /"signed":true.*"outcome":"in-doubt"/.test(again.output),
    again.output,
  );
  const words = await person.ctl("--send stop.cmd");
  context.check("in doubt: in words, too", words.exit === 5 && /nobody saw its end/.test(words.output), words.output);
  context.same("in doubt: and nothing has run it again", await domainState(shell, name), "running");
  context.same("in doubt: it was accepted once", (await accepted()).trim(), String(earlier + 1));
  await shell.output(waitForStatus(`^ *${name}: `));
}
