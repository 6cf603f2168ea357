// A folder for a scenario's disks, named after its process, so that what a killed run left behind is found and removed.
import { access, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Makes `<parent>/<name>-<pid>-XXXXXX`; removes those of processes that are gone. */
export async function makeWorkFolder(parent: string, name: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(parent)) {
    const pid = /-(\d+)-[^-]+$/.exec(entry)?.[1];
    if (pid !== undefined && !(await runs(pid))) await rm(join(parent, entry), { recursive: true, force: true });
  }
  return mkdtemp(join(parent, `${name}-${process.pid}-`));
}

async function runs(pid: string): Promise<boolean> {
  return access(`/proc/${pid}`).then(
    () => true,
    () => false,
  );
}
