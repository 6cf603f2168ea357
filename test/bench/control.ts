// `npm run bench -- control [ENVELOPES SIGNATURES]`: changed commands must not be run, good ones are measured; writes their part of docs/benchmarks.md.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { makeEnvelope } from "../../core/control/client.ts";
import { encodeCommand } from "../../core/control/frames.ts";
import type { HelloReply, ReplyMessage } from "../../core/control/reply.ts";
import { COMMAND_NAMESPACE, REPLY_NAMESPACE, sshSign, sshVerify } from "../../core/control/ssh-tool.ts";
import { sign, type TestHost, testHost } from "../unit/control-host.ts";
import { type FuzzFigures, fuzzPolicy, fuzzSignatures, MALLORY } from "./control-fuzz.ts";
import { PAGE, readPage, replacePart } from "./page.ts";

const [envelopes = 1_000_000, signatures = 10_000] = process.argv.slice(2).map(Number);
const COMMANDS = 300;
const NOTHING = `version: 1\nprincipals: {ada: {operations: all}, ${MALLORY}: {operations: []}}\n`;
const EVERYTHING = `version: 1\nprincipals: {${MALLORY}: {operations: all}}\n`;
/** Changed envelopes that, were mallory allowed everything, would be run: that the search finds what it looks for. */
const PLANTED = 20_000;

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** In memory where there is such a place: the search is for commands that are run, not for how fast a disk is. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

async function withHost<Result>(parent: string, use: (host: TestHost) => Promise<Result>): Promise<Result> {
  const host = testHost(parent);
  try {
    return await use(host);
  } finally {
    host.remove();
  }
}

interface CommandFigures {
  /** Milliseconds of each command, one after the other, in turns with `floor`. */
  command: number[];
  /** ssh-keygen alone: one verification and one signature. */
  floor: number[];
  /** Commands a second, four at a time. */
  rate: number;
}

async function measureCommands(host: TestHost): Promise<CommandFigures> {
  const key = host.key("ada");
  host.enroll([`ada ${key.line}`], "version: 1\nprincipals: {ada: {operations: all}}\n");
  const gate = await host.gate({ handlers: { "vm.start": async () => ({ text: null }) } });
  const now = Math.floor(host.clock.wall() / 1000);
  const bodies = Array.from({ length: 2 * COMMANDS }, () => {
    const connection = {};
    const { challenge } = JSON.parse(gate.hello(connection).json) as HelloReply;
    const envelope = makeEnvelope({
      ...{ host: host.host.fingerprint, key: key.fingerprint, principal: "ada", iat: now, exp: now + 60, challenge },
      ...{ op: "vm.start", args: { name: "work" } },
    });
    const signature = sign(key, envelope);
    return { connection, envelope, signature, body: encodeCommand({ signatures: [signature], envelope }) };
  });
  const run = async ({ body, connection }: (typeof bodies)[number]) => {
    const message = JSON.parse((await gate.command(body, connection)).json) as ReplyMessage;
    if (message.type !== "result" || message.outcome !== "done")
      throw new Error(`not done: ${JSON.stringify(message)}`);
  };
  const alone = async ({ envelope, signature }: (typeof bodies)[number]) => {
    const allowedSigners = `${host.enrolled}/allowed_signers`;
    const verified = await sshVerify({
      ...{ run: host.run, message: envelope, signature, principal: "ada", namespace: COMMAND_NAMESPACE },
      ...{ allowedSigners, revoked: `${host.enrolled}/revoked_keys`, folder: host.folder },
    });
    if (verified !== null) throw new Error(verified);
    await sshSign(host.run, host.host.file, REPLY_NAMESPACE, envelope);
  };
  const timed = async (into: number[], work: Promise<void>) => {
    const begin = performance.now();
    await work;
    into.push(performance.now() - begin);
  };
  const figures: CommandFigures = { command: [], floor: [], rate: 0 };
  for (const one of bodies.slice(0, COMMANDS)) {
    await timed(figures.floor, alone(one));
    await timed(figures.command, run(one));
  }
  const rest = bodies.slice(COMMANDS);
  const begin = performance.now();
  const worker = async () => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) await run(next);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  figures.rate = (COMMANDS / (performance.now() - begin)) * 1000;
  await gate.close();
  return figures;
}

const reasons = ({ refused }: FuzzFigures) =>
  [...refused]
    .sort((a, b) => b[1] - a[1])
    .map(([code, count]) => `${code} ${count}`)
    .join(", ");

const verdict = (met: boolean) => (met ? "met" : "missed");

const planted = await withHost(MEMORY, (host) => fuzzPolicy({ host, count: PLANTED, seed: 1 }, EVERYTHING));
if (planted.run === 0) throw new Error("the search does not even find what is allowed");
const policy = await withHost(MEMORY, (host) => fuzzPolicy({ host, count: envelopes, seed: Date.now() }, NOTHING));
const keygen = await withHost(MEMORY, (host) => fuzzSignatures({ host, count: signatures, seed: Date.now() }));
const commands = await withHost(tmpdir(), measureCommands);

const p = (share: number) => quantile(commands.command, share).toFixed(1);
const ratio = quantile(commands.command, 0.5) / quantile(commands.floor, 0.5);
const text = `## Signed commands
Written by \`npm run bench -- control\`, on the machine itself and not emulated.

| what | measured | wanted | |
|---|---|---|---|
| changed envelopes through parser, freshness and policy, signatures taken as good | ${policy.envelopes}, of which ${policy.run} were run | 0 of ≥ 1,000,000 | ${verdict(policy.run === 0 && policy.envelopes >= 1e6)} |
| changed commands through ssh-keygen | ${keygen.asked}, of which ${keygen.run} were run | 0 of ≥ 10,000 | ${verdict(keygen.run === 0 && keygen.asked >= 1e4)} |
| commands verified, recorded, run and answered, four at a time | ${commands.rate.toFixed(0)} a second | | |
| one at a time, median and p99 | ${p(0.5)} ms, ${p(0.99)} ms | | |
| the same over \`ssh-keygen\` alone (one verification, one signature), medians | ${ratio.toFixed(2)} | | |

- The same search finds ${planted.run} commands to run in ${planted.envelopes} when the policy allows their signer everything.
- Why the first were refused: ${reasons(policy)}.
- Why the second were refused: ${reasons(keygen)}.
`;
process.stdout.write(text);
await writeFile(PAGE, replacePart(await readPage(), "control", text));
process.exitCode = policy.run === 0 && keygen.run === 0 ? 0 : 1;
