// The whole way of `multiverse ctl OP`: what is asked, signed by whom, for which host, sent or written to a file.
import { userInfo } from "node:os";
import { type EnvelopeFields, makeEnvelope } from "../../core/control/client.ts";
import type { HelloReply } from "../../core/control/reply.ts";
import type { Signer } from "../../core/control/signers/signer.ts";
import { COMMAND_NAMESPACE } from "../../core/control/ssh-tool.ts";
import type { JsonObject } from "../../core/control/strict-json.ts";
import { EXIT, type ExitCode } from "../../core/errors.ts";
import type { Arguments, Context } from "../verb.ts";
import { chooseSigner, type Keys } from "./choose-signer.ts";
import { type CommandFile, readCommandFile, writeCommandFile } from "./command-file.ts";
import { type HostKey, hostKeysOf } from "./host-keys.ts";
import { type Place, placeOf } from "./place.ts";
import { readArguments } from "./read-arguments.ts";
import { makeSeatCertificate } from "./seat-certificate.ts";
import { showAnswer } from "./show-answer.ts";
import { type Signed, talk } from "./talk.ts";

/** How long a command that is sent at once is good; the challenge in it ends sooner. */
const LIFETIME_SECONDS = 600;
const UNLOCK = "seat.grant";

type Wrong = (message: string) => Error;

interface Asked {
  context: Context;
  args: Arguments;
  wrong: Wrong;
  keys: Keys;
  place: Place;
  hostKeys: readonly HostKey[];
}

/** @throws ActionableError whatever of it cannot be done; `wrong` makes those about the command line */
export async function sendCommand(context: Context, args: Arguments, wrong: Wrong): Promise<ExitCode> {
  const place = placeOf(args.value("host"), args.value("socket"));
  const file = args.value("send");
  checkTogether(args, wrong);
  const [op = "", ...words] = args.words;
  const command = { op, args: readArguments(words) };
  const hostKeys = await hostKeysOf(place, args.value("host-key"), context.run);
  const keys = { run: context.run, say: context.say, agent: process.env.SSH_AUTH_SOCK };
  const asked = { context, args, wrong, keys, place, hostKeys };
  if (file !== undefined) return sendFile(asked, await readCommandFile(file));
  const signers = await signersOf(asked);
  const path = args.value("offline");
  return path === undefined ? sendNow(asked, signers, command) : signOffline(asked, signers, command, path);
}

function checkTogether(args: Arguments, wrong: Wrong): void {
  const [offline, send] = [args.value("offline"), args.value("send")];
  if (send !== undefined && (offline !== undefined || args.words.length > 0))
    throw wrong("--send takes a command that is signed already: no OP and no --offline with it.");
  for (const name of ["hours", "seq"])
    if (args.value(name) !== undefined && offline === undefined) throw wrong(`--${name} goes with --offline.`);
  if (send === undefined && args.value("second-key") !== undefined && args.value("second-principal") === undefined)
    throw wrong("--second-key needs --second-principal: the second person's name is part of what both sign.");
  if (args.words[0] === UNLOCK && offline !== undefined)
    throw wrong(`${UNLOCK} needs the key of the seat, which only the host tells: it cannot be signed offline.`);
}

interface Signers {
  first: Signer;
  second: Signer | null;
}

async function signersOf({ keys, args }: Asked): Promise<Signers> {
  const first = await chooseSigner(keys, args.value("key"), args.value("agent"));
  const other = args.value("second-key");
  return { first, second: other === undefined ? null : await chooseSigner(keys, other, undefined) };
}

interface Command {
  op: string;
  args: JsonObject;
}

async function sendNow(asked: Asked, signers: Signers, command: Command): Promise<ExitCode> {
  const { context, args } = asked;
  const answer = await talk(await talkOptions(asked), async (hello, host, again) => {
    const unlock = command.op === UNLOCK;
    const full = unlock ? await withCertificate(asked, signers.first, command, hello) : command;
    // A passphrase may have been typed for the certificate: the challenge is good for a minute.
    const { challenge } = unlock ? await again() : hello;
    const iat = Math.floor(Date.now() / 1000);
    const fields = { iat, exp: iat + LIFETIME_SECONDS, challenge };
    return sign(signers, { ...fieldsOf(asked, signers, host, full), ...fields });
  });
  return showAnswer(command.op, answer, args.has("json"), context.out);
}

async function withCertificate(
  { args, keys, wrong }: Asked,
  signer: Signer,
  { op, args: given }: Command,
  { seat }: HelloReply,
): Promise<Command> {
  const code = args.value("code");
  if (code === undefined) throw wrong(`${op} needs --code: what tty1 of that host shows.`);
  if (given.certificate !== undefined) return { op, args: { code, ...given } };
  return { op, args: { code, certificate: await makeSeatCertificate(keys, signer, args.value("key"), seat) } };
}

async function signOffline(asked: Asked, signers: Signers, command: Command, path: string): Promise<ExitCode> {
  const { args, hostKeys, wrong, context } = asked;
  const [host] = hostKeys;
  if (host === undefined || hostKeys.length > 1)
    throw wrong("That host is known by more than one key: say with --host-key which one its daemon has.");
  const iat = Math.floor(Date.now() / 1000);
  const hours = wholeNumber(args.value("hours") ?? "24", 24);
  const seq = wholeNumber(args.value("seq") ?? String(Date.now()), Number.MAX_SAFE_INTEGER - 1);
  if (hours === null) throw wrong("--hours is a whole number from 1 to 24.");
  if (seq === null) throw wrong("--seq is a whole number from 1 to 2^53 - 2.");
  const fields = { ...fieldsOf(asked, signers, host, command), iat, exp: iat + hours * 3_600, seq };
  await writeCommandFile(path, await sign(signers, fields));
  const missing = args.value("second-principal") !== undefined && signers.second === null;
  context.say(
    `${path}: ${command.op} for ${host.fingerprint}, good for ${hours} h, once.\n` +
      `→ multiverse ctl --send ${path}${missing ? " --second-key FILE" : ""} --host ssh://USER@HOST\n`,
  );
  return EXIT.done;
}

async function sendFile(asked: Asked, file: CommandFile): Promise<ExitCode> {
  const { args, keys, wrong, context } = asked;
  const second = args.value("second-key");
  if (second !== undefined && (file.signatures.length > 1 || file.says.second === null))
    throw wrong(
      "That command is not one that waits for a second signature: --second-principal says so when it is made.",
    );
  const more = second === undefined ? [] : [await chooseSigner(keys, second, undefined)];
  const answer = await talk(await talkOptions(asked), async () => {
    const added = await Promise.all(more.map((signer) => signer.sign(file.envelope, COMMAND_NAMESPACE)));
    return { envelope: file.envelope, signatures: [...file.signatures, ...added] };
  });
  return showAnswer(file.says.op, answer, args.has("json"), context.out);
}

function fieldsOf({ args }: Asked, { first }: Signers, host: HostKey, { op, args: given }: Command) {
  const [second, ifState, code] = [args.value("second-principal"), args.value("if-state"), args.value("code")];
  return {
    ...{ host: host.fingerprint, key: first.fingerprint, principal: args.value("principal") ?? userInfo().username },
    ...{ op, args: given },
    ...(second === undefined ? {} : { second }),
    ...(ifState === undefined ? {} : { ifState }),
    ...(code === undefined || op === UNLOCK ? {} : { presence: code }),
  };
}

async function sign({ first, second }: Signers, fields: EnvelopeFields): Promise<Signed> {
  const envelope = makeEnvelope(fields);
  const signatures: string[] = [];
  // One after the other: both may ask on the same terminal.
  for (const signer of second === null ? [first] : [first, second])
    signatures.push(await signer.sign(envelope, COMMAND_NAMESPACE));
  return { envelope, signatures };
}

async function talkOptions({ context, place, hostKeys }: Asked) {
  const { converse } = await import("../../core/tools/run-real.ts");
  return { place, hostKeys, run: context.run, converse, signal: context.signal, wall: () => Date.now() };
}

function wholeNumber(text: string, most: number): number | null {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : null;
}
