// Recognises that what the system is copied from stopped answering, and gathers what the kernel said of it.
import { ActionableError, EXIT, ProgramError } from "../errors.ts";
import { scrub } from "../inventory/scrub.ts";
import type { Evidence } from "../plan/step.ts";
import type { Run } from "../tools/run.ts";

/** What programs say when a device under their file is gone or broken (EIO). */
export const READ_FAILED = /Input\/output error/;

/** What the kernel says of a device that failed or was pulled out. */
const KERNEL = /I\/O error|offline|disconnect|SQUASHFS error|reset|Medium Error|critical .* error/i;
/** What stands between the device and the files: the images within the image. */
const ABOVE = /SQUASHFS|\bloop[0-9]/;
const OURS = 3;
const ABOVE_IT = 2;
const ANY_EXIT = Array.from({ length: 256 }, (_, code) => code);

const OTHER = "or go on with another medium that has the same image (--resume --source URI).";

/** The mount that everything is read from: another medium's, or the running system's own. */
function mountOf({ sources }: Evidence): string {
  return sources.medium === undefined ? "/run/multiverse/live/medium" : "/run/multiverse/source/medium";
}

function readsSource(argv: readonly string[], { sources, kernel }: Evidence): boolean {
  const places = [sources.host, sources.program, sources.refind, kernel.vmlinuz, kernel.initrd];
  return argv.some((word) => places.some((place) => word === place || word.startsWith(`${place}/`)));
}

/**
 * What to tell when a program could not read the source: `source-stopped` where its device is gone,
 * `source-unreadable` where it is still there. Null for every other failure. Starts programs that only look.
 */
export async function sourceStopped(error: unknown, evidence: Evidence, run: Run): Promise<ActionableError | null> {
  if (!(error instanceof ProgramError) || !READ_FAILED.test(error.stderr) || !readsSource(error.argv, evidence)) {
    return null;
  }
  const look = async (...argv: [string, ...string[]]) =>
    run(argv, { ok: ANY_EXIT, timeoutMs: 10_000 }).catch(() => ({ exit: null, stdout: "" }));
  // The mount outlives the device, and still knows its name.
  const device = (await look("findmnt", "-n", "-o", "SOURCE", mountOf(evidence))).stdout.trim();
  const gone = device !== "" && (await look("test", "-b", device)).exit === 1;
  const name = evidence.sources.medium?.name ?? "the medium that this system runs from";
  const said = error.stderr
    .trim()
    .split("\n")
    .filter((line) => READ_FAILED.test(line));
  return new ActionableError({
    code: gone ? "source-stopped" : "source-unreadable",
    exit: EXIT.stepFailed,
    message: gone
      ? "The medium that the system is copied from stopped answering."
      : "The medium that the system is copied from cannot be read.",
    evidence: [
      `${name}${device === "" ? "" : `: ${device} ${gone ? "is gone" : "is still there"}`}`,
      ...said.slice(0, 2).map(scrub),
      ...kernelWords((await look("dmesg", "--notime")).stdout, device).map((line) => `kernel: ${line}`),
    ],
    hint: gone
      ? `Nothing is lost. Put it back and try again (--resume), ${OTHER}`
      : `Nothing is lost. Pull it out, put it back and try again (--resume), ${OTHER}`,
    cause: error,
  });
}

/** The kernel's last words about a device, and fewer about what is mounted from it, in their order, without repetitions. */
export function kernelWords(dmesg: string, device: string): string[] {
  const name = device.replace(/^\/dev\//, "").replace(/p?[0-9]+$/, "");
  const lines = dmesg.split("\n").filter((line) => KERNEL.test(line));
  const ours = lines.filter((line) => name !== "" && (line.includes(name) || /disconnect/i.test(line)));
  const above = lines.filter((line) => !ours.includes(line) && (name === "" || ABOVE.test(line)));
  const told = new Set([...lastKinds(ours, OURS), ...lastKinds(above, ABOVE_IT)]);
  return lines.filter((line, at) => told.has(line) && lines.lastIndexOf(line) === at).map(scrub);
}

/** Of a hundred failed sectors one is enough: the last line of each kind. */
function lastKinds(lines: readonly string[], count: number): string[] {
  const kinds = new Map<string, string>();
  for (const line of lines) {
    const kind = line.replace(/\b(0x)?[0-9a-f]*[0-9][0-9a-f]*\b/g, "#");
    // Taken out first: a map keeps a key where it was when it came.
    kinds.delete(kind);
    kinds.set(kind, line);
  }
  return [...kinds.values()].slice(-count);
}
