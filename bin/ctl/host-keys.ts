// The keys that a host is known by before it says anything: what it says of itself is only compared with them.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fingerprint, parseKeyLine } from "../../core/control/ssh-key.ts";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { Run } from "../../core/tools/run.ts";
import { knownHostKeys } from "./known-hosts.ts";
import type { Place } from "./place.ts";

const OWN_KEYS = "/etc/ssh/host-keys";

export interface HostKey {
  fingerprint: string;
  /** "TYPE BASE64" */
  line: string;
}

/**
 * @param given of --host-key: the line of a public key, or a file with one
 * @throws ActionableError `host-key`, `host-unknown`
 */
export async function hostKeysOf(place: Place, given: string | undefined, run: Run): Promise<readonly HostKey[]> {
  if (given !== undefined) return [await givenKey(given)];
  const keys = (await linesOf(place, run)).flatMap((line) => toKey(line) ?? []);
  if (keys.length > 0) return keys;
  throw new ActionableError({ code: "host-unknown", exit: EXIT.refused, ...unknown(place) });
}

function linesOf(place: Place, run: Run): Promise<readonly string[]> {
  if (place.kind === "ssh") return knownHostKeys(place, run);
  return isHere(place) ? ownKeys() : Promise.resolve([]);
}

/** CID 1 is the machine that asks (vsock(7), VMADDR_CID_LOCAL). */
const isHere = (place: Place) => place.kind === "local" || (place.kind === "vsock" && place.cid === 1);

function unknown(place: Place): { message: string; evidence: readonly string[]; hint: string } {
  const line = '--host-key "ssh-ed25519 AAAA…"';
  if (place.kind === "local" || isHere(place))
    return {
      message: "This machine has no host key.",
      evidence: [`${OWN_KEYS} has no .pub file that can be read`],
      hint: `Give the line of its public key: ${line}`,
    };
  return {
    message: `The host key of ${place.name} is not known here.`,
    evidence: [],
    hint:
      place.kind === "ssh"
        ? `Compare it with what tty1 of that host shows: ssh ${place.name}. Or give its line: ${line}`
        : `Compare it with what tty1 of that host shows, and give its line, or a file with it: ${line}`,
  };
}

/**
 * The one that the daemon says is its own.
 * @throws ActionableError `other-host` if it is none of those known
 */
export function keyOfHost(keys: readonly HostKey[], said: string): HostKey {
  const found = keys.find((key) => key.fingerprint === said);
  if (found !== undefined) return found;
  throw new ActionableError({
    code: "other-host",
    exit: EXIT.refused,
    message: "That is another host than the one that is known by this name.",
    evidence: [`it says it is ${said}`, ...keys.map((key) => `known is ${key.fingerprint}`)],
    hint: "If it was installed anew, compare with what its tty1 shows, then correct ~/.ssh/known_hosts.",
  });
}

async function ownKeys(): Promise<string[]> {
  const names = await readdir(OWN_KEYS).catch(() => []);
  const files = names.filter((name) => name.endsWith(".pub")).map((name) => join(OWN_KEYS, name));
  return Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
}

async function givenKey(given: string): Promise<HostKey> {
  const key = toKey(given) ?? toKey(await readFile(given, "utf8").catch(() => ""));
  if (key !== null) return key;
  throw new ActionableError({
    code: "host-key",
    exit: EXIT.usage,
    message: "--host-key takes the line of a public key, or a file with it.",
    evidence: [given],
    hint: "On the host: cat /etc/ssh/host-keys/ssh_host_ed25519_key.pub",
  });
}

function toKey(line: string): HostKey | null {
  const key = parseKeyLine(line);
  return key === null
    ? null
    : { fingerprint: fingerprint(key.blob), line: `${key.type} ${key.blob.toString("base64")}` };
}
