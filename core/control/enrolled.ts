// The files of /etc/multiverse/control, read again when they have changed: who may command, and what each may do.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PRINCIPAL } from "./envelope.ts";
import { type Policy, SEAT } from "./policy.ts";
import { Refusal } from "./refusal.ts";

export class Enrolled {
  readonly allowedSigners: string;
  readonly revokedKeys: string;
  readonly #policyPath: string;
  #policyStamp = "";
  #policy: Policy | Refusal = new Refusal("policy-unreadable", "The policy has not been read.");

  constructor(folder: string) {
    this.allowedSigners = join(folder, "allowed_signers");
    this.revokedKeys = join(folder, "revoked_keys");
    this.#policyPath = join(folder, "policy.yml");
  }

  /** Throws Refusal "policy-unreadable": without a policy nobody may do anything. */
  async policy(): Promise<Policy> {
    const stamp = stampOf(this.#policyPath);
    if (stamp !== this.#policyStamp) {
      this.#policy = await readPolicy(this.#policyPath);
      this.#policyStamp = stamp;
    }
    if (this.#policy instanceof Refusal) throw this.#policy;
    return this.#policy;
  }

  /** Names that are in the policy as it was last read and among the signers; sorted. */
  admins(): string[] {
    const { principals } = this.#policy instanceof Refusal ? { principals: new Map() } : this.#policy;
    const signers = principalsOf(readText(this.allowedSigners));
    return [...principals.keys()].filter((name) => name !== SEAT && signers.has(name)).sort();
  }
}

/** The first field of each line that is neither empty nor a comment, names only (ssh-keygen(1), ALLOWED SIGNERS). */
function principalsOf(text: string): Set<string> {
  const names = text
    .split("\n")
    .flatMap((line) => (/^\s*(#|$)/.test(line) ? [] : (line.trim().split(/\s/)[0] ?? "").split(",")));
  return new Set(names.filter((name) => PRINCIPAL.test(name)));
}

async function readPolicy(path: string): Promise<Policy | Refusal> {
  try {
    const { parsePolicy } = await import("./policy-file.ts");
    return parsePolicy(readFileSync(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new Refusal(
      "policy-unreadable",
      `The policy cannot be read, so nobody may do anything: ${why.slice(0, 300)}`,
    );
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "none" : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
