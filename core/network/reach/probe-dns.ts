// Asks a name server for the root's name servers: any answer at all, a refusal included, means that it answers.
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { rounded } from "./probe-gateway.ts";
import type { Attempt } from "./prober.ts";
import type { Target } from "./reach.ts";

const USUAL = { port: 53, waitMs: 2_000 };

/** A question for NS of "." (RFC 1035, 4.1; every resolver has the answer at hand): 17 bytes. */
export function rootQuestion(id: number): Uint8Array {
  const recursionDesired = 0x01;
  const typeNs = 2;
  const classIn = 1;
  return Uint8Array.of(id >> 8, id & 0xff, recursionDesired, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, typeNs, 0, classIn);
}

/** Whether it is an answer to the question with that id, whatever it says. */
export function isAnswer(message: Uint8Array, id: number): boolean {
  const [high, low, flags] = message;
  return message.length >= 12 && high === id >> 8 && low === (id & 0xff) && ((flags ?? 0) & 0x80) !== 0;
}

/** One question by UDP, without a second try. Port and waiting are others only in tests. */
export async function probeDns(target: Target, now: () => number, { port, waitMs } = USUAL): Promise<Attempt> {
  const { address, family, dev } = target;
  const to = family === 6 && dev !== null ? `${address}%${dev}` : address;
  const id = randomInt(0x10000);
  const socket = createSocket({ type: family === 4 ? "udp4" : "udp6" });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Attempt>((resolve) => {
      const none = (seen: string) => resolve({ outcome: "none", seen });
      timer = setTimeout(() => none(`no answer within ${waitMs / 1000} s`), waitMs);
      let began = now();
      socket.on("error", (error: NodeJS.ErrnoException) => none(refusal(error)));
      // Anybody may send a datagram; the socket is connected, and the id is random.
      socket.on("message", (message) => {
        if (isAnswer(message, id)) resolve({ outcome: "answer", latencyMs: rounded(now() - began) });
      });
      socket.connect(port, to, () => {
        began = now();
        socket.send(rootQuestion(id), (error) => {
          if (error !== null) none(refusal(error));
        });
      });
    });
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

function refusal(error: NodeJS.ErrnoException): string {
  if (error.code === "ECONNREFUSED") return "nothing listens at its port 53";
  if (error.code === "ENETUNREACH" || error.code === "EHOSTUNREACH") return "no way there";
  return `the question could not be sent (${error.code ?? "unknown"})`;
}
