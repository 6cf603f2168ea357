// A program.squashfs with a stand-in for the screens, that does on request what real ones must not.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./scenario.ts";

/** While this exists in the rescue system, the stand-in cannot start. */
export const BROKEN = "/run/fake-broken";
/** Holds the process id of the stand-in on a terminal. */
export const pidFile = (tty: string): string => `/run/fake-${tty}.pid`;
/** What the stand-in says as the unattended installation. */
export const UNATTENDED_WORDS = "words of the unattended installation";
/** The stand-in's last word when it cannot start. */
export const LAST_WORD = "a broken wheel";

/** What it shows at its n-th start on a terminal of type `term`. */
export const screenText = (n: number, term: string): string => `fake screen ${n} on ${term}`;

// A line that is typed is the status that it ends with.
const PROGRAM = `
import { appendFileSync, existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
if (process.argv.length > 2) {
  console.log(${JSON.stringify(UNATTENDED_WORDS)});
  process.exit(0);
}
const tty = basename(readlinkSync("/proc/self/fd/0"));
appendFileSync("/run/fake-" + tty + ".starts", "x");
const n = readFileSync("/run/fake-" + tty + ".starts", "utf8").length;
writeFileSync("/run/fake-" + tty + ".pid", String(process.pid));
if (existsSync(${JSON.stringify(BROKEN)})) throw new Error("${LAST_WORD}\\u001b[31m");
process.stdout.write("\\u001b[2J\\u001b[Hfake screen " + n + " on " + process.env.TERM + "\\n");
process.stdin.once("data", (line) => process.exit(Number(String(line))));
`;

/** Makes the disk for `multiverse.program=`. */
export async function makeFakeProgram(context: Context): Promise<string> {
  const tree = join(context.work, "fake-program");
  const path = join(context.work, "fake-program.squashfs");
  await mkdir(tree);
  await writeFile(join(tree, "multiverse.mjs"), PROGRAM);
  await context.tools.run(["mksquashfs", tree, path, "-noappend", "-no-progress", "-quiet", "-all-root"]);
  return path;
}
