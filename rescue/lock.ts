// Lets one build at a time use a cache; a lock whose owner is gone is taken over.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ActionableError, EXIT } from "../core/errors.ts";

/** Runs `work` while holding `root`/lock. Throws (exit 4) when another build holds it. */
export async function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const lock = join(root, "lock");
  const mine = `${process.pid} ${await startTime(process.pid)}\n`;
  for (let attempt = 0; ; attempt += 1) {
    const taken = await writeFile(lock, mine, { flag: "wx" }).then(
      () => true,
      () => false,
    );
    if (taken) break;
    const owner = await readFile(lock, "utf8").catch(() => "");
    const [pid = "", started = ""] = owner.trim().split(" ");
    const alive = pid !== "" && (await startTime(Number(pid))) === started;
    if (alive || attempt > 1) {
      throw new ActionableError({
        code: "build-running",
        exit: EXIT.refused,
        message: "Another build is using this cache.",
        evidence: [`process ${pid} holds ${lock}`],
        hint: "Wait until it has finished, or build with another --cache folder.",
      });
    }
    await rm(lock, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** A process's start time in clock ticks (proc_pid_stat(5), field 22), so that a reused pid is not taken for the owner. */
async function startTime(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
