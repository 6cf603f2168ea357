// The audit log of a host, judged by other means than the daemon's own: the hash of each line, and the signature of its head.
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { Context } from "./scenario.ts";

export interface AuditEntry {
  n: number;
  prev: string;
  event: string;
  id?: string;
  op?: string;
  by?: string;
  outcome?: string;
  code?: string;
}

const STATE = "/var/lib/multiverse/control";
const LOG = `${STATE}/audit.jsonl`;

/** Where the chain breaks, in words; null where it is whole. */
export function chainBreak(text: string): string | null {
  let prev = "0".repeat(64);
  for (const [index, line] of text.split("\n").slice(0, -1).entries()) {
    const entry = JSON.parse(line) as AuditEntry;
    if (entry.n !== index + 1) return `line ${index + 1} says it is ${entry.n}`;
    if (entry.prev !== prev) return `line ${index + 1} does not follow line ${index}`;
    prev = createHash("sha256").update(line).digest("hex");
  }
  return text.endsWith("\n") ? null : "the last line has no end";
}

export async function readAudit(shell: GuestShell): Promise<{ text: string; entries: AuditEntry[] }> {
  const text = await shell.output(`cat ${LOG}`);
  return {
    text,
    entries: text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditEntry),
  };
}

/** Checks the chain, the signed head by this computer's ssh-keygen, and that the daemon says the same. Its entries. */
export async function checkAudit(context: Context, shell: GuestShell, when: string): Promise<AuditEntry[]> {
  const { text, entries } = await readAudit(shell);
  context.same(`${when}: the audit log is a whole chain`, chainBreak(text) ?? "whole", "whole");
  const said = await shell.run("multiverse status | grep -o 'audit log .*'");
  context.same(`${when}: so says the status`, said.output.trim(), "audit log whole");
  // The head is written a second after the last line.
  const settled = await shell.run(
    `n=0; until [ "$(wc -l <${LOG})" = "$(sed 's/.*entries.":\\([0-9]*\\).*/\\1/' ${STATE}/audit-head.json)" ]; do ` +
      `n=$((n + 1)); [ $n -lt 60 ] || exit 1; sleep 1; done; cat ${STATE}/audit-head.json`,
  );
  context.check(`${when}: its head is about the last line`, settled.exit === 0, settled.output);
  if (settled.exit === 0) {
    const verdict = await verifyHead(context, shell, settled.output);
    context.check(`${when}: the head is signed by the host, says ssh-keygen`, verdict.startsWith("Good "), verdict);
  }
  return entries;
}

async function verifyHead(context: Context, shell: GuestShell, json: string): Promise<string> {
  const { head, signature } = JSON.parse(json) as { head: string; signature: string };
  const key = await shell.output("cat /etc/ssh/host-keys/ssh_host_ed25519_key.pub");
  const [signers, file] = [join(context.work, "host-signers"), join(context.work, "head.sig")];
  await writeFile(signers, `host ${key}`);
  await writeFile(file, signature);
  const { stdout, stderr } = await context.tools.run(
    ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "host", "-n", "multiversed-audit@v1", "-s", file],
    { stdin: head, ok: [0, 1, 255] },
  );
  return `${stdout}${stderr}`;
}
