// Finds the Debian mirrors to build from in this machine's own apt configuration.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ActionableError, EXIT } from "../core/errors.ts";
import { type AptSource, parseAptSources, sourcesForRelease } from "./apt-sources.ts";

/** Reads `etc`/sources.list and `etc`/sources.list.d; throws (exit 4) when no Debian mirror is among them. */
export async function findMirrors(suite: string, etc = "/etc/apt"): Promise<AptSource[]> {
  const folder = join(etc, "sources.list.d");
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(list|sources)$/.test(name)).sort();
  const files = [join(etc, "sources.list"), ...names.map((name) => join(folder, name))];
  const machine: AptSource[] = [];
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "");
    machine.push(...parseAptSources(file, text));
  }
  const sources = sourcesForRelease(machine, suite);
  if (!sources.some((source) => source.suite === suite)) {
    throw new ActionableError({
      code: "no-debian-mirror",
      exit: EXIT.refused,
      message: "This machine's apt configuration names no Debian mirror to build from.",
      evidence: machine.map(({ uri, suite: other }) => `${uri} ${other}`),
      hint: `Add a file /etc/apt/sources.list.d/debian.sources with a Debian mirror (Types, URIs, Suites: ${suite}, Components: main).`,
    });
  }
  return sources;
}
