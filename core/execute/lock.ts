// One installer at a time: a lock file that names its holder, and that a dead holder does not keep.
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ActionableError, EXIT } from "../errors.ts";

/** Start time of a process in clock ticks since boot (proc_pid_stat(5), field 22); null when there is none. */
function startTime(pid: string): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything, spaces included.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/**
 * Takes the lock or throws `already-running`. Returns what gives it back.
 * A pid alone could be another program's by now, so the holder's start time stands beside it.
 */
export function takeLock(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${process.pid} ${startTime(String(process.pid)) ?? "?"}\n`;
  const own = `${path}.${process.pid}`;
  const fd = openSync(own, "w", 0o600);
  writeSync(fd, mine);
  closeSync(fd);
  try {
    for (let tries = 0; tries < 3; tries += 1) {
      try {
        linkSync(own, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      }
      const [pid = "", started = ""] = readHolder(path).trim().split(" ");
      if (startTime(pid) === started && started !== "") throw alreadyRunning(pid);
      rmSync(path, { force: true });
    }
    throw alreadyRunning("unknown");
  } finally {
    rmSync(own, { force: true });
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function alreadyRunning(pid: string): ActionableError {
  return new ActionableError({
    code: "already-running",
    exit: EXIT.refused,
    message: "Another installer is running on this machine.",
    evidence: [`process ${pid} holds the lock`],
    hint: "Wait until it has finished, or look at it on its console.",
  });
}
