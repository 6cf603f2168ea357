// Sends a datagram to a port that nobody listens at, and waits for the ICMP error: a ping without ping.
import { createSocket } from "node:dgram";
import type { Target } from "./reach.ts";

/** Where traceroute begins; nothing listens there (IANA: 33434, traceroute use). */
const CLOSED_PORT = 33_434;

/**
 * Milliseconds until the answer, or null without one. An answer is the port's "unreachable", which the kernel hands to
 * a connected socket as ECONNREFUSED (ip(7), udp(7)), or anything that comes back. "Host unreachable" is none: this
 * machine's own kernel says that when ARP brings nothing.
 */
export async function knock({ address, family, dev }: Target, ms: number, now: () => number): Promise<number | null> {
  const to = family === 6 && dev !== null && /^fe[89ab]/i.test(address) ? `${address}%${dev}` : address;
  const socket = createSocket({ type: family === 4 ? "udp4" : "udp6" });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      let began = now();
      timer = setTimeout(() => resolve(null), ms);
      const answered = () => resolve(now() - began);
      socket.on("message", answered);
      socket.on("error", (error: NodeJS.ErrnoException) =>
        error.code === "ECONNREFUSED" ? answered() : resolve(null),
      );
      socket.connect(CLOSED_PORT, to, () => {
        began = now();
        socket.send(new Uint8Array(1), (error) => {
          if (error !== null) resolve(null);
        });
      });
    });
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}
