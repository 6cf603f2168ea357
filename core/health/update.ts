// The part `update`: what the package lists that are there would bring. Fetches nothing, locks nothing, changes nothing.
import { scrub } from "../inventory/scrub.ts";
import type { Update } from "../status/health-facts.ts";
import type { MakeSource } from "../status/source.ts";
import { briefAsker, whyNoAnswer } from "./ask-briefly.ts";

const LISTS = "/var/lib/apt/lists";
/** Times at which any of this changed: the lists, what was fetched last, and what is installed. */
const CHANGED = ["stat", "-c", "%Y", LISTS, `${LISTS}/partial`, "/var/lib/dpkg/status"] as const;
/** Seconds of a processor on a small host: last in line. */
const SIMULATE = [
  ...(["nice", "-n", "19", "apt-get", "-s", "-q"] as const),
  ...(["-o", "Debug::NoLocking=1", "-o", "APT::Get::Show-User-Simulation-Note=0", "dist-upgrade"] as const),
] as const;
const SIMULATE_MS = 100_000;
const AT_LEAST_EVERY_MS = 6 * 3_600_000;

export const makeSourceUpdate: MakeSource<"update"> = () => {
  const ask = briefAsker();
  let known: { changed: string; at: number; update: Update } | null = null;
  return {
    part: "update",
    // Looks at three times; the packages are counted only where one of them has changed.
    every: 600_000,
    patience: 120_000,
    triggers: [],
    async read(ports, signal) {
      const files = await ports.list(LISTS);
      // It ends with 1 where one of the files is not there, and has told of the others.
      const changed = (await ask(ports.run, CHANGED, 5_000, signal)).stdout;
      if (known !== null && known.changed === changed && ports.monotonic() - known.at < AT_LEAST_EVERY_MS)
        return known.update;
      const answer = await ask(ports.run, SIMULATE, SIMULATE_MS, signal);
      if (answer.exit === 127) throw new Error("apt-get is not installed.");
      if (answer.exit !== 0) throw new Error(whyNoAnswer("apt-get", answer));
      // What it says at its end in any case: without it, no package would look like none offered.
      if (!/^[0-9]+ upgraded, /m.test(answer.stdout)) throw new Error("apt-get: its output is not what was expected.");
      const update = { ...parseSimulation(answer.stdout), listsFrom: listsFrom(changed, files) };
      known = { changed, at: ports.monotonic(), update };
      return update;
    },
  };
};

/**
 * When the lists were fetched: the later time of the two folders, since apt puts what it fetches through `partial`. The
 * lists' own times are the mirror's. Null where there are no lists at all, as on an image that none were fetched for.
 */
export function listsFrom(times: string, files: readonly string[]): number | null {
  if (!files.some((name) => /_(InRelease|Release|Packages)(\.[a-z0-9]+)?$/.test(name))) return null;
  const seconds = times
    .trim()
    .split("\n")
    .slice(0, 2)
    .filter((line) => /^[0-9]+$/.test(line));
  return seconds.length === 0 ? null : Math.max(...seconds.map(Number)) * 1_000;
}

/** "Inst NAME [OLD] (NEW ORIGIN:VERSION/SUITE, … [ARCH]) …" lines of `apt-get -s` (apt-get(8)). */
export function parseSimulation(output: string): Omit<Update, "listsFrom"> {
  const packages = output.split("\n").flatMap((line) => {
    const [, name = "", origins = ""] = /^Inst (\S+) (?:\[[^\]]*\] )?\(([^)]*)\)/.exec(line) ?? [];
    return name === "" ? [] : [{ name, security: /(^|[ ,])[A-Za-z]+-Security:|-security\b/.test(origins) }];
  });
  // linux-image-6.12.57+deb13-amd64; not linux-image-amd64, which only points to the newest, nor debug symbols.
  const kernels = packages.flatMap(({ name }) => /^linux-image-([0-9]\S*?)(?:-unsigned)?$/.exec(name)?.[1] ?? []);
  const kernel = kernels
    .filter((version) => !version.endsWith("-dbg"))
    .sort(byNumbers)
    .at(-1);
  return {
    packages: packages.length,
    security: packages.filter(({ security }) => security).length,
    kernel: kernel === undefined ? null : scrub(kernel),
  };
}

/** 6.9 before 6.12. */
function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
