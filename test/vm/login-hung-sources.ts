// Everything that the status asks hangs: tty1 goes on, says what is old, hears its keys, and is well again afterwards.

import type { BootedHost } from "./boot-host.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { FAR, type FarRouter, openFarRouter, WIRE } from "./far-router.ts";
import { EXPECTED } from "./host-spec.ts";
import { type HungPrograms, makeHungPrograms } from "./hung-programs.ts";
import { brokenHops, readStatus, readWell } from "./network-figures.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { keepScreen, timeOnTty1, untilShown } from "./watch-tty1.ts";

export const scenario: Scenario = {
  name: "login-hung-sources",
  title:
    "virsh, zpool, smartctl and DNS hang: tty1 goes on, hears its keys and says what is old; then all is live again",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", adapters: WIRE, ...host });
    const far = await openFarRouter(booted.shell);
    const hung = await makeHungPrograms(booted.shell);
    await hangAndMend({ context, far, hung, ...booted });
    await shutDown(context, booted);
  },
};

export async function hangAndMend(all: Everything): Promise<void> {
  await allWell(all, "at first", ":");
  await hangAll(all);
  await goesOn(all);
  await hearsKeys(all);
  await pilesNothingUp(all);
  await startsAnew(all);
  await losesTheDaemon(all);
  await allWell(all, "afterwards", `${all.hung.unhang}; ${all.far.dnsAwake}`);
  await listensAgain(all);
}

export interface Everything extends BootedHost {
  context: Context;
  far: FarRouter;
  hung: HungPrograms;
}

const SILENT = {
  pools: "pools .*has not answered for [0-9]+ ",
  controllers: "libvirt did not answer",
  dns: "DNS .*no answer",
};

async function allWell({ context, shell, machine }: Everything, when: string, work: string): Promise<void> {
  const rows = ["DNS .* ms", `${EXPECTED.pool} .*ONLINE`];
  // On a busy machine something else may be late: not all sources must answer at one time.
  const none = `[0-9] broken|${SILENT.controllers}|pools .*answer`;
  await timeOnTty1(context, shell, `${when}: tty1 shows that all is well`, { work, rows, none });
  await keepScreen(shell, machine, `well-${when.replaceAll(" ", "-")}`);
  const { pools, controllers, network } = await readWell(shell, ["pools", "controllers", "network"]);
  context.same(
    `${when}: nothing has failed`,
    JSON.stringify([pools.failure, controllers.failure, network.failure]),
    JSON.stringify([null, null, null]),
  );
  const health = (await shell.output(`zpool list -Ho name,health`)).trim();
  context.same(
    `${when}: the pool, by zpool`,
    pools.value?.map((pool) => `${pool.name}\t${pool.state}`).join() ?? "",
    health,
  );
}

async function hangAll({ context, shell, machine, hung, far }: Everything): Promise<void> {
  const rows = Object.values(SILENT);
  await timeOnTty1(context, shell, "all hang: tty1 says of each that it does not answer", {
    ...{ work: `${hung.hang}; ${far.dnsHung}`, rows },
  });
  await keepScreen(shell, machine, "hung");
  const { pools, controllers, network } = await readStatus(shell);
  context.check(
    "the pools' part says why",
    /does not answer|has not answered/.test(pools.failure ?? ""),
    `${pools.failure}`,
  );
  context.check("and keeps its last value", pools.value?.[0]?.name === EXPECTED.pool, JSON.stringify(pools));
  context.check(
    "the controllers' part says why",
    /did not answer/.test(controllers.failure ?? ""),
    `${controllers.failure}`,
  );
  context.same("the network's part has not failed", String(network.failure), "null");
  context.same(
    "and marks the name server",
    brokenHops(network.value ?? { roots: [] }).join(", "),
    `dns:${FAR.server} dns-fails`,
  );
  const states = await shell.run(hung.list);
  context.check("what hangs for zpool cannot be killed", /^D.*hung-disk/m.test(states.output), states.output);
}

/** The clock of the title and the figures of what does not hang. */
async function goesOn({ context, shell }: Everything): Promise<void> {
  const before = await readStatus(shell);
  const minute = `$(date -d '+1 minute' +%H:%M)`;
  const next = (await shell.output(`echo ${minute}`)).trim();
  await timeOnTty1(context, shell, `the clock goes on to ${next}`, { rows: [`${EXPECTED.host}.* ${next}`] });
  const after = await readStatus(shell);
  for (const name of ["load", "sensors", "units", "network"] as const) {
    const [old, now] = [before[name].at ?? 0, after[name].at ?? 0];
    context.check(`${name} was read again`, now > old && after[name].failure === null, JSON.stringify(after[name]));
  }
  for (const name of ["pools", "controllers"] as const) {
    context.same(`${name} is as old as it was`, String(after[name].at), String(before[name].at));
  }
  const rows = [SILENT.pools, SILENT.controllers, SILENT.dns];
  await timeOnTty1(context, shell, "and tty1 still says what is silent", { rows });
}

async function hearsKeys({ context, shell, machine }: Everything): Promise<void> {
  const press = async (title: string, keys: string[], expected: { rows: string[]; none?: string }) => {
    await machine.press(...keys);
    await timeOnTty1(context, shell, title, expected);
  };
  await press("? shows the help", ["shift", "slash"], { rows: ["Keys on this screen"] });
  await keepScreen(shell, machine, "help");
  await press("Esc closes it", ["esc"], { rows: ["menu"], none: "Keys on this screen" });
  await press("Tab goes to the next panel, which can be opened", ["tab"], { rows: ["Enter open"] });
  await press("Enter opens it", ["ret"], { rows: ["Esc back", "does not answer|has not answered"] });
  await keepScreen(shell, machine, "page");
  await press("Esc leads back", ["esc"], { rows: [`${EXPECTED.host}`, SILENT.pools] });
}

/** Samples for a minute: each source that hangs has at most one program, however often it is asked. */
async function pilesNothingUp({ context, shell, hung }: Everything): Promise<void> {
  const procs = "/sys/fs/cgroup/system.slice/multiversed.service/cgroup.procs";
  const out = await shell.output(
    `n=0; while [ $n -lt 60 ]; do n=$((n + 1)); echo "$(wc -l <${procs}) $({ ${hung.list}; } | wc -l)"; sleep 1; done`,
    // each sample starts half a dozen programs, beside everything that hangs
    { deadlineMs: 4 * DEADLINE.command },
  );
  const samples = out
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  const most = (at: number, from: number, to: number) =>
    Math.max(...samples.slice(from, to).map((each) => each[at] ?? 0));
  context.log(
    `processes of the daemon: ${samples.map(([all]) => all).join(" ")}; that hang: ${samples.map((each) => each[1]).join(" ")}`,
  );
  context.check("the programs that hang do not pile up", most(1, 0, 60) <= 4, out);
  context.check("nor do the daemon's processes", most(0, 30, 60) <= most(0, 0, 30) + 3, out);
}

/** The screen is started anew while everything hangs: its first frame has what is known. */
async function startsAnew({ context, shell, machine }: Everything): Promise<void> {
  const unit = "multiverse-screen@tty1.service";
  const named = [`${EXPECTED.host}`];
  const { exit, output } = await shell.run(
    `systemctl restart --no-block ${unit}
${untilShown({ rows: [], none: EXPECTED.host })} >/dev/null || exit
${untilShown({ rows: named })} || exit
${untilShown({ rows: [...named, "gateway .* ms", SILENT.pools, SILENT.controllers] })} || exit
echo "start $(systemctl show -P ExecMainStartTimestampMonotonic ${unit})"`,
    { deadlineMs: DEADLINE.command },
  );
  const began = Number(/^start (\d+)$/m.exec(output)?.[1]);
  const [first = 0, whole = 0] = [...output.matchAll(/^at ([\d.]+)$/gm)].map((found) => Number(found[1]));
  const ms = (at: number) => Math.round(at * 1000 - began / 1000);
  context.check(
    `started anew, it shows what is known (${ms(first)} ms to the first frame, ${ms(whole)} ms to all of it)`,
    exit === 0,
    output,
  );
  await keepScreen(shell, machine, "started-anew");
}

async function losesTheDaemon({ context, shell, machine }: Everything): Promise<void> {
  await timeOnTty1(context, shell, "the daemon killed: tty1 says that it is lost", {
    ...{ work: "systemctl kill -s KILL --kill-whom=main multiversed", rows: ["multiversed does not answer"] },
  });
  await keepScreen(shell, machine, "lost");
  await timeOnTty1(context, shell, "it comes back, and what hangs is still told", {
    ...{ rows: ["pools .*does not answer", SILENT.dns, "gateway .* ms"], none: "multiversed does not answer" },
  });
  await keepScreen(shell, machine, "back");
  const { pools } = await readStatus(shell);
  context.same("the new daemon knows no pool yet, and says so", JSON.stringify(pools.value), "null");
}

/** What was started while all hung would look as if it listened. */
async function listensAgain({ context, shell, hung }: Everything): Promise<void> {
  const { output } = await shell.run(
    `n=0; while ${hung.list}; do n=$((n + 1)); [ $n -lt 600 ] || break; sleep 0.2; done >/run/hung.last
${hung.list}`,
    { deadlineMs: DEADLINE.command },
  );
  context.same("none of the programs that hung is left", output.trim(), "");
  await timeOnTty1(context, shell, "the controllers are live again", {
    work: `n=0; until multiverse status --json | grep -q '"controllers":{[^}]*"live":true'; do n=$((n + 1)); [ $n -lt 60 ] || break; sleep 0.5; done`,
    rows: [`${EXPECTED.pool} .*ONLINE`],
    none: SILENT.controllers,
  });
  const { controllers } = await readStatus(shell);
  context.same("and say so", String(controllers.live), "true");
}
