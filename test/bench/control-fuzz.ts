// Changed commands thrown at the real gate: none may be run.

import { makeEnvelope } from "../../core/control/client.ts";
import { encodeCommand } from "../../core/control/frames.ts";
import type { Gate } from "../../core/control/gate.ts";
import { OPERATION_NAMES } from "../../core/control/operations.ts";
import type { HelloReply, ReplyMessage } from "../../core/control/reply.ts";
import type { Run } from "../../core/tools/run.ts";
import { type Key, sign, type TestHost } from "../unit/control-host.ts";

export interface FuzzFigures {
  envelopes: number;
  /** How many were refused for each reason. */
  refused: Map<string, number>;
  /** Handlers that were called. */
  run: number;
  /** How often ssh-keygen was asked for a signature. */
  asked: number;
}

/** A small generator, so that a run can be had again from its seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Pieces of which a changed envelope may well still be one. */
const PIECES = [
  ...OPERATION_NAMES,
  ...["ada", "mallory", "seat", "*", '"principal":"ada"', '"op":"vm.start"', '"op":"host.reboot"', '"second":"ada",'],
  ...[
    '"v":1,',
    '"args":{},',
    '"seq":1,',
    '"ifState":"off",',
    "__proto__",
    "\\u0061",
    "null",
    "true",
    "9007199254740993",
  ],
  ...["{", "}", "[", "]", '"', ":", ",", " ", "\n", "\0", "\ufeff", "\ud7ff", "1e9", "-0"],
];

/** One to four changes: bytes turned, cut out, doubled, pieces put in or in the place of values. */
export function mutate(envelope: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes: Buffer = Buffer.from(envelope);
  for (let change = 1 + random(4); change > 0; change -= 1) {
    const at = random(bytes.length + 1);
    const cut = random(8);
    const piece = Buffer.from(PIECES[random(PIECES.length)] ?? "");
    switch (random(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + cut)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at + cut), bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
        break;
      default:
        bytes = replaceValue(bytes, piece, random);
    }
  }
  return bytes;
}

/** In the place of some "…" or number there comes another: mostly an envelope still. */
function replaceValue(bytes: Buffer, piece: Buffer, random: (below: number) => number): Buffer {
  const values = [...bytes.toString("latin1").matchAll(/"[^"]*"|[0-9]+/g)];
  const value = values[random(values.length || 1)];
  if (value === undefined) return bytes;
  const quoted = value[0].startsWith('"');
  const put = quoted
    ? Buffer.concat([Buffer.from('"'), piece, Buffer.from('"')])
    : Buffer.from(String(random(2 ** 31)));
  return Buffer.concat([bytes.subarray(0, value.index), put, bytes.subarray(value.index + value[0].length)]);
}

export interface FuzzOptions {
  host: TestHost;
  count: number;
  seed: number;
}

/** Enrolled, and allowed nothing by the policy. */
export const MALLORY = "mallory";

/** A door to ssh-keygen that takes any signature as mallory's: what is refused is refused by the parser, freshness and the policy. */
export function credulous(real: Run): Run {
  const answer: Run = Object.assign(
    async (argv: Parameters<Run>[0]) => {
      if (argv.includes("sign")) return { argv, exit: 0, stdout: "-----BEGIN SSH SIGNATURE-----\n", stderr: "" };
      const good = argv[argv.indexOf("-I") + 1] === MALLORY;
      return { argv, exit: good ? 0 : 255, stdout: "", stderr: "Signature verification failed" };
    },
    { pipe: real.pipe },
  ) as Run;
  return answer;
}

/** Through parser, freshness and policy, with signatures that are taken as good: only who may do what stands between them and the handlers. */
export async function fuzzPolicy({ host, count, seed }: FuzzOptions, policy: string): Promise<FuzzFigures> {
  const random = randomFrom(seed);
  const key = host.key(MALLORY);
  const figures: FuzzFigures = { envelopes: 0, refused: new Map(), run: 0, asked: 0 };
  host.enroll([`${MALLORY} ${key.line}`], policy);
  const gate = await host.gate({ run: credulous(host.run), handlers: countingHandlers(figures) });
  const signature = sign(key, Buffer.from("anything"));
  const connection = {};
  for (let index = 0; index < count; index += 1) {
    const envelope = mutate(freshEnvelope(host, gate, key, connection), random);
    tell(figures, await send(gate, envelope, signature, connection));
  }
  await gate.close();
  return figures;
}

/** Through the real ssh-keygen: bytes and signatures changed so that all before it is passed. */
export async function fuzzSignatures({ host, count, seed }: FuzzOptions): Promise<FuzzFigures> {
  const random = randomFrom(seed);
  const key = host.key("ada");
  const figures: FuzzFigures = { envelopes: 0, refused: new Map(), run: 0, asked: 0 };
  host.enroll([`ada ${key.line}`], "version: 1\nprincipals: {ada: {operations: all}}\n");
  const counting: Run = Object.assign(
    (async (argv, options) => {
      if (argv.includes("verify")) figures.asked += 1;
      return host.run(argv, options);
    }) as (...request: Parameters<Run>) => ReturnType<Run>,
    { pipe: host.run.pipe },
  );
  const gate = await host.gate({ run: counting, handlers: countingHandlers(figures) });
  const signed = freshEnvelope(host, gate, key, {});
  const good = sign(key, signed);
  const worker = async () => {
    const connection = {};
    while (figures.asked < count) {
      const fresh = freshEnvelope(host, gate, key, connection);
      // The challenge alone makes the bytes others than those that were signed; half of the signatures are changed, too.
      const signature = random(2) === 0 ? good : changedSignature(good, random);
      tell(figures, await send(gate, fresh, signature, connection));
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  await gate.close();
  return figures;
}

/** Bits of the signature proper, so that it still says the same of itself. */
function changedSignature(armoured: string, random: (below: number) => number): string {
  const [begin, ...lines] = armoured.trim().split("\n");
  const blob = Buffer.from(lines.slice(0, -1).join(""), "base64");
  const at = blob.length - 1 - random(64);
  blob[at] = (blob[at] ?? 0) ^ (1 << random(8));
  return [begin, blob.toString("base64"), lines.at(-1), ""].join("\n");
}

function freshEnvelope(host: TestHost, gate: Gate, key: Key, connection: object): Uint8Array {
  const { challenge } = JSON.parse(gate.hello(connection).json) as HelloReply;
  const now = Math.floor(host.clock.wall() / 1000);
  return makeEnvelope({
    ...{ host: host.host.fingerprint, key: key.fingerprint, principal: key === host.key(MALLORY) ? MALLORY : "ada" },
    ...{ iat: now, exp: now + 60, challenge, op: "vm.start", args: { name: "work" } },
  });
}

async function send(gate: Gate, envelope: Uint8Array, signature: string, connection: object): Promise<ReplyMessage> {
  const reply = await gate.command(encodeCommand({ signatures: [signature], envelope }), connection);
  return JSON.parse(reply.json) as ReplyMessage;
}

function tell(figures: FuzzFigures, message: ReplyMessage): void {
  figures.envelopes += 1;
  if (message.type !== "refused") return;
  figures.refused.set(message.code, (figures.refused.get(message.code) ?? 0) + 1);
}

function countingHandlers(figures: FuzzFigures) {
  const handler = async () => {
    figures.run += 1;
    return { text: null };
  };
  return Object.fromEntries(OPERATION_NAMES.map((name) => [name, handler]));
}
