// The TPM's own memory for the audit log: a counter that only goes up, and the end of the log that it counted last.
import { existsSync } from "node:fs";
import { ProgramError } from "../errors.ts";
import type { Argv, Run } from "../tools/run.ts";
import type { AuditHead } from "./audit.ts";

/** What a TPM remembers. */
export interface Counted {
  /** How many heads were anchored there, ever; 0: the counter is missing or was never raised. */
  counter: number;
  /** The last of them; null: none, or what is there is not ours. */
  head: AuditHead | null;
}

/** An anchor that takes its time: programs are started, and each may take seconds. */
export interface HeadCounter {
  /** Whether there is anything to ask; asks nobody. */
  present(): boolean;
  /** null: it was never used. Throws TpmAbsent where there is none, ProgramError where it does not answer. */
  read(signal: AbortSignal): Promise<Counted | null>;
  /** Makes what is missing of counter and head; the counter stands at no less than any that it ever had. */
  define(signal: AbortSignal): Promise<Counted>;
  /** Keeps the head and raises the counter by one; returns where it stands. */
  anchor(head: AuditHead, signal: AbortSignal): Promise<number>;
}

/** There is no TPM, or nothing to talk to it with. */
export class TpmAbsent extends Error {}

/** Indices of the owner's range (TCG Registry of Reserved TPM 2.0 Handles, 2.2.2: 0x01800000 to 0x01BFFFFF). */
const COUNTER = "0x01804D56";
const HEAD = "0x01804D57";
/** The number of lines, a space and the hash in hex, filled up with spaces. */
const HEAD_BYTES = 96;
/** Read by whoever reaches the TPM, even when its owner gets a password later; not locked by wrong passwords. */
const ATTRIBUTES = "ownerread|ownerwrite|authread|no_da";
const TIMEOUT_MS = 30_000;
/** TPM_RC_NV_UNINITIALIZED (TPM 2.0 Library, part 2, 6.6.3): defined, and never written. */
const NEVER_WRITTEN = /0x0*14A\b/i;

export interface TpmNvOptions {
  run: Run;
  /** How tpm2-tools reaches it (tpm2-tools(1), TCTI). */
  tcti?: string;
  /** What must exist; null: nothing to look for. */
  device?: string | null;
}

/** By tpm2-tools (5.4 and 5.7 say the same), with the owner's empty password. */
export function tpmNv({ run, tcti = "device:/dev/tpmrm0", device = "/dev/tpmrm0" }: TpmNvOptions): HeadCounter {
  const present = () => device === null || existsSync(device);
  const tpm2 = async (program: string, args: readonly string[], signal: AbortSignal, stdin?: string) => {
    if (!present()) throw new TpmAbsent("this machine has no TPM 2.0");
    const argv: Argv = [`tpm2_${program}`, "-T", tcti, ...args];
    const options = { bare: true, timeoutMs: TIMEOUT_MS, signal, ...(stdin === undefined ? {} : { stdin }) };
    try {
      return (await run(argv, options)).stdout;
    } catch (cause) {
      if (cause instanceof ProgramError && cause.reason === "missing") throw new TpmAbsent("tpm2-tools is missing");
      throw cause;
    }
  };
  const handles = async (signal: AbortSignal) =>
    (await tpm2("getcap", ["handles-nv-index"], signal)).toUpperCase().match(/0X[0-9A-F]+/g) ?? [];
  const has = (found: readonly string[], index: string) => found.some((one) => Number(one) === Number(index));
  /** Empty: never written. */
  const readIndex = async (args: readonly string[], signal: AbortSignal) => {
    try {
      return await tpm2("nvread", args, signal);
    } catch (cause) {
      if (cause instanceof ProgramError && NEVER_WRITTEN.test(cause.stderr)) return "";
      throw cause;
    }
  };
  const readCounter = async (signal: AbortSignal) =>
    counterOf(await readIndex([COUNTER, "-C", COUNTER, "--print-yaml"], signal));
  const read = async (signal: AbortSignal) => {
    const found = await handles(signal);
    if (!has(found, COUNTER) && !has(found, HEAD)) return null;
    return {
      counter: has(found, COUNTER) ? await readCounter(signal) : 0,
      head: has(found, HEAD) ? headOf(await readIndex([HEAD, "-C", HEAD], signal)) : null,
    };
  };
  const increment = (signal: AbortSignal) => tpm2("nvincrement", [COUNTER, "-C", "o"], signal);
  return {
    present,
    read,
    async define(signal) {
      const found = await handles(signal);
      if (!has(found, HEAD)) {
        await tpm2("nvdefine", [HEAD, "-C", "o", "-s", String(HEAD_BYTES), "-a", ATTRIBUTES], signal);
      }
      if (!has(found, COUNTER)) {
        await tpm2("nvdefine", [COUNTER, "-C", "o", "-a", `${ATTRIBUTES}|nt=counter`], signal);
      }
      // A new counter begins above the highest that the TPM ever deleted, which its first step tells (part 3, 31.8).
      if ((await readCounter(signal)) === 0) await increment(signal);
      return (await read(signal)) ?? { counter: 0, head: null };
    },
    async anchor(head, signal) {
      await tpm2("nvwrite", [HEAD, "-C", "o", "-i", "-"], signal, headText(head));
      await increment(signal);
      return readCounter(signal);
    },
  };
}

function headText({ entries, hash }: AuditHead): string {
  return `${entries} ${hash}`.padEnd(HEAD_BYTES);
}

/** null: empty, or not what headText makes. */
export function headOf(text: string): AuditHead | null {
  const [, entries, hash] = /^(\d{1,15}) ([0-9a-f]{64}) *$/.exec(text) ?? [];
  return entries === undefined || hash === undefined ? null : { entries: Number(entries), hash };
}

/** tpm2_nvread --print-yaml of a counter: "counter: 7". Throws where it says something else. */
export function counterOf(text: string): number {
  if (text.trim() === "") return 0;
  const value = /^counter: (\d{1,15})$/m.exec(text)?.[1];
  if (value === undefined) throw new Error("the TPM's counter could not be read");
  return Number(value);
}
