// A host for tests of signed commands: real keys made on the spot, real ssh-keygen, clocks that the test turns.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Anchor, fileAnchor } from "../../core/control/audit.ts";
import { type EnvelopeFields, makeEnvelope } from "../../core/control/client.ts";
import type { Clock } from "../../core/control/clock.ts";
import { encodeCommand, type Reply } from "../../core/control/frames.ts";
import { type Gate, type GateOptions, makeGate } from "../../core/control/gate.ts";
import type { HelloReply, ReplyMessage } from "../../core/control/reply.ts";
import { COMMAND_NAMESPACE } from "../../core/control/ssh-tool.ts";
import { readPublicKeyLine } from "../../core/control/sshsig.ts";
import type { Run } from "../../core/tools/run.ts";
import { createRun } from "../../core/tools/run-real.ts";

export interface TurnedClock extends Clock {
  /** Seconds that pass: both clocks go on, and what is due happens. */
  pass(seconds: number): void;
  /** Somebody sets the wall clock, by so many seconds; the monotonic one does not move. */
  set(seconds: number): void;
}

/** Begins at the real time, since ssh-keygen asks the real clock for the validity of certificates. */
export function turnedClock(): TurnedClock {
  let [wall, monotonic] = [Date.now(), 1000];
  const timers = new Set<{ at: number; then: () => void }>();
  return {
    wall: () => wall,
    monotonic: () => monotonic,
    after(ms, then) {
      const timer = { at: monotonic + ms, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass(seconds) {
      wall += seconds * 1000;
      monotonic += seconds * 1000;
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
        if (timer.at <= monotonic && timers.delete(timer)) timer.then();
      }
    },
    set(seconds) {
      wall += seconds * 1000;
    },
  };
}

export interface Key {
  file: string;
  /** "ssh-ed25519 AAAA…" */
  line: string;
  fingerprint: string;
}

export interface TestHost {
  folder: string;
  clock: TurnedClock;
  run: Run;
  host: Key;
  enrolled: string;
  state: string;
  seat: string;
  anchor: Anchor;
  anchorPath: string;
  logged: string[];
  key(name: string): Key;
  /** Lines of allowed_signers; policy as YAML. */
  enroll(signers: readonly string[], policy: string): void;
  gate(more?: Partial<GateOptions>): Promise<Gate>;
  remove(): void;
}

/** `parent`: where its folder is made. */
export function testHost(parent = tmpdir()): TestHost {
  const folder = mkdtempSync(join(parent, "multiverse-control-"));
  const clock = turnedClock();
  const run = createRun();
  const logged: string[] = [];
  const [enrolled, state, seat] = [join(folder, "etc"), join(folder, "state"), join(folder, "seat")];
  const anchorPath = join(folder, "elsewhere/head.json");
  const anchor = fileAnchor(anchorPath);
  const made = new Map<string, Key>();
  const key = (name: string): Key => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const file = join(folder, `${name}.key`);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
    const [kind, base64] = readFileSync(`${file}.pub`, "utf8").split(" ");
    const line = `${kind} ${base64}`;
    const found = { file, line, fingerprint: readPublicKeyLine(line).fingerprint };
    made.set(name, found);
    return found;
  };
  const host = key("host");
  mkdirSync(enrolled);
  writeFileSync(join(enrolled, "revoked_keys"), "");
  return {
    ...{ folder, clock, run, host, enrolled, state, seat, anchor, anchorPath, logged, key },
    enroll(signers, policy) {
      writeFileSync(join(enrolled, "allowed_signers"), `${signers.join("\n")}\n`);
      writeFileSync(join(enrolled, "policy.yml"), policy);
    },
    gate: (more) =>
      makeGate({
        ...{ run, clock, hostKey: host.file, boot: "b1", built: 0, seatGroup: null, anchor, handlers: {} },
        folders: { enrolled, state, seat, temporary: join(folder, "tmp") },
        log: (text) => logged.push(text),
        ...more,
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function sign(key: Key, envelope: Uint8Array, namespace = COMMAND_NAMESPACE): string {
  return execFileSync("ssh-keygen", ["-Y", "sign", "-f", key.file, "-n", namespace], {
    input: envelope,
    stdio: ["pipe", "pipe", "ignore"],
  }).toString();
}

export interface Sent {
  reply: Reply;
  message: ReplyMessage;
  /** What a test asks for most: the refusal's code, or the outcome. */
  said: string;
  envelope: Uint8Array;
  body: Uint8Array;
}

export interface Commander {
  /** A challenge, and an envelope that is right but for what the test changes. */
  envelope(op: string, fields?: Partial<EnvelopeFields>): Uint8Array;
  command(op: string, fields?: Partial<EnvelopeFields>): Promise<Sent>;
  raw(envelope: Uint8Array, signatures: readonly string[]): Promise<Sent>;
}

/** One connection of one principal. */
export function commander(host: TestHost, gate: Gate, principal: string, key: Key): Commander {
  const connection = {};
  const envelope = (op: string, fields: Partial<EnvelopeFields> = {}) => {
    const now = Math.floor(host.clock.wall() / 1000);
    const fresh =
      fields.seq === undefined ? { challenge: (JSON.parse(gate.hello(connection).json) as HelloReply).challenge } : {};
    return makeEnvelope({
      ...{ host: host.host.fingerprint, key: key.fingerprint, principal, iat: now, exp: now + 60, op, args: {} },
      ...fresh,
      ...fields,
    });
  };
  const raw = async (bytes: Uint8Array, signatures: readonly string[]): Promise<Sent> => {
    const body = encodeCommand({ envelope: bytes, signatures });
    const reply = await gate.command(body, connection);
    const message = JSON.parse(reply.json) as ReplyMessage;
    const said = message.type === "refused" ? message.code : message.type === "result" ? message.outcome : "hello";
    return { reply, message, said, envelope: bytes, body };
  };
  return {
    envelope,
    raw,
    command(op, fields) {
      const bytes = envelope(op, fields);
      return raw(bytes, [sign(key, bytes)]);
    },
  };
}
