// Takes the attacks of test/vm/attack/ to a host and runs them there as a user without rights.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { REPO } from "./run-scenarios.ts";
import type { Context } from "./scenario.ts";

const Line = z.union([
  z.object({ title: z.string(), seen: z.string(), expected: z.string() }),
  z.object({ accepted: z.string() }),
  z.object({ note: z.string() }),
]);

export interface AttackProgram {
  /** Runs one kind of attack as this user, in the user's home; each line of it becomes a check. */
  run(user: string, kind: string, ...words: string[]): Promise<void>;
  /** The ids of the commands that were rightly signed and done. */
  readonly accepted: ReadonlySet<string>;
}

const PROGRAM = "/opt/attack.mjs";
/** The longest are slow on purpose. */
const DEADLINE_MS = 900_000;

export async function putAttackProgram(context: Context, shell: GuestShell): Promise<AttackProgram> {
  const bundle = join(context.work, "attack.mjs");
  const rolldown = join(REPO, "node_modules/rolldown/bin/cli.mjs");
  await context.tools.run([
    ...([process.execPath, rolldown, join(REPO, "test/vm/attack/main.ts")] as const),
    ...["--format", "esm", "--platform", "node", "--file", bundle],
  ]);
  const text = (await readFile(bundle)).toString("base64");
  await shell.output(`mkdir -p /opt; echo ${text} | base64 -d >${PROGRAM}; chmod 644 ${PROGRAM}`);
  const accepted = new Set<string>();
  return {
    accepted,
    async run(user, kind, ...words) {
      const quoted = [kind, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
      // Not by a login: the screen's user has none. The words are the program's own arguments, whatever is in them.
      const script = `cd "$(getent passwd ${user} | cut -d: -f6)" 2>/dev/null || cd /; exec runuser -u ${user} -- /usr/lib/multiverse-node/node ${PROGRAM} ${quoted}`;
      const { exit, output } = await context.timed(`attack ${kind}`, () =>
        shell.run(script, { deadlineMs: DEADLINE_MS, what: `the attack ${kind}` }),
      );
      let checks = 0;
      for (const text of output.trimEnd().split("\n")) {
        if (!text.startsWith("{")) continue;
        const line = Line.parse(JSON.parse(text));
        if ("note" in line) context.log(line.note);
        else if ("accepted" in line) accepted.add(line.accepted);
        else {
          context.same(line.title, line.seen, line.expected);
          checks += 1;
        }
      }
      // One that broke off has not shown anything.
      if (exit !== 0 || checks === 0) context.check(`the attack ${kind} ran to its end`, false, output);
    },
  };
}
