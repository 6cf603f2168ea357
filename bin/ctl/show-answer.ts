// What came of a command, in words and as an exit code; each refusal with what to do about it.
import type { RefusalCode } from "../../core/control/refusal.ts";
import { ActionableError, EXIT, type ExitCode } from "../../core/errors.ts";
import { scrubLine } from "../../core/inventory/scrub.ts";
import type { Answer } from "./talk.ts";

const CLOCKS = "Compare the two machines' clocks: timedatectl";

/** A host never says which names and keys it knows: that is not told to whoever asks. */
const HINTS: Partial<Record<RefusalCode, string>> = {
  "wrong-host": "The command was signed for another host: sign it again, with the --host-key of this one.",
  lifetime: "A command is good for 24 h at most: --hours",
  expired: `Sign it again. ${CLOCKS}`,
  "issued-in-future": CLOCKS,
  "clock-set-back": "Correct the host's clock: timedatectl",
  challenge: "It has to be signed within a minute: run it again; an ssh-agent spares typing the passphrase.",
  sequence: "A newer command of this key came before: sign it again, or give a higher --seq.",
  "signature-refused":
    "Is this key enrolled on that host, and under this name? --principal NAME, --key FILE. It may have been revoked.",
  policy: "The host's policy (/etc/multiverse/control/policy.yml) does not let this name do that.",
  "policy-unreadable": "On the host: journalctl -u multiversed",
  "two-signers": "--second-key FILE --second-principal NAME, or --code CODE with what tty1 of the host shows.",
  presence:
    "Read the code that tty1 of the host shows now; it changes after use, after wrong tries and every ten minutes.",
  "seat-certificate": "Unlock it: multiverse ctl seat.grant --code CODE",
  "not-yet": "`multiverse ctl` lists what is built.",
  "unknown-operation": "`multiverse ctl` lists the operations. The host may have another version.",
  arguments: "`multiverse ctl` lists the operations with their arguments; name=text, or name:=JSON.",
  state: "See what state it is in now, or leave out --if-state.",
  busy: "Send it again in a moment.",
};

/**
 * Writes what was done, or throws what was not.
 * @param json the message as it came goes to standard output, whatever it says
 * @throws ActionableError `command-refused` (exit 4), `command-failed`, `command-in-doubt` (exit 5)
 */
export function showAnswer(
  op: string,
  { message, signed }: Answer,
  json: boolean,
  out: (text: string) => void,
): ExitCode {
  if (json) out(`${JSON.stringify({ signed, message })}\n`);
  if (message.type === "result" && message.outcome === "done") {
    const repeated = message.repeated ? " (it had been done before)" : "";
    const data = Object.keys(message.data).length === 0 ? "" : `${JSON.stringify(message.data)}\n`;
    if (!json) out(scrubbed(`${op}: ${message.text ?? "done"}${repeated}\n${data}`));
    return EXIT.done;
  }
  if (message.type === "refused") {
    const unproven = signed ? [] : ["not signed by the host: such an answer can only say that nothing was done"];
    throw new ActionableError({
      code: "command-refused",
      exit: EXIT.refused,
      message: `${op} was refused: ${message.text}`,
      evidence: [`reason: ${message.code}`, ...unproven],
      ...hint(HINTS[message.code]),
    });
  }
  if (message.type === "result" && message.outcome === "failed")
    throw new ActionableError({
      code: "command-failed",
      exit: message.code === "failed" ? EXIT.stepFailed : EXIT.refused,
      message: `${op} failed: ${message.text ?? "no reason was given"}`,
      evidence: message.code === null ? [] : [`reason: ${message.code}`],
      ...hint(message.code === null ? undefined : HINTS[message.code]),
    });
  throw new ActionableError({
    code: "command-in-doubt",
    exit: EXIT.stepFailed,
    message: `${op} was accepted, and nobody saw its end.`,
    hint: "It is not run again by itself. Look at the host before you send another.",
  });
}

function hint(text: string | undefined): { hint?: string } {
  return text === undefined ? {} : { hint: text };
}

function scrubbed(text: string): string {
  return text.split("\n").map(scrubLine).join("\n");
}
