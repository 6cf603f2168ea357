// Keeps each build stage's result under a name made from the hash of everything that went into it.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join, relative } from "node:path";

/** How many results of each stage are kept. */
const KEPT = 2;
/** Nor is anything removed that was used within this time: a running virtual machine may have it open, or name it in a saved state. */
const IN_USE_MS = 60 * 60_000;

export interface StageResult {
  dir: string;
  /** Goes into the key of whatever is made from this. */
  key: string;
}

export interface Cache {
  root: string;
  /** The folder with the result of `name` for `inputs`; `make` fills a new one, which gets its name only when complete. */
  stage(name: string, inputs: unknown, make: (dir: string) => Promise<void>): Promise<StageResult>;
  /** Removes what is left of interrupted builds and old results. */
  prune(): Promise<void>;
}

export interface CacheEvents {
  onHit(name: string): void;
  onStart(name: string): void;
  onDone(name: string, milliseconds: number): void;
}

export function openCache(root: string, events: CacheEvents): Cache {
  const used = new Set<string>();
  const stage: Cache["stage"] = async (name, inputs, make) => {
    const key = hashOf(JSON.stringify([name, inputs]));
    const dir = join(root, "stages", name, key.slice(0, 16));
    used.add(dir);
    if (await exists(dir)) {
      const now = new Date();
      await utimes(dir, now, now);
      events.onHit(name);
      return { dir, key };
    }
    const unfinished = `${dir}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    events.onStart(name);
    const start = performance.now();
    await make(unfinished);
    await rename(unfinished, dir);
    events.onDone(name, performance.now() - start);
    return { dir, key };
  };

  const prune = async () => {
    const stages = join(root, "stages");
    for (const name of await readdir(stages).catch(() => [])) {
      const results: { dir: string; time: number }[] = [];
      for (const key of await readdir(join(stages, name))) {
        const dir = join(stages, name, key);
        if (key.endsWith(".unfinished")) await rm(dir, { recursive: true, force: true });
        else results.push({ dir, time: (await stat(dir)).mtimeMs });
      }
      results.sort((a, b) => b.time - a.time);
      for (const { dir, time } of results.slice(KEPT)) {
        if (!used.has(dir) && Date.now() - time > IN_USE_MS) await rm(dir, { recursive: true, force: true });
      }
    }
  };
  return { root, stage, prune };
}

/** The hash of a folder's files: names, contents and whether each can be run. */
export async function hashFolder(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => relative(dir, file))
    .sort();
  return hashFiles(dir, files);
}

/** The hash of `files`, which are named relative to `dir`. */
export async function hashFiles(dir: string, files: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const file of files) {
    const mode = (await stat(join(dir, file))).mode & 0o100;
    parts.push(`${file} ${mode} ${hashOf(await readFile(join(dir, file)))}`);
  }
  return hashOf(parts.join("\n"));
}

function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
