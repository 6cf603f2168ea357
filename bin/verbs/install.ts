// `multiverse install`: does what the plan says.

import { ActionableError, EXIT } from "../../core/errors.ts";
import type { InstallEvent } from "../../core/execute/events.ts";
import type { SecretSource } from "../../core/execute/secrets.ts";
import { install } from "../../core/install.ts";
import { installUnattended } from "../../core/install-unattended.ts";
import { printSpec } from "../../core/print-spec.ts";
import { sortWords } from "../../core/spec/bare-words.ts";
import { classifySource } from "../../core/spec/source-uri.ts";
import { usage } from "../parse-arguments.ts";
import { type Undone, undo } from "../../core/undo.ts";
import { eventAsText } from "../show-event.ts";
import { KEY_VALUE_HELP, OLDER, SPEC_KEYS } from "../spec-words.ts";
import type { Arguments, Verb } from "../verb.ts";

export const installVerb: Verb = {
  name: "install",
  summary: "install this machine from a spec",
  usage: "install [FILE…] [key=value…] [config] [--resume | --undo] [--until STEP] [--expect-plan HASH] [options]",
  about: [
    "Erases the disk that the spec names, after checking that the spec confirms it (`confirm: {erase: […]}`) or that",
    "the plan is the one expected. Passphrases are read once and never stored; --resume asks for them again.",
    "What is overwritten is saved before, and until the first file system is made --undo puts the disk back as it was.",
    ...KEY_VALUE_HELP,
    "The word `config` prints the spec that all this makes, as YAML, and touches nothing.",
  ],
  options: {
    headless: { says: "ask nothing; until there are screens it is always so" },
    resume: { says: "go on with the installation that was interrupted; needs no FILE" },
    restart: { says: "forget the interrupted installation and begin anew" },
    undo: { says: "put the disk back as it was before the interrupted installation; needs no FILE" },
    until: {
      value: "STEP",
      says: "stop after this step, by its number in the plan or its id; then --resume or --undo",
    },
    "no-resume": { says: "accept that this installation cannot be resumed: there is no place for its journal" },
    "expect-plan": { value: "HASH", says: "run only the plan with this hash, as `multiverse plan` shows it" },
    progress: {
      value: "text|json",
      says: "how progress is told; json: one event a line; default text",
      words: ["text", "json"],
    },
    verbose: { says: "also tell every program that is started, and what it says" },
    source: {
      value: "URI",
      says: "with --resume: copy from another medium that has the same image, live:/dev/disk/by-…",
    },
    "passphrase-fd": { value: "N", says: "read the passphrase from file descriptor N" },
    "passphrase-file": { value: "FILE", says: "read the passphrase from FILE" },
    "recovery-passphrase-fd": { value: "N", says: "read the recovery system's passphrase from file descriptor N" },
    "recovery-passphrase-file": { value: "FILE", says: "read the recovery system's passphrase from FILE" },
    machine: {
      value: "FILE",
      says: "with `config`: a recorded machine (multiverse probe --output) instead of this one",
    },
    "unattended-medium": { says: "install the spec on the medium that was booted from, if it says `unattended: true`" },
  },
  examples: [
    {
      line: "multiverse install jupiter.yml --headless",
      does: "installs without asking; refuses with a list when something is open",
    },
    {
      line: "multiverse install jupiter.yml --expect-plan 4f2a91c703de… --passphrase-fd 3 3<secret",
      does: "only the plan that was read before",
    },
    {
      line: "multiverse install work=live: boot=zfs:///dev/sda:/saturn/g2 host.name=jupiter config >jupiter.yml",
      does: "the older words as a spec, with /dev/sda under the name that stays",
    },
    { line: "multiverse install --resume --passphrase-file /run/secret", does: "after a power cut" },
    { line: "multiverse install jupiter.yml --until partition", does: "nothing yet that --undo could not take back" },
    { line: "multiverse install --undo", does: "a change of mind: the old system is there again" },
  ],
  words: [0, Number.POSITIVE_INFINITY],
  keys: [...OLDER, "config", ...SPEC_KEYS],
  async run({ run, signal, out, say }, args) {
    const json = args.value("progress") === "json";
    const unattended = args.has("unattended-medium");
    const { files, words, config, ...rest } = sortWords(args.words);
    if (config) {
      const machine = args.value("machine");
      out(await printSpec({ files, words, config, ...rest, run, ...(machine === undefined ? {} : { machine }) }));
      return undefined;
    }
    if (args.value("machine") !== undefined) throw usage(installVerb, "--machine goes with `config` only.");
    if (rest.notYet !== null) throw rest.notYet;
    if (files.length + words.length === 0 && !args.has("resume") && !args.has("undo") && !unattended) {
      throw new ActionableError({
        code: "usage",
        exit: EXIT.usage,
        message: "`multiverse install` needs a file.",
        hint: "multiverse install --help",
      });
    }
    const expectPlan = args.value("expect-plan");
    const request = {
      ...{ run, signal, noResume: args.has("no-resume") },
      ...(expectPlan === undefined ? {} : { expectPlan }),
      secrets: { ...secret(args, "passphrase"), ...secret(args, "recovery-passphrase") },
      onEvent: (event: InstallEvent) => {
        if (event.event === "log" && !args.has("verbose")) return;
        if (json) out(`${JSON.stringify(event)}\n`);
        else say(eventAsText(event));
      },
    };
    if (args.has("undo")) {
      refuseWithUndo(args);
      say(undoneAsText(await undo({ run, signal, onEvent: request.onEvent })));
    } else if (unattended) {
      const plan = await installUnattended(request).catch((error: unknown) => {
        // A spec that waits for a person is the ordinary case, not a failure of the unit that asked.
        if (error instanceof ActionableError && error.code === "not-unattended") return error;
        throw error;
      });
      if (plan instanceof ActionableError) {
        say(`${plan.message} ${plan.hint}\n`);
        return EXIT.done;
      }
      say(`${plan.host} is installed; this machine restarts now.\n`);
      await run(["systemctl", "reboot"]);
    } else {
      const source = sourceOption(args);
      const until = args.value("until");
      const stop = until === undefined ? {} : { until };
      await install({
        ...request,
        ...source,
        ...stop,
        ...{ files, words },
        resume: args.has("resume"),
        restart: args.has("restart"),
      });
    }
    return undefined;
  },
};

/** What would be passed over is refused: nobody may think that an undo went on with anything. */
function refuseWithUndo(args: Arguments): void {
  const other = ["resume", "restart", "unattended-medium"].filter((name) => args.has(name));
  const given = ["until", "source", "expect-plan"].filter((name) => args.value(name) !== undefined);
  if (args.words.length === 0 && other.length === 0 && given.length === 0) return;
  throw new ActionableError({
    code: "usage",
    exit: EXIT.usage,
    message: "--undo goes alone: the disk and what was saved of it are in the journal.",
    hint: "multiverse install --undo",
  });
}

function undoneAsText({ plan, restored }: Undone): string {
  const disks = plan.erases.map(({ id, name, content }) => {
    const was = content.length === 0 ? "" : `: ${content.join(", ")}`;
    return `${id} (${name}${was})`;
  });
  const how = restored
    ? "is as it was: every byte that was overwritten is put back, and the partition table is read again"
    : "was not touched: nothing had been erased yet";
  const closed = plan.steps.some(({ data }) => data.kind === "close-holder")
    ? "What had been closed on it (arrays, volumes) stays closed.\n"
    : "";
  return `${disks.map((disk) => `${disk} ${how}.\n`).join("")}${closed}The install of ${plan.host} is forgotten.\n`;
}

function sourceOption(args: Arguments): { source?: string } {
  const source = args.value("source");
  if (source === undefined) return {};
  const problem = !args.has("resume")
    ? "--source goes with --resume; a new install takes its source from the spec."
    : classifySource(source) === "live"
      ? null
      : "--source is `live:`, or `live:` and a medium's name under /dev/disk/by-partuuid or by-id.";
  if (problem === null) return { source };
  throw new ActionableError({ code: "usage", exit: EXIT.usage, message: problem, hint: "multiverse install --help" });
}

function secret(
  args: Arguments,
  name: "passphrase" | "recovery-passphrase",
): Partial<Record<typeof name, SecretSource>> {
  const fd = args.value(`${name}-fd`);
  const file = args.value(`${name}-file`);
  if (fd !== undefined && file !== undefined) {
    throw new ActionableError({
      code: "usage",
      exit: EXIT.usage,
      message: `--${name}-fd and --${name}-file exclude each other.`,
      hint: "multiverse install --help",
    });
  }
  if (file !== undefined) return { [name]: { file } };
  if (fd === undefined) return {};
  if (!/^[0-9]{1,5}$/.test(fd)) {
    throw new ActionableError({
      code: "usage",
      exit: EXIT.usage,
      message: `--${name}-fd takes the number of a file descriptor.`,
      hint: `multiverse install FILE --${name}-fd 3 3<file`,
    });
  }
  return { [name]: { fd: Number(fd) } };
}
