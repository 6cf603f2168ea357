// A report of a failed install for whoever helps: one text, safe to give away, and its essentials for a QR code.
import type { ErrorReport, InstallEvent } from "../execute/events.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { scrubLine } from "../inventory/scrub.ts";
import { copiedFrom, shortHash } from "../plan/render.ts";
import type { Plan } from "../plan/step.ts";
import { sizeInWords } from "../size-in-words.ts";
import { redact } from "./redact.ts";

/** What a report is made from; `core/report/gather.ts` finds it on the running machine. */
export interface ReportParts {
  /** ISO 8601. */
  when: string;
  /** The program's version. */
  version: string;
  /** Null when it failed before there was one. */
  plan: Plan | null;
  error: ErrorReport;
  /** Null where the machine could not be looked at. */
  inventory: Inventory | null;
  /** Lines of steps.jsonl. */
  journal: readonly string[];
  events: readonly InstallEvent[];
  /** Last lines of the kernel's log. */
  kernel: readonly string[];
  /** Values that must not be in it: the passphrases, where they are known. */
  secrets?: readonly string[];
}

export interface FailureReport {
  text: string;
  /** At most 300 characters. */
  essentials: string;
}

const ESSENTIALS = 300;
/** A log line more or less does not help; a report must fit on a stick and be read. */
const EVENTS_KEPT = 400;

/** Pure. The plan is not in it, only its hash: plans hold password hashes and keys. */
export function failureReport(parts: ReportParts): FailureReport {
  const { plan, error, inventory, kernel, journal, events } = parts;
  const step = failedStep(plan, events);
  const sections: [string, readonly string[]][] = [
    [
      "What failed",
      [
        ...(step === null ? [] : [`step ${step.index} of ${step.of}: ${step.title} (${step.id})`]),
        `${error.message} [${error.code}]`,
        ...error.evidence.map((line) => `  ${line}`),
        ...(error.hint === undefined ? [] : [`-> ${error.hint}`]),
      ],
    ],
    ["Plan", plan === null ? ["there was none"] : planLines(plan)],
    ["Machine", inventory === null ? ["could not be looked at"] : machineLines(inventory)],
    ["Journal", journal],
    ["Events", shown(events).slice(-EVENTS_KEPT)],
    ["Kernel", kernel],
  ];
  const body = sections.flatMap(([title, lines]) => ["", `== ${title}`, ...(lines.length === 0 ? ["none"] : lines)]);
  const head = ["Multiverse: report of a failed installation", `version ${parts.version}`, `made ${parts.when}`];
  // Redacted as a whole first: a key may go over several lines. Then line by line, so that nothing can forge one.
  const text = redact([...head, ...body].join("\n"), parts.secrets);
  return { text: `${text.split("\n").map(scrubLine).join("\n")}\n`, essentials: essentials(parts) };
}

/** For a QR code: version, plan, step, error and the last line of the evidence. */
export function essentials({ version, plan, error, events, secrets }: ReportParts): string {
  const step = failedStep(plan, events);
  const words = [
    `multiverse ${version}`,
    `plan ${plan === null ? "none" : shortHash(plan.hash)}`,
    `step ${step?.id ?? "none"}`,
    error.code,
    error.evidence.findLast((line) => line.trim() !== "") ?? error.message,
  ];
  // Redacted before it is cut: half a secret is one, too.
  const clean = redact(words.map((word) => scrubLine(word).replace(/\s+/g, " ").trim()).join("; "), secrets);
  return clean.length > ESSENTIALS ? `${clean.slice(0, ESSENTIALS - 1)}…` : clean;
}

interface FailedStep {
  index: number;
  of: number;
  id: string;
  title: string;
}

/** The step that was last begun: what `failed` counts is the same number. */
function failedStep(plan: Plan | null, events: readonly InstallEvent[]): FailedStep | null {
  const failed = events.findLast((event) => event.event === "failed");
  const index = failed?.event === "failed" ? failed.index : null;
  const step = index === null || plan === null ? undefined : plan.steps[index - 1];
  if (step === undefined || index === null || plan === null) return null;
  return { index, of: plan.steps.length, id: step.id, title: step.title };
}

function planLines(plan: Plan): string[] {
  return [
    `hash ${plan.hash}`,
    `host ${plan.host}`,
    ...plan.erases.map(({ id, name }) => `erases ${id} (${name})`),
    `copied from ${copiedFrom(plan)}`,
    `image ${plan.evidence.sources.hostSha256}, kernel ${plan.evidence.kernel.version}`,
  ];
}

function machineLines(inventory: Inventory): string[] {
  const { machine, firmware, cpu, live, pools } = inventory;
  return [
    [machine.vendor, machine.product].filter((word) => word !== "").join(" ") || "unknown machine",
    `${firmware.kind === "uefi" ? "UEFI" : "BIOS"}, ${cpu.model || "unknown processor"}, ${cpu.threads} threads, memory ${sizeInWords(inventory.memory)}`,
    live === null
      ? "not the rescue system"
      : `rescue system: Debian ${live.debian}, Linux ${live.kernel.version}, ZFS ${live.zfs}`,
    ...inventory.media.map((medium) => `medium ${medium.device}: ${medium.name}, image ${medium.live.host.sha256}`),
    ...inventory.disks.map(
      (disk) =>
        `disk ${disk.id ?? disk.path}: ${disk.model || disk.vendor || disk.bus}, ${sizeInWords(disk.size)}, ${disk.content.join(", ") || "empty"}` +
        `${disk.unusable.length === 0 ? "" : ` (${disk.unusable.join("; ")})`}`,
    ),
    ...pools.imported.map(({ name, guid }) => `pool ${name} (${guid}) is imported`),
    ...inventory.notes.map((note) => `! ${note}`),
  ];
}

/** Progress is a line every half second: the last of each run of them says it all. */
function shown(events: readonly InstallEvent[]): string[] {
  return events
    .filter((event, at) => event.event !== "progress" || events[at + 1]?.event !== "progress")
    .map((event) => JSON.stringify(event));
}
