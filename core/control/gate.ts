// The one way a command becomes a deed: every check in its order, cheap ones first, then the record, then the deed, then a signed reply.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ControlFacts } from "../status/control-facts.ts";
import type { Run } from "../tools/run.ts";
import { type Anchor, type AuditEvent, AuditLog } from "./audit.ts";
import { AuditHeadFile } from "./audit-head.ts";
import type { Clock } from "./clock.ts";
import { auditFactsOf, controlFactsOf } from "./control-facts-of.ts";
import { Enrolled } from "./enrolled.ts";
import { type Envelope, parseEnvelope } from "./envelope.ts";
import { decodeCommand, type Reply } from "./frames.ts";
import { CHALLENGE_SECONDS, Challenges, ClockFloor, type ConnectionKey, Counters } from "./freshness.ts";
import { type Handlers, ownHandler } from "./handlers.ts";
import { checkOperation, isOperation, OPERATIONS, type OperationName } from "./operations.ts";
import { Performer, whyOf } from "./performer.ts";
import { allows, mayRun, type Policy, SEAT } from "./policy.ts";
import { Refusal } from "./refusal.ts";
import type { RefusedReply, ReplyMessage } from "./reply.ts";
import { type Reverter, Reverts } from "./revert.ts";
import { SEAT_KEY, Seat } from "./seat.ts";
import { readCommandSignature, type VerifiedSigner } from "./signature.ts";
import { Slots } from "./slots.ts";
import { REPLY_NAMESPACE, sshSign } from "./ssh-tool.ts";
import { readPublicKeyLine } from "./sshsig.ts";
import { CommandStore } from "./store.ts";
import { TpmAnchor } from "./tpm-anchor.ts";
import type { HeadCounter } from "./tpm-nv.ts";
import { verifySigners } from "./verify-signers.ts";

export interface GateOptions {
  run: Run;
  clock: Clock;
  /** The host's private ssh key, with its .pub beside it. */
  hostKey: string;
  /** /proc/sys/kernel/random/boot_id. */
  boot: string;
  /** When this program was made, milliseconds since 1970: the clock cannot be before it. */
  built: number;
  folders: {
    /** /etc/multiverse/control */
    enrolled: string;
    /** /var/lib/multiverse/control */
    state: string;
    /** /run/multiverse/control-tmp, of the daemon alone. */
    temporary: string;
    /** /run/multiverse/seat */
    seat: string;
  };
  /** The file of the seat's public key; default: where its agent's unit leaves it. */
  seatKey?: string;
  /** The group of the screen, which reads the seat's folder; null: nobody but us. */
  seatGroup: number | null;
  anchor: Anchor;
  /** Beside the anchor, and slow; without it only the anchor is used. */
  tpm?: HeadCounter;
  handlers: Handlers;
  /** Of operations that revert. */
  reverters?: Partial<Record<OperationName, Reverter>>;
  /** What a person should see in the daemon's log: one line, no secret. */
  log(text: string): void;
}

export interface Gate {
  hello(connection: ConnectionKey): Reply;
  /** `body`: of a command frame. Never throws: what goes wrong is a reply. */
  command(body: Uint8Array, connection: ConnectionKey): Promise<Reply>;
  facts(): ControlFacts;
  /** Called after each change of facts(); returns how to stop that. */
  onChange(listener: () => void): () => void;
  /** Gives up what runs; resolves when nothing writes any more. */
  close(): Promise<void>;
}

/** ssh-keygen runs at once, and commands that wait for one. */
const VERIFIERS = 2;
const VERIFY_QUEUE = 64;

/** Throws where the host key or the state cannot be read: then nothing can be commanded at all. */
export async function makeGate(options: GateOptions): Promise<Gate> {
  const gate = new CommandGate(options);
  await gate.start();
  return gate;
}

class CommandGate implements Gate {
  readonly #options: GateOptions;
  readonly #host: string;
  readonly #enrolled: Enrolled;
  readonly #challenges: Challenges;
  readonly #counters: Counters;
  readonly #floor: ClockFloor;
  readonly #store: CommandStore;
  readonly #audit: AuditLog;
  readonly #head: AuditHeadFile;
  readonly #tpm: TpmAnchor | null;
  readonly #reverts: Reverts;
  readonly #performer: Performer;
  readonly #seat: Seat;
  readonly #verifiers = new Slots(VERIFIERS, VERIFY_QUEUE);
  /** Whoever got here signed well, so nobody is turned away. */
  readonly #signers = new Slots(VERIFIERS, Number.POSITIVE_INFINITY);
  readonly #listeners = new Set<() => void>();

  constructor(options: GateOptions) {
    const { clock, folders, anchor, run, hostKey } = options;
    this.#options = options;
    this.#host = readPublicKeyLine(readFileSync(`${hostKey}.pub`, "utf8")).fingerprint;
    mkdirSync(folders.temporary, { recursive: true, mode: 0o700 });
    mkdirSync(folders.state, { recursive: true, mode: 0o700 });
    this.#enrolled = new Enrolled(folders.enrolled);
    this.#challenges = new Challenges(clock);
    this.#counters = new Counters(join(folders.state, "counters"));
    this.#floor = new ClockFloor(join(folders.state, "clock.json"), clock, options.built);
    this.#store = new CommandStore(join(folders.state, "commands"), clock);
    this.#audit = new AuditLog(folders.state, anchor, () => clock.wall());
    const sign = (message: Uint8Array, namespace: string) => sshSign(run, hostKey, namespace, message);
    this.#head = new AuditHeadFile({ folder: folders.state, host: this.#host, clock, sign, log: options.log });
    this.#tpm = options.tpm === undefined ? null : this.#tpmAnchor(options.tpm);
    this.#seat = new Seat({
      ...{ run, folder: folders.seat, group: options.seatGroup, keyFile: options.seatKey ?? SEAT_KEY, clock },
      changed: () => this.#changed(),
    });
    this.#reverts = new Reverts({
      ...{ folder: join(folders.state, "pending"), clock, reverters: options.reverters ?? {}, log: options.log },
      onReverted: ({ id, op }, failure) => {
        this.#record({ event: "reverted", id, op, failure });
        this.#changed();
      },
    });
    this.#performer = new Performer({
      ...{ clock, store: this.#store, reverts: this.#reverts, log: options.log },
      append: (event) => this.#append(event),
      changed: () => this.#changed(),
    });
  }

  async start(): Promise<void> {
    const { state, why } = this.#audit.state;
    if (state === "broken") this.#options.log(`The audit log is broken: ${why}`);
    this.#record({ event: "start", boot: this.#options.boot });
    this.#tpm?.start();
    await this.#enrolled.policy().catch((refusal: Refusal) => this.#options.log(refusal.text));
    await this.#reverts.recover();
  }

  hello(connection: ConnectionKey): Reply {
    const message: ReplyMessage = {
      ...{ v: 1, type: "hello", host: this.#host, boot: this.#options.boot },
      ...{ challenge: this.#challenges.give(connection), seconds: CHALLENGE_SECONDS },
      ...{ now: Math.floor(this.#options.clock.wall() / 1000), seat: this.#seat.key },
    };
    return { json: JSON.stringify(message), signature: "" };
  }

  async command(body: Uint8Array, connection: ConnectionKey): Promise<Reply> {
    let id: string | null = null;
    let signers: readonly VerifiedSigner[];
    let envelope: Envelope;
    try {
      const command = decodeCommand(body);
      envelope = parseEnvelope(command.envelope);
      id = envelope.id;
      this.#checkCheaply(envelope, connection);
      const keys = command.signatures.map((armoured, index) =>
        readCommandSignature(armoured, index === 0 ? envelope.key : null),
      );
      const { run, folders } = this.#options;
      const { allowedSigners, revokedKeys } = this.#enrolled;
      const files = { allowedSigners, revokedKeys, folder: folders.temporary };
      signers = await this.#verifiers.run(() => verifySigners({ run, files, command, envelope, keys }));
    } catch (error) {
      return { json: JSON.stringify(this.#refused(id, error)), signature: "" };
    }
    return this.#sign(await this.#decide(envelope, signers));
  }

  facts(): ControlFacts {
    const audit = auditFactsOf(this.#audit.state, this.#tpm?.told);
    return controlFactsOf({
      ...{ admins: this.#enrolled.admins(), seat: this.#seat.granted, audit },
      ...{ commands: this.#store.all(), pending: this.#reverts.pending() },
      progress: (id) => this.#performer.progress(id),
    });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#performer.close();
    this.#seat.close();
    await this.#reverts.close();
    await this.#tpm?.close();
    await this.#head.close();
  }

  /** All that costs no program: an attacker without a key gets no further than the signature. */
  #checkCheaply(envelope: Envelope, connection: ConnectionKey): void {
    if (envelope.host !== this.#host) throw new Refusal("wrong-host", "The command is for another host.");
    if (!isOperation(envelope.op)) throw new Refusal("unknown-operation", "There is no such operation.");
    // The result of what was run may be asked for again; its challenge and number are used up.
    if (this.#store.get(envelope.id) !== null) return;
    this.#floor.check(envelope);
    const { freshness } = envelope;
    if (freshness.kind === "challenge") this.#challenges.take(connection, freshness.challenge);
    else this.#counters.check(envelope.key, freshness.seq);
  }

  /** From here on somebody who is enrolled has signed, and every answer is signed. */
  async #decide(envelope: Envelope, signers: readonly VerifiedSigner[]): Promise<ReplyMessage> {
    try {
      const repeated = this.#performer.resultOf(envelope.id, true);
      if (repeated !== null) return repeated;
      // Even a command that is refused below has used its number: it cannot come back when the policy is another.
      const { freshness, key } = envelope;
      if (freshness.kind === "sequence") this.#counters.advance(key, freshness.seq);
      const policy = await this.#enrolled.policy();
      return await this.#accept(envelope, signers, policy);
    } catch (error) {
      const refused = this.#refused(envelope.id, error);
      const { id, op, principal: by, key } = envelope;
      this.#record({ event: "refused", id, op, by, key, code: refused.code });
      return refused;
    }
  }

  async #accept(envelope: Envelope, signers: readonly VerifiedSigner[], policy: Policy): Promise<ReplyMessage> {
    const { id, args } = envelope;
    const op = envelope.op as OperationName;
    const [signer] = signers;
    const handler = signer && (ownHandler(op, this.#own, signer) ?? this.#options.handlers[op]);
    if (signer === undefined || handler === undefined || OPERATIONS[op].args === null) {
      throw new Refusal("not-yet", `${op} cannot be done yet.`);
    }
    checkOperation(op, args, envelope.ifState);
    for (const one of signers) if (one.principal === SEAT) this.#seat.check(one.key);
    if (envelope.presence !== null) this.#seat.spendCode(envelope.presence);
    const change = op === "confirm" ? this.#reverts.get(String(args.id)) : null;
    // Whoever may make a change may keep it.
    if (change !== null && signers.every((one) => allows(policy, one.principal, change.op))) {
      // Nothing more to ask: a second person was asked for the change itself.
    } else mayRun(policy, { op, signers, presence: envelope.presence !== null });
    this.#floor.raise();
    await this.#performer.accept({ envelope, op, handler, revertAfter: policy.revertAfter });
    const result = this.#performer.resultOf(id, false);
    if (result === null) throw new Error(`the record of ${op} is gone`);
    return result;
  }

  #refused(id: string | null, error: unknown): RefusedReply {
    if (!(error instanceof Refusal)) this.#options.log(`A command failed: ${whyOf(error).text}`);
    return { v: 1, type: "refused", id, ...whyOf(error) };
  }

  async #sign(message: ReplyMessage): Promise<Reply> {
    const { run, hostKey, log } = this.#options;
    const json = JSON.stringify(message);
    try {
      const signature = await this.#signers.run(() => sshSign(run, hostKey, REPLY_NAMESPACE, Buffer.from(json)));
      return { json, signature };
    } catch (cause) {
      log(`A reply could not be signed: ${whyOf(cause).text}`);
      return { json, signature: "" };
    }
  }

  get #own() {
    return { seat: this.#seat, reverts: this.#reverts, audit: { append: (event: AuditEvent) => this.#append(event) } };
  }

  #append(event: AuditEvent): void {
    this.#audit.append(event);
    this.#signHead();
    this.#tpm?.changed();
  }

  #signHead(): void {
    this.#head.changed({ ...this.#audit.head, counter: this.#audit.mark?.counter ?? null });
  }

  #tpmAnchor(counter: HeadCounter): TpmAnchor {
    return new TpmAnchor({
      ...{ counter, audit: this.#audit, clock: this.#options.clock, log: this.#options.log },
      changed: () => {
        this.#signHead();
        this.#changed();
      },
    });
  }

  /** For what has happened anyway: a log that cannot be written is told, and stops nothing. */
  #record(event: AuditEvent): void {
    try {
      this.#append(event);
    } catch (cause) {
      this.#options.log(`The audit log could not be written: ${whyOf(cause).text}`);
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
