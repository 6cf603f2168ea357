// The texts that make people able to command a host: who signs (allowed_signers) and who may do what (policy.yml).
import { ActionableError, EXIT } from "../errors.ts";
import { PRINCIPAL } from "./envelope.ts";
import { isOperation, type OperationName } from "./operations.ts";
import { SEAT, SEAT_OPERATIONS } from "./policy.ts";
import { isCertificate } from "./ssh-certificate.ts";
import { fingerprint, parseKeyLine } from "./ssh-key.ts";
import { COMMAND_NAMESPACE } from "./ssh-tool.ts";

export interface Admin {
  /** The principal: what stands in the envelope and in the audit log. */
  name: string;
  /** The line of a public key, "ssh-ed25519 AAAA… comment". */
  key: string;
  /** Default: all of them. */
  operations?: readonly string[];
}

/** Whoever unlocks the seat makes its certificate with the key that he commands with. */
const UNLOCKS: OperationName = "seat.grant";

/**
 * /etc/multiverse/control/allowed_signers (ssh-keygen(1), ALLOWED SIGNERS): a line for each person, and one by which that
 * person's key can sign certificates for the seat. Empty for nobody.
 * @throws ActionableError `enroll` for a name or a key that is none, or is there twice
 */
export function allowedSigners(admins: readonly Admin[]): string {
  check(admins);
  const only = `namespaces="${COMMAND_NAMESPACE}"`;
  const lines = admins.flatMap(({ name, key, operations }) => {
    const plain = plainLine(key);
    const unlocks = operations === undefined || operations.includes(UNLOCKS);
    return [`${name} ${only} ${plain}`, ...(unlocks ? [`${SEAT} cert-authority,${only} ${plain}`] : [])];
  });
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * /etc/multiverse/control/policy.yml.
 * @throws ActionableError `enroll` for an operation that there is not, and what allowedSigners() throws
 */
export function policyText(admins: readonly Admin[]): string {
  check(admins);
  const principals = admins.map(({ name, operations }) => {
    return `  ${quoted(name)}: {operations: ${operations === undefined ? "all" : `[${operations.join(", ")}]`}}\n`;
  });
  const seat = `  ${SEAT}: {operations: [${[...SEAT_OPERATIONS].join(", ")}]}\n`;
  return [
    "# Who may tell this host what; docs/formats/control-protocol.md of Multiverse explains it.\n",
    "version: 1\n",
    "principals:\n",
    ...principals,
    seat,
    "two-signers: [key.rotate, cik.make, bootmenu.apply]\n",
    "revert-after: 60\n",
  ].join("");
}

/** JSON's strings are YAML's; a name such as `on` or `1` would be something else without. */
function quoted(name: string): string {
  return JSON.stringify(name);
}

function plainLine(key: string): string {
  return key.trim().split(/\s+/).slice(0, 2).join(" ");
}

function check(admins: readonly Admin[]): void {
  const names = new Set<string>();
  const keys = new Map<string, string>();
  for (const { name, key, operations } of admins) {
    if (!PRINCIPAL.test(name) || name === SEAT)
      throw wrong(`The name ${JSON.stringify(name)} cannot be enrolled.`, "Letters, digits and . _ @ -, not `seat`.");
    if (names.has(name)) throw wrong(`${name} is enrolled twice.`, "One name is one person with one key.");
    names.add(name);
    const parsed = parseKeyLine(key);
    if (parsed === null || isCertificate(parsed.type))
      throw wrong(`What is given as the key of ${name} is no public key.`, "It is the line of a .pub file.");
    const print = fingerprint(parsed.blob);
    const other = keys.get(print);
    // Two signers would be one person.
    if (other !== undefined)
      throw wrong(`${other} and ${name} have the same key.`, "Each person needs a key of their own.");
    keys.set(print, name);
    for (const operation of operations ?? [])
      if (!isOperation(operation))
        throw wrong(`${name} cannot be given ${JSON.stringify(operation)}.`, "`multiverse ctl` lists the operations.");
  }
}

function wrong(message: string, hint: string): ActionableError {
  return new ActionableError({ code: "enroll", exit: EXIT.usage, message, hint });
}
