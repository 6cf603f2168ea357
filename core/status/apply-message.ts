// What one message of the status socket changes in what is known. Pure; no zod, which a screen's start could not afford.
import { PART_NAMES } from "./board.ts";
import type { Part } from "./part.ts";
import type { PartName, Parts } from "./snapshot.ts";
import type { StatusView } from "./view.ts";

const VERSION = 1;

export const NOTHING_KNOWN: StatusView = { state: "connecting", why: null, boot: null, parts: {}, offset: null };

/**
 * The view after a line of the socket. `now` is performance.now() when it came. The frame of a message is checked here;
 * the values are the daemon's own and are taken as they are.
 * @throws Error with one sentence of why this is no such message
 */
export function applyLine(view: StatusView, line: string, now: number): StatusView {
  const message = parse(line);
  if (typeof message.now !== "number") throw new Error("it sent a message without its time");
  // A message that lay in a queue makes the daemon's clock look slow: the fastest one tells it best.
  const offset = Math.max(view.state === "connected" ? (view.offset ?? -Infinity) : -Infinity, message.now - now);
  if (message.type === "snapshot") return snapshot(message, offset);
  if (view.state !== "connected") throw new Error("it did not begin with a snapshot");
  // A later daemon may tell of more: whoever knows no more passes it over.
  if (message.type !== "part" || !isPartName(message.name)) return { ...view, offset };
  return { ...view, offset, parts: { ...view.parts, [message.name]: told(message.part, view.parts[message.name]) } };
}

/** The view when the connection has ended: nothing in it is live any more. */
export function afterLoss(view: StatusView, why: string): StatusView {
  if (view.boot === null) return { ...view, state: "connecting", why };
  const parts = Object.entries(view.parts).map(([name, part]) => [name, { ...part, live: false }]);
  return { ...view, state: "lost", why, parts: Object.fromEntries(parts) as Partial<Parts> };
}

function snapshot(message: Record<string, unknown>, offset: number): StatusView {
  const { version, boot, parts } = message;
  if (version !== VERSION)
    throw new Error(`it speaks version ${String(version)} of the status messages, this program ${VERSION}`);
  if (typeof boot !== "string" || !isRecord(parts)) throw new Error("it sent a snapshot without its parts");
  // Nothing of an earlier view is taken over, least of all one of another boot.
  const known = PART_NAMES.filter((name) => name in parts).map((name) => [name, told(parts[name], undefined)]);
  return { state: "connected", why: null, boot, parts: Object.fromEntries(known) as Partial<Parts>, offset };
}

function told(part: unknown, before: Part<unknown> | undefined): Part<unknown> {
  if (!isRecord(part)) throw new Error("it sent a part that is none");
  const { at, failure, live } = part;
  if (!(at === null || typeof at === "number") || !(failure === null || typeof failure === "string"))
    throw new Error("it sent a part that is none");
  return { at, failure, live: live === true, value: "value" in part ? part.value : (before?.value ?? null) };
}

function parse(line: string): Record<string, unknown> {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    throw new Error("it sent a line that is no message");
  }
  if (!isRecord(message)) throw new Error("it sent a line that is no message");
  return message;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPartName(name: unknown): name is PartName {
  return PART_NAMES.some((one) => one === name);
}
