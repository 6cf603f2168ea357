// Looks into an EFI system partition without mounting it: what is on it, how much room, and which menus are ours.
import type { Run } from "../tools/run.ts";
import { ask, lastWords, outputOf } from "./ask-program.ts";
import type { EspFacts, OurMenu } from "./closer-look.ts";
import { scrub } from "./scrub.ts";

export interface EspToLookAt {
  partuuid: string;
  /** Kernel path, to read only. */
  path: string;
}

/** What our main file says, and a foreign one does not. */
const INCLUDES_OURS = /^include +multiverse\.conf *\r?$/m;

export async function lookAtEsp({ partuuid, path }: EspToLookAt, run: Run): Promise<EspFacts> {
  // mtools(1): -b gives bare paths, -/ goes into every folder.
  const listed = await ask(run, ["mdir", "-b", "-/", "-i", path, "::/"]);
  const nothing = { partuuid, free: 0, paths: [], menus: [] };
  if (listed.exit !== 0) return { ...nothing, problem: scrub(lastWords(listed)) };
  const paths = parsePaths(listed.stdout);
  const free = parseFree(outputOf(await ask(run, ["mdir", "-i", path, "::/"])));
  if (free === null) return { ...nothing, problem: "how much room it has is not known" };
  const menus: OurMenu[] = [];
  for (const menu of paths.filter((each) => /(^|\/)multiverse\.conf$/i.test(each))) {
    const folder = menu.slice(0, menu.lastIndexOf("/"));
    const main = paths.find((each) => each.toLowerCase() === `${folder}/refind.conf`.toLowerCase());
    if (main === undefined) continue;
    const read = async (file: string) => outputOf(await ask(run, ["mtype", "-i", path, `::/${file}`]));
    if (INCLUDES_OURS.test(await read(main))) menus.push({ folder, text: await read(menu) });
  }
  return { partuuid, problem: null, free, paths, menus };
}

/** Lines such as "::/EFI/BOOT/" and "::/EFI/BOOT/BOOTX64.EFI". */
export function parsePaths(output: string): string[] {
  return output.split("\n").flatMap((line) => (/^::\/./.test(line) ? [scrub(line.slice(3))] : []));
}

/** "                        206 469 120 bytes free" */
export function parseFree(output: string): number | null {
  const digits = /^ *([0-9 ]+) bytes free *$/m.exec(output)?.[1]?.replaceAll(" ", "");
  return digits === undefined || digits === "" ? null : Number(digits);
}
