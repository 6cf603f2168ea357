// A spec from an address: bounded in size and time, and believed in nothing that only a person may confirm.
import { parseDocument } from "yaml";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { Draft } from "../wizard/model.ts";

const LONGEST = 1024 * 1024;
const DEADLINE_MS = 30_000;

export async function fetchSpec(address: string, signal: AbortSignal): Promise<Draft> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  let text: string;
  try {
    const answer = await fetch(address, { signal: deadline, redirect: "follow" });
    if (!answer.ok) throw new Error(`the server answered ${answer.status} ${answer.statusText}`);
    text = await bounded(answer);
  } catch (cause) {
    throw new ActionableError({
      code: "cannot-fetch",
      exit: EXIT.refused,
      message: "The spec could not be fetched.",
      evidence: [address, reason(cause)],
      hint: "Check the address, the network and the proxy, or put the file on the stick.",
      cause,
    });
  }
  return { name: address, text: withoutConfirmation(text), from: "address", file: null };
}

async function bounded(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > LONGEST) throw new Error("it is larger than 1 MiB, which no spec is");
    parts.push(part);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
}

/** What only a file on the booted medium may say (architecture.md, Trust) is taken out; the person confirms it here. */
export function withoutConfirmation(text: string): string {
  const doc = parseDocument(text);
  if (doc.errors.length > 0) return text;
  const removed = ["confirm", "unattended"].filter((key) => doc.delete(key));
  return removed.length === 0 ? text : doc.toString({ lineWidth: 0 });
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === "TimeoutError") return `no answer within ${DEADLINE_MS / 1000} s`;
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}
