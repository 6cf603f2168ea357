// A shell on a machine's serial line: commands go in and outputs come back byte for byte, whatever the line does.
import { createHash, randomBytes } from "node:crypto";
import { ActionableError, EXIT } from "../errors.ts";
import type { Serial } from "./serial.ts";

export interface GuestResult {
  exit: number;
  /** Standard output and standard error as the command wrote them. */
  output: string;
}

export interface GuestShell {
  /** Runs a POSIX shell script of any length. A status other than 0 is a result, not an error. */
  run(script: string, options?: { deadlineMs?: number; what?: string }): Promise<GuestResult>;
  /** Runs a script that must succeed and gives its output; throws ActionableError "vm-command-failed". */
  output(script: string, options?: { deadlineMs?: number; what?: string }): Promise<string>;
  /** Runs a script whose lines, of both outputs, are wanted while they are written. */
  stream(
    script: string,
    onLine: (line: string) => void,
    options: { deadlineMs: number; what: string },
  ): Promise<number>;
  serial: Serial;
}

const DEADLINE_MS = 120_000;

/**
 * Takes over a serial line that shows a root shell's prompt: a plain `sh` without echo, prompt or history, and kernel
 * and systemd messages kept off the line. Scripts and outputs travel as base64 with a checksum, so that neither the
 * terminal's 4096-byte line limit nor its newline translation touches them.
 */
export async function openGuestShell(serial: Serial, parent = "/run"): Promise<GuestShell> {
  const id = randomBytes(4).toString("hex");
  // In memory on every guest of ours: scripts may hold secrets.
  const folder = `${parent}/mv-shell-${id}`;
  // The marker is put together by printf, so that the echo of this line is not taken for its output.
  serial.send(
    ` exec env PS1= PS2= HISTFILE= TERM=dumb LC_ALL=C.UTF-8 sh -c 'stty -echo cols 1000 rows 50; ` +
      `{ dmesg -n 1; kill -s RTMIN+21 1; } 2>/dev/null; mkdir -m 700 ${folder}; ` +
      `printf "@@%s@@\\n" open-${id}; exec sh -i'\n`,
  );
  await serial.waitFor(`@@open-${id}@@`, { deadlineMs: DEADLINE_MS, what: "a plain shell on the serial line" });
  let count = 0;

  const feed = (script: string, how: string): string => {
    const mark = `${id}-${count++}`;
    const lines =
      Buffer.from(script)
        .toString("base64")
        .match(/.{1,76}/g) ?? [];
    serial.send(`base64 -d >${folder}/in <<'END'\n${lines.join("\n")}\nEND\n${how.replaceAll("MARK", mark)}\n`);
    return mark;
  };

  const run: GuestShell["run"] = async (script, options = {}) => {
    const wait = { deadlineMs: options.deadlineMs ?? DEADLINE_MS, what: options.what ?? "a command to end" };
    const mark = feed(
      script,
      `sh ${folder}/in >${folder}/out 2>&1 </dev/null; printf '\\n@@%s %s@@\\n' MARK $?; base64 ${folder}/out; ` +
        `printf '@@%s %s@@\\n' end-MARK "$(sha256sum <${folder}/out)"`,
    );
    const exit = (await serial.waitFor(new RegExp(`@@${mark} (\\d+)@@`), wait))[1];
    const rest = await serial.waitFor(new RegExp(`([\\s\\S]*?)@@end-${mark} ([0-9a-f]{64})[^@]*@@`), {
      deadlineMs: DEADLINE_MS,
      what: "the output of a command",
    });
    const bytes = Buffer.from((rest[1] ?? "").replaceAll(/\s/g, ""), "base64");
    if (createHash("sha256").update(bytes).digest("hex") !== rest[2]) throw garbledError();
    return { exit: Number(exit), output: bytes.toString("utf8") };
  };

  return {
    serial,
    run,
    async output(script, options) {
      const { exit, output } = await run(script, options);
      if (exit !== 0) throw failedError(script, exit, output);
      return output;
    },
    async stream(script, onLine, options) {
      let buffer = "";
      const stop = serial.watch((text) => {
        buffer += text;
        const lines = buffer.split(/\r*\n/);
        buffer = lines.pop() ?? "";
        for (const line of lines) {
          // Of a line that was written over itself, a progress bar, the last state counts.
          const last = line.split("\r").at(-1) ?? "";
          if (last !== "" && !last.startsWith(`@@${id}`)) onLine(last);
        }
      });
      try {
        const mark = feed(script, `sh ${folder}/in </dev/null 2>&1; printf '\\n@@%s %s@@\\n' MARK $?`);
        const found = await serial.waitFor(new RegExp(`@@${mark} (\\d+)@@`), options);
        return Number(found[1]);
      } finally {
        stop();
      }
    },
  };
}

/** Logs in where a getty asks, and waits for the prompt of a shell. An empty line makes it ask again if it has already. */
export async function logIn(serial: Serial, user: string, password: string, deadlineMs: number): Promise<void> {
  serial.send("\n");
  await serial.waitFor(/login: ?$/, { deadlineMs, what: "the login prompt" });
  serial.send(`${user}\n`);
  // In the host's language.
  await serial.waitFor(/(?:Password|Passwort|Hasło): ?$/, { deadlineMs: DEADLINE_MS, what: "the password prompt" });
  serial.send(`${password}\n`);
  await serial.waitFor(/[#$] $/, { deadlineMs: DEADLINE_MS, what: "a shell prompt", unless: /Login incorrect/ });
}

/** From the shell of a user who may use sudo to a root shell. */
export async function becomeRoot(serial: Serial, password: string): Promise<void> {
  serial.send("exec sudo -p 'sudo asks: ' -i\n");
  await serial.waitFor(/sudo asks: $/, { deadlineMs: DEADLINE_MS, what: "sudo to ask for the password" });
  serial.send(`${password}\n`);
  await serial.waitFor(/# $/, { deadlineMs: DEADLINE_MS, what: "a root shell", unless: /Sorry, try again/ });
}

function garbledError(): ActionableError {
  return new ActionableError({
    code: "vm-line-garbled",
    exit: EXIT.stepFailed,
    message: "The output of a command arrived damaged: something else wrote to the serial line.",
    hint: "See serial.log in the machine's artefacts.",
  });
}

function failedError(script: string, exit: number, output: string): ActionableError {
  return new ActionableError({
    code: "vm-command-failed",
    exit: EXIT.stepFailed,
    message: `A command in the machine ended with status ${exit}: ${script.trim().split("\n")[0]}`,
    evidence: output.trim().split("\n").slice(-20),
  });
}
