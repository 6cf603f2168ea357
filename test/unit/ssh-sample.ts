// Real keys, certificates and agents, made while a test runs by the real programs, and gone with it.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprint, parseKeyLine } from "../../core/control/ssh-key.ts";

export interface SampleKey {
  file: string;
  /** The line of its public half. */
  line: string;
  blob: Buffer;
  fingerprint: string;
}

export interface SampleAgent {
  socket: string;
  add(key: SampleKey): void;
  end(): Promise<void>;
}

/** A folder with the shortest possible name: a socket's path may have 107 characters. */
export function sampleFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "mv-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function makeKey(folder: string, name: string, type = "ed25519", passphrase = ""): SampleKey {
  const file = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", name, "-f", file]);
  const line = readFileSync(`${file}.pub`, "utf8").trim();
  const key = parseKeyLine(line);
  if (key === null) throw new Error(`ssh-keygen made no key: ${line}`);
  return { file, line, blob: key.blob, fingerprint: fingerprint(key.blob) };
}

/** A certificate of `key` by `authority`; the options are those of `ssh-keygen -s`. Its line. */
export function certify(folder: string, authority: SampleKey, key: SampleKey, ...options: string[]): string {
  const file = join(folder, `certified-${Math.random().toString(36).slice(2)}.pub`);
  writeFileSync(file, `${key.line}\n`);
  execFileSync("ssh-keygen", ["-q", "-s", authority.file, "-I", "sample", ...options, file]);
  return readFileSync(file.replace(/\.pub$/, "-cert.pub"), "utf8").trim();
}

/** A real ssh-agent with a socket of its own. */
export async function startAgent(folder: string, name = "agent"): Promise<SampleAgent> {
  const socket = join(folder, name);
  const child: ChildProcess = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // It prints where it listens once it does.
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", () => reject(new Error("ssh-agent did not start")));
  });
  return {
    socket,
    add: (key) => void execFileSync("ssh-add", ["-q", key.file], { env: { ...process.env, SSH_AUTH_SOCK: socket } }),
    end: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** What `ssh-keygen -Y verify` says: exit status and words. */
export function verifyFor(
  folder: string,
  allowedSigners: string,
  principal: string,
  namespace: string,
  message: Uint8Array,
  armoured: string,
): { ok: boolean; said: string } {
  const allowed = join(folder, "allowed");
  const signature = join(folder, "message.sig");
  writeFileSync(allowed, allowedSigners);
  writeFileSync(signature, armoured);
  const { status, stdout, stderr } = spawnSync(
    "ssh-keygen",
    ["-Y", "verify", "-f", allowed, "-I", principal, "-n", namespace, "-s", signature],
    { input: message, encoding: "utf8" },
  );
  return { ok: status === 0, said: `${stdout}${stderr}` };
}
