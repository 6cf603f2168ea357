// Asks the Debian mirror which packages it has, through an apt of its own that leaves this machine's apt alone.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Argv, Run } from "../core/tools/run.ts";
import { type AptSource, renderOneLine } from "./apt-sources.ts";

export interface Archive {
  /** Names of all kernel packages. */
  names(): string[];
  /** Versions of one package, newest first. */
  versions(name: string): string[];
  /** Downloads the newest `name` into `dir`. */
  download(name: string, dir: string): Promise<void>;
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Fetches the package lists of `sources` into `dir` (some 10 MB). */
export async function openArchive(run: Run, sources: readonly AptSource[], dir: string): Promise<Archive> {
  for (const folder of ["lists/partial", "cache/archives/partial", "etc"])
    await mkdir(join(dir, folder), { recursive: true });
  await writeFile(join(dir, "etc/sources.list"), renderOneLine(sources, `[signed-by=${KEYRING}] `));
  await writeFile(join(dir, "status"), "");
  const settings = [
    ["APT::Architecture", "amd64"],
    ["APT::Sandbox::User", "root"],
    ["Acquire::Languages", "none"],
    ["Dir::Etc::sourcelist", join(dir, "etc/sources.list")],
    ["Dir::Etc::sourceparts", "-"],
    ["Dir::Etc::preferencesparts", "-"],
    ["Dir::State::lists", join(dir, "lists")],
    ["Dir::State::status", join(dir, "status")],
    ["Dir::Cache", join(dir, "cache")],
  ].flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  await run(["apt-get", ...settings, "update", "--error-on=any"], { timeoutMs: 600_000 });
  const policy: Argv = ["apt-cache", ...settings, "madison"];
  const kernels = await run(["apt-cache", ...settings, "pkgnames", "linux-image-"]);
  const names = kernels.stdout.split("\n").filter((name) => name !== "");
  const table = await run([...policy, ...names, "zfs-dkms"], { ok: [0, 100] });
  const rows = table.stdout.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return {
    names: () => names,
    versions: (name) => [...new Set(rows.filter((row) => row[0] === name).map((row) => row[1] ?? ""))],
    download: async (name, to) => {
      await run(["apt-get", ...settings, "download", name], { cwd: to, timeoutMs: 600_000 });
    },
  };
}
