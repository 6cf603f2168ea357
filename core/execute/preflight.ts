// What must be true before the first write: every program of the plan is there.
import { accessSync, constants } from "node:fs";
import { ActionableError, EXIT } from "../errors.ts";
import type { Plan } from "../plan/step.ts";
import { actionsOf, type Phase } from "../steps/kinds.ts";

const SEARCHED = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/bin"];
const PHASES: readonly Phase[] = ["actions", "redo", "restore", "undo", "release"];
/** In the Debian packages that the rescue system has; named so that a person knows what to add. */
const PACKAGE: Readonly<Record<string, string>> = {
  zpool: "zfsutils-linux",
  zfs: "zfsutils-linux",
  zdb: "zfsutils-linux",
  zgenhostid: "zfsutils-linux",
  "mkfs.vfat": "dosfstools",
  efibootmgr: "efibootmgr",
  mdadm: "mdadm",
  pvs: "lvm2",
  dmsetup: "dmsetup",
  cryptsetup: "cryptsetup-bin",
  zstd: "zstd",
  sfdisk: "fdisk",
  pv: "pv",
  "ssh-keygen": "openssh-client",
};

function installed(program: string): boolean {
  return SEARCHED.some((directory) => {
    try {
      accessSync(`${directory}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function programsOf(plan: Plan): string[] {
  const programs = new Set<string>();
  for (const step of plan.steps) {
    for (const phase of PHASES) {
      for (const action of actionsOf(step, phase, plan.evidence)) {
        if (action.do === "run" || action.do === "check") programs.add(action.argv[0]);
        // tar starts it by itself.
        if (action.do === "run" && action.argv.includes("--zstd")) programs.add("zstd");
        if (action.do === "pipe") for (const [program] of [...action.stages, ["pv"]] as const) programs.add(program);
      }
    }
  }
  return [...programs].sort();
}

/** Throws `not-root`; asked first, because much of what follows is only visible to root. */
export function requireRoot(uid: number = process.getuid?.() ?? 0): void {
  if (uid === 0) return;
  throw new ActionableError({
    code: "not-root",
    exit: EXIT.refused,
    message: "Installing needs root.",
    hint: "Run the same command with sudo. `multiverse plan` works without.",
  });
}

/** Throws `program-missing` with all that are missing at once. */
export function preflight(plan: Plan, has: (program: string) => boolean = installed): void {
  const missing = programsOf(plan).filter((program) => !has(program));
  if (missing.length === 0) return;
  throw new ActionableError({
    code: "program-missing",
    exit: EXIT.refused,
    message: `Programs that the plan needs are not installed: ${missing.join(", ")}.`,
    evidence: missing.map((program) => `${program}: package ${PACKAGE[program] ?? "unknown"}`),
    hint: "Nothing was written. Start the rescue system, which has them all, or install the packages.",
  });
}
