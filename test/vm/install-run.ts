// Runs `multiverse install` in a rescue machine and follows its progress events.
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { InstallEvent } from "../../core/execute/events.ts";
import { scrub } from "../../core/vm/scrub.ts";
import type { Rescue } from "./boot-rescue.ts";
import type { HostSecrets } from "./host-secrets.ts";
import { SPEC_PATH } from "./rescue-machine.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface InstallResult {
  exit: number;
  events: InstallEvent[];
}

export interface InstallOptions {
  /** Given by file descriptors; without it the spec must not ask for one. */
  secrets?: HostSecrets;
  resume?: boolean;
  /** The hash of the plan that was read: confirms what it erases. */
  expectPlan?: string;
  /** With `resume`: another source than the one it began with. */
  source?: string;
  /** Specs in the rescue system, later ones winning; default the state disk's multiverse.yml. */
  files?: readonly string[];
  onEvent?: (event: InstallEvent) => void;
}

/** The event in a line of output, or null: other text may stand before it on a console. */
export function parseEvent(line: string): InstallEvent | null {
  const at = line.indexOf('{"event":');
  if (at < 0) return null;
  try {
    return JSON.parse(scrub(line.slice(at)).trim()) as InstallEvent;
  } catch {
    return null;
  }
}

/** The install's command; passphrases come from here-documents, which a shell hands over as file descriptors. */
function installScript(options: InstallOptions): string {
  const words = (options.files ?? [SPEC_PATH]).join(" ");
  const flags = [
    "--headless --progress json",
    ...(options.resume === true ? ["--resume"] : []),
    ...(options.expectPlan === undefined ? [] : [`--expect-plan ${options.expectPlan}`]),
    ...(options.source === undefined ? [] : [`--source ${options.source}`]),
  ].join(" ");
  if (options.secrets === undefined) return `multiverse install ${words} ${flags}\n`;
  const { passphrase, recoveryPassphrase } = options.secrets;
  return [
    `multiverse install ${words} ${flags} --passphrase-fd 8 --recovery-passphrase-fd 9 8<<'A' 9<<'B'`,
    ...[passphrase, "A", recoveryPassphrase, "B", ""],
  ].join("\n");
}

/** Installs and logs each step with its time; a status other than 0 is a result. */
export async function install(context: Context, rescue: Rescue, options: InstallOptions = {}): Promise<InstallResult> {
  const events: InstallEvent[] = [];
  const onLine = (line: string) => {
    const event = parseEvent(line);
    if (event === null) {
      // What is not an event is what went wrong, in words.
      const words = scrub(line).trim();
      if (words !== "") context.log(`  ${words}`);
      return;
    }
    events.push(event);
    if (event.event === "step" && event.state !== "start")
      context.log(`  step ${event.index}/${event.of} ${event.title}: ${event.state}${inSeconds(event.ms)}`);
    if (event.event === "warning") context.log(`  warning: ${scrub(event.message)}`);
    if (event.event === "failed")
      context.log(`  failed: ${scrub([event.error.message, ...event.error.evidence].join("\n    "))}`);
    options.onEvent?.(event);
  };
  const wait = { deadlineMs: DEADLINE.install, what: "the install to end", unless: /Kernel panic/ };
  try {
    return await context.timed(`${rescue.machine.name}: multiverse install`, async () => {
      const exit = await rescue.shell.stream(installScript(options), onLine, wait);
      return { exit, events };
    });
  } finally {
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    await appendFile(join(context.folder, "install-events.jsonl"), lines);
  }
}

function inSeconds(ms: number | undefined): string {
  return ms === undefined ? "" : ` (${(ms / 1000).toFixed(1)} s)`;
}
