// A libvirt that does not exist, with many running domains: what virsh would print of them, other figures each time.
import type { Argv, Run } from "../../core/tools/run.ts";

const uuid = (at: number) => `7c1f6d1e-8a44-4a6e-9d1d-${String(at).padStart(12, "0")}`;
const name = (at: number) => `controller-${at}`;

/** So many different answers are made beforehand: what is measured is the daemon, not this. */
const TURNS = 16;

/** `Run` that knows virsh only; `beat` is called at the beginning of each reading with its number, from 1 on. */
export function manyDomains(count: number, xml: string, beat: (turn: number) => void): Run {
  const all = Array.from({ length: count }, (_, at) => at);
  const turns = Array.from({ length: TURNS }, (_, turn) => ({
    states: Buffer.from(all.map((at) => states(at, turn)).join("\n")),
    details: Buffer.from(all.map((at) => details(at, turn)).join("\n")),
  }));
  const list = Buffer.from(all.map((at) => `${uuid(at)} ${at + 1} ${name(at)}\n`).join(""));
  const autostart = Buffer.from(all.map((at) => `${uuid(at)}\n`).join(""));
  const xmls = new Map(all.map((at) => [uuid(at), Buffer.from(xmlOf(xml, at))]));
  let turn = 0;
  const answer = (command: string): Buffer => {
    if (command.startsWith("list --all --id")) {
      turn += 1;
      beat(turn);
      return list;
    }
    if (command.startsWith("list --all --autostart")) return autostart;
    const now = turns[turn % TURNS];
    if (command.startsWith("domstats --raw --state")) return now?.states ?? NOTHING;
    if (command.startsWith("domstats --raw --cpu-total")) return now?.details ?? NOTHING;
    return xmls.get(/^dumpxml (\S+)$/.exec(command)?.[1] ?? "") ?? AGENT;
  };
  const run = async (argv: Argv) => {
    const commands = (argv.at(-1) ?? "").split(/; echo '\n==multiverse==\n'(?:; )?/).filter((text) => text !== "");
    const stdout = Buffer.concat(commands.flatMap((text) => [answer(text), END]));
    // A string of its own each time, as from a program.
    return { argv, exit: 0, stdout: stdout.toString("utf8"), stderr: "" };
  };
  return Object.assign(run, { pipe: async () => {} });
}

const NOTHING = Buffer.alloc(0);
const AGENT = Buffer.from('{"return":{}}');
const END = Buffer.from("\n==multiverse==\n");

function states(at: number, turn: number): string {
  const bytes = turn * 1500 + at;
  return `Domain: '${name(at)}'
  state.state=1
  state.reason=1
  net.count=1
  net.0.name=vnet${at}
  net.0.rx.bytes=${bytes}
  net.0.rx.pkts=${turn}
  net.0.rx.errs=0
  net.0.rx.drop=0
  net.0.tx.bytes=${bytes}
  net.0.tx.pkts=${turn}
  net.0.tx.errs=0
  net.0.tx.drop=0
`;
}

function details(at: number, turn: number): string {
  const time = turn * 7_000_000 + at;
  const disk = (index: number) => `  block.${index}.name=vd${"ab"[index]}
  block.${index}.path=/dev/zvol/tank/host/vm/${name(at)}-vd${"ab"[index]}
  block.${index}.backingIndex=${index + 1}
  block.${index}.rd.reqs=${turn}
  block.${index}.rd.bytes=${turn * 512}
  block.${index}.rd.times=${time}
  block.${index}.wr.reqs=${turn}
  block.${index}.wr.bytes=${turn * 4096}
  block.${index}.wr.times=${time}
  block.${index}.fl.reqs=${turn}
  block.${index}.fl.times=${time}
  block.${index}.allocation=0
  block.${index}.capacity=68719476736
  block.${index}.physical=68719476736
`;
  return `Domain: '${name(at)}'
  cpu.time=${time * 20}
  cpu.user=${time}
  cpu.system=${time}
  cpu.cache.monitor.count=0
  balloon.current=8388608
  balloon.maximum=8388608
  balloon.last-update=0
  balloon.rss=${1_000_000 + turn}
  block.count=2
${disk(0)}${disk(1)}`;
}

/** The recorded XML of a running domain, as this one's; its channels are heard by nobody, its console is a file. */
function xmlOf(xml: string, at: number): string {
  return xml
    .replace(/<uuid>.*<\/uuid>/, `<uuid>${uuid(at)}</uuid>`)
    .replace(/<name>.*<\/name>/, `<name>${name(at)}</name>`)
    .replace("<interface type='user'>", `<interface type='bridge'><source bridge='br0'/><target dev='vnet${at}'/>`);
}
