// This computer as the place that an admin commands a host from: ssh with a configuration of its own, and keys that never leave it.
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { EXPECTED } from "./host-spec.ts";
import { REPO } from "./run-scenarios.ts";
import type { Context } from "./scenario.ts";

export interface SecondPlace {
  /** What stands behind --host. */
  url: string;
  /** The admin's private key. */
  key: string;
  /** The public half of the ssh key that opens the way to the host, and commands nothing there. */
  wayIn: string;
  /** Writes known_hosts anew: the lines of the keys that the host is known by here. */
  know(...lines: readonly string[]): Promise<void>;
  /** `multiverse ctl` of this checkout with these words. */
  ctl(...words: readonly string[]): Promise<{ exit: number; output: string }>;
}

/** A port of 127.0.0.1 that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** `port`: passed on to the host's sshd. */
export async function makeSecondPlace(context: Context, port: number, adminKey: string): Promise<SecondPlace> {
  const folder = join(context.work, "second-place");
  const file = (name: string) => join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file("admin"), adminKey, { mode: 0o600 });
  const { run } = context.tools;
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "way-in", "-f", file("way-in")]);
  await writeFile(
    file("config"),
    [
      ...["Host *", `IdentityFile ${file("way-in")}`, "IdentitiesOnly yes", "BatchMode yes", "ConnectTimeout 120"],
      ...["StrictHostKeyChecking yes", `UserKnownHostsFile ${file("known_hosts")}`, "GlobalKnownHostsFile none", ""],
    ].join("\n"),
  );
  // What ssh reads is found by the user's entry in passwd: only an option leads it past this computer's own.
  await writeFile(file("ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${file("config")} "$@"\n`);
  await chmod(file("ssh"), 0o755);
  const url = `ssh://${EXPECTED.user}@127.0.0.1:${port}`;
  return {
    url,
    key: file("admin"),
    wayIn: file("way-in.pub"),
    know: (...lines) =>
      writeFile(file("known_hosts"), lines.map((line) => `[127.0.0.1]:${port} ${line.trim()}\n`).join("")),
    async ctl(...words) {
      const result = await run([process.execPath, join(REPO, "bin/main.ts"), "ctl", ...words], {
        environment: { PATH: `${folder}:${process.env.PATH ?? ""}`, SSH_AUTH_SOCK: "" },
        ok: [0, 1, 2, 3, 4, 5, 70],
        timeoutMs: 600_000,
      });
      return { exit: result.exit, output: `${result.stdout}${result.stderr}` };
    },
  };
}

/** Lets the second place in as the user, for nothing but commands (docs/commands.md, Over ssh). */
export async function letIn(context: Context, shell: GuestShell, place: SecondPlace): Promise<void> {
  const { user } = EXPECTED;
  const { stdout } = await context.tools.run(["cat", place.wayIn]);
  await shell.output(
    `install -d -m 700 -o ${user} -g ${user} /home/${user}/.ssh\n` +
      `cat >/home/${user}/.ssh/authorized_keys <<'END-OF-KEY'\ncommand="multiverse control-pipe",restrict ${stdout}END-OF-KEY\n` +
      `chown ${user}: /home/${user}/.ssh/authorized_keys`,
  );
}
