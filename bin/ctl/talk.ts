// The conversation with a host: who it is, whether the clocks agree, one command, and a reply that the host has signed.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openControl, verifyReply } from "../../core/control/client.ts";
import type { HelloReply, ReplyMessage } from "../../core/control/reply.ts";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { Converse, Run } from "../../core/tools/run.ts";
import { connect } from "./connect.ts";
import { type HostKey, keyOfHost } from "./host-keys.ts";
import type { Place } from "./place.ts";

export interface TalkOptions {
  place: Place;
  /** What the host is known by. */
  hostKeys: readonly HostKey[];
  run: Run;
  converse: Converse;
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  wall(): number;
}

export interface Signed {
  envelope: Uint8Array;
  signatures: readonly string[];
}

export interface Answer {
  message: ReplyMessage;
  /** A refusal that the host did not sign is not proven. */
  signed: boolean;
}

/** The daemon takes five minutes; whoever is close to that is told before it fails. */
const CLOCKS_APART_SECONDS = 240;

/**
 * Greets, has the command made and signed, sends it. `again` gives a new challenge, for what took a person's time.
 * @throws ActionableError `no-daemon`, `host-unreachable`, `other-host`, `clock-off`, `reply-forged`
 */
export async function talk(
  options: TalkOptions,
  make: (hello: HelloReply, host: HostKey, again: () => Promise<HelloReply>) => Promise<Signed>,
): Promise<Answer> {
  const { place, hostKeys, run, converse, signal, wall } = options;
  signal.throwIfAborted();
  const { stream, why } = await connect(place, converse);
  const client = await openControl({ connect: async () => stream });
  const stop = () => client.close();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const hello = await reached(client.hello(), why, signal);
    const host = keyOfHost(hostKeys, hello.host);
    checkClocks(hello.now, wall());
    const { envelope, signatures } = await make(hello, host, () => reached(client.hello(), why, signal));
    const reply = await reached(client.send(envelope, signatures), why, signal);
    const folder = await mkdtemp(join(tmpdir(), "multiverse-ctl-"));
    try {
      const id = createHash("sha256").update(envelope).digest("hex");
      return await verifyReply({ run, reply, hostKeyLine: host.line, folder, id });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    signal.removeEventListener("abort", stop);
    client.close();
  }
}

/** Instead of "it was closed": the person's own Ctrl-C, or what ssh said. */
async function reached<Value>(
  answer: Promise<Value>,
  why: () => Promise<ActionableError | null>,
  signal: AbortSignal,
): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionableError && error.code === "control-closed") throw (await why()) ?? error;
    throw error;
  }
}

function checkClocks(host: number, wall: number): void {
  const apart = Math.round(host - wall / 1000);
  if (Math.abs(apart) <= CLOCKS_APART_SECONDS) return;
  throw new ActionableError({
    code: "clock-off",
    exit: EXIT.refused,
    message: `The host's clock is ${Math.abs(apart)} s ${apart < 0 ? "behind" : "ahead of"} this machine's.`,
    evidence: [`the host says ${new Date(host * 1000).toISOString()}, this machine ${new Date(wall).toISOString()}`],
    hint: "A command is good for a limited time by the host's clock. See which of them is wrong: timedatectl",
  });
}
