// Looks at the controllers of a host under test from inside: waits for states on its status socket, uses a console's socket.
import type { Controller } from "../../core/status/controller-facts.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { DEADLINE } from "./scenario.ts";
import { heard } from "./tiny-controllers.ts";

const NODE = "/usr/lib/multiverse-node/node --max-semi-space-size=1";

/** Prints the controller as soon as it is in that state, and ends with 1 when it is not so in time. */
const WAIT = `import { connect } from "node:net";
const [name, state, seconds] = process.argv.slice(2);
let rest = "";
let last = null;
const end = (status) => { console.log(JSON.stringify(last)); process.exit(status); };
setTimeout(end, Number(seconds) * 1000, 1);
connect("/run/multiverse/status.sock").setEncoding("utf8").on("data", (text) => {
  const lines = (rest + text).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    const message = JSON.parse(line);
    const part = message.type === "snapshot" ? message.parts.controllers : message.name === "controllers" ? message.part : null;
    last = part?.value?.find((each) => each.name === name) ?? last;
    if (last?.state === state) end(0);
  }
});
`;

/** Milliseconds from connecting to the end of the snapshot, several times; and what is in it. */
const SNAPSHOT = `import { connect } from "node:net";
const times = [];
for (let at = 0; at < 20; at++) {
  const began = performance.now();
  const text = await new Promise((resolve) => {
    const pieces = [];
    connect("/run/multiverse/status.sock").on("data", function (piece) {
      pieces.push(piece);
      if (piece.includes(10)) { times.push(performance.now() - began); this.destroy(); resolve(Buffer.concat(pieces).toString()); }
    });
  });
  if (at === 19) {
    times.sort((a, b) => a - b);
    const { controllers } = JSON.parse(text.split("\\n")[0]).parts;
    console.log(JSON.stringify({ median: times[10], most: times[19], bytes: text.length, controllers: controllers.value.length, failure: controllers.failure }));
    process.exit(0);
  }
}
`;

/** Types a line on a console through its socket, and prints what comes back until the answer is there. */
const TALK = `import { connect } from "node:net";
const [path, line, answer] = process.argv.slice(2);
let text = "";
const end = (said, status) => { console.log(said); process.exit(status); };
setTimeout(() => end(text, 2), 120_000);
connect(path, function () { this.write(line + "\\n"); })
  .on("error", (error) => end(error.code, 1))
  .on("data", (bytes) => { text += bytes; if (text.includes(answer)) end(text, 0); });
`;

export interface Snapshot {
  /** Milliseconds. */
  median: number;
  most: number;
  bytes: number;
  controllers: number;
  failure: string | null;
}

export interface ControllerWatch {
  /** As the status socket tells it, once it is in that state; null when it is not in time. */
  becomes(name: string, state: Controller["state"]): Promise<{ controller: Controller | null; state: string }>;
  /** As \`multiverse status --json\` tells it. */
  told(name: string): Promise<Controller | undefined>;
  snapshot(): Promise<Snapshot>;
  /** What somebody gets who types a line at a console's socket, and the status: 0 when it was answered. */
  talk(user: string, socket: string, line: string): Promise<{ exit: number; output: string }>;
}

const SECONDS = 600;

export async function watchControllers(shell: GuestShell): Promise<ControllerWatch> {
  const scripts = { wait: WAIT, snapshot: SNAPSHOT, talk: TALK };
  await shell.output(
    `mkdir -p /run/watch\n${Object.entries(scripts)
      .map(([name, text]) => `cat >/run/watch/${name}.mjs <<'END'\n${text}END\n`)
      .join("")}`,
  );
  return {
    async becomes(name, state) {
      const { exit, output } = await shell.run(`${NODE} /run/watch/wait.mjs ${name} ${state} ${SECONDS}`, {
        ...{ deadlineMs: 2 * SECONDS * 1000, what: `${name} to be ${state}` },
      });
      const controller = JSON.parse(output) as Controller | null;
      return { controller: exit === 0 ? controller : null, state: controller?.state ?? "unknown" };
    },
    async told(name) {
      const text = await shell.output("multiverse status --json", { deadlineMs: DEADLINE.command });
      const { parts } = JSON.parse(text) as { parts: { controllers: { value: Controller[] | null } } };
      return parts.controllers.value?.find((each) => each.name === name);
    },
    async snapshot() {
      return JSON.parse(await shell.output(`${NODE} /run/watch/snapshot.mjs`)) as Snapshot;
    },
    talk(user, socket, line) {
      const as = `setpriv --reuid=${user} --regid=${user} --clear-groups`;
      return shell.run(`${as} ${NODE} /run/watch/talk.mjs ${socket} '${line}' '${heard(line)}'`);
    },
  };
}
