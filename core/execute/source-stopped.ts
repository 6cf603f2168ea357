// Recognises that what the system is copied from stopped answering, and gathers what the kernel said of it.
import { ActionableError, EXIT, ProgramError } from "../errors.ts";
import { scrub } from "../inventory/scrub.ts";
import type { Evidence } from "../plan/step.ts";
import type { Run } from "../tools/run.ts";

/** What programs say when a device under their file is gone or broken (EIO). */
export const READ_FAILED = /Input\/output error/;

/** What the kernel says of a device that failed or was pulled out. */
const KERNEL = /I\/O error|offline|disconnect|SQUASHFS error|reset|Medium Error|critical .* error/i;
/** What stands between the device and the files: its bus, and the images within the image. */
const ON_THE_WAY = /disconnect|SQUASHFS|\bloop[0-9]/i;
const KERNEL_LINES = 4;
const ANY_EXIT = Array.from({ length: 256 }, (_, code) => code);

const OTHER = "or go on with another medium that has the same image: --resume --source URI.";

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
      ? `Nothing is lost. Put it back and try again with --resume; ${OTHER}`
      : `Nothing is lost. Pull it out, put it back and try again with --resume; ${OTHER}`,
    cause: error,
  });
}

/** The kernel's last words about a device and about what is mounted from it, without repetitions. */
export function kernelWords(dmesg: string, device: string): string[] {
  const name = device.replace(/^\/dev\//, "").replace(/p?[0-9]+$/, "");
  const lines = dmesg.split("\n").filter((line) => KERNEL.test(line));
  const ours = name === "" ? [] : lines.filter((line) => line.includes(name) || ON_THE_WAY.test(line));
  // Of a hundred failed sectors one is enough.
  const seen = new Set<string>();
  const last = (ours.length > 0 ? ours : lines).reverse().filter((line) => {
    const kind = line.replace(/[0-9]+/g, "#");
    return seen.has(kind) ? false : seen.add(kind);
  });
  return last.slice(0, KERNEL_LINES).reverse().map(scrub);
}
