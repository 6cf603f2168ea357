// Cables pulled, the router silenced, DNS ended, the address taken: tty1 marks the hop where the fault is, and only that.
import type { Hop } from "../../core/status/network-facts.ts";
import { type BootedHost, bootHost, shutDown } from "./boot-host.ts";
import { CABLE, FAR, type FarRouter, openFarRouter, WIRE } from "./far-router.ts";
import { brokenHops, compareNetwork, hopsOf, toldBehindBroken } from "./network-figures.ts";
import type { Context, Scenario } from "./scenario.ts";
import { keepScreen, timeOnTty1 } from "./watch-tty1.ts";

export const scenario: Scenario = {
  name: "login-links",
  title: "cable, router, DNS and address break one at a time: tty1 and the status mark just that hop, and mend",
  ci: false,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", adapters: WIRE, ...host });
    await breakEach(context, booted, await openFarRouter(booted.shell));
    await shutDown(context, booted);
  },
};

export async function breakEach(context: Context, booted: BootedHost, far: FarRouter): Promise<void> {
  const links: Links = { context, booted, far, nic: far.nic };
  await well(links, "at first", ":");
  for (const fault of faultsOf(links)) {
    await breakIt(links, fault);
    await well(links, `${fault.name} mended`, fault.mend);
  }
}

interface Links {
  context: Context;
  booted: BootedHost;
  far: FarRouter;
  nic: string;
}

interface Fault {
  name: string;
  /** A script of the guest, or something done to the machine. */
  harm: string | (() => Promise<void>);
  mend: string | (() => Promise<void>);
  /** The broken hop and its trouble, as the status tells them. */
  marked: string;
  /** Rows of tty1; addresses are blank there. */
  rows: readonly string[];
}

function faultsOf({ booted: { machine }, far, nic }: Links): Fault[] {
  const cable = (up: boolean) => async () => void (await machine.qmp.execute("set_link", { name: CABLE, up }));
  return [
    {
      name: "the cable",
      ...{ harm: cable(false), mend: cable(true), marked: `${nic} no-carrier` },
      rows: [`${nic} .*no carrier`],
    },
    {
      name: "the router",
      ...{ harm: far.routerOff, mend: far.routerOn, marked: `gateway:${FAR.router} gateway-silent` },
      rows: ["gateway .*silent", "DNS .*not known"],
    },
    {
      name: "DNS",
      ...{ harm: far.dnsOff, mend: far.dnsOn, marked: `dns:${FAR.server} dns-fails` },
      rows: ["DNS .*no answer"],
    },
    {
      name: "DNS that hangs",
      ...{ harm: far.dnsHung, mend: far.dnsAwake, marked: `dns:${FAR.server} dns-fails` },
      rows: ["DNS .*no answer"],
    },
    {
      name: "the address",
      harm: `ip addr flush dev ${nic} scope global`,
      mend: `networkctl reconfigure ${nic}`,
      marked: `${nic} no-address`,
      rows: [`${nic} .*no address`],
    },
    {
      name: "the adapter",
      ...{ harm: `ip link set ${nic} down`, mend: `ip link set ${nic} up`, marked: `${nic} switched-off` },
      rows: [`${nic} .*switched off`],
    },
  ];
}

/** What a working chain looks like on tty1; and nothing is broken. */
const WELL = { rows: ["gateway .* ms", "DNS .* ms"], none: "[0-9] broken" };

async function well({ context, booted: { shell, machine }, nic }: Links, when: string, mend: Fault["mend"]) {
  const work = typeof mend === "string" ? mend : ":";
  if (typeof mend !== "string") await mend();
  await timeOnTty1(context, shell, `${when}: tty1 shows a working network`, { work, ...WELL });
  await keepScreen(shell, machine, `well-${fileName(when)}`);
  const topology = await compareNetwork(context, shell, when);
  context.same(`${when}: nothing is broken`, brokenHops(topology).join(", "), "");
  const own = hopsOf(topology.roots.filter(({ name }) => name === nic));
  const chain = (hops: readonly Hop[]) => hops.map(({ id, state }) => `${id} ${state}`).join(" > ");
  context.same(`${when}: the chain`, chain(own), `${nic} ok > gateway:${FAR.router} ok > dns:${FAR.server} ok`);
  context.same(`${when}: the speed`, String(own[0]?.speed), String(FAR.speed));
}

async function breakIt({ context, booted: { shell, machine } }: Links, fault: Fault): Promise<void> {
  const { name, harm, marked } = fault;
  const work = typeof harm === "string" ? harm : ":";
  if (typeof harm !== "string") await harm();
  const rows = [...fault.rows, "1 broken"];
  await timeOnTty1(context, shell, `${name} broken: tty1 marks it`, { work, rows });
  await keepScreen(shell, machine, `broken-${fileName(name)}`);
  const topology = await compareNetwork(context, shell, `${name} broken`);
  context.same(`${name} broken: exactly that hop is marked`, brokenHops(topology).join(", "), marked);
  context.same(`${name} broken: nothing is told of what is behind`, toldBehindBroken(topology).join(", "), "");
}

const fileName = (text: string): string => text.replaceAll(/[^a-z]+/gi, "-").toLowerCase();
