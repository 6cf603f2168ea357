// docs/benchmarks.md has two writers: each keeps the other's part.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export const PAGE = join(import.meta.dirname, "../../docs/benchmarks.md");
export const BEGIN = "<!-- screens -->";
export const END = "<!-- end of screens -->";

/** The page before the screens' part, that part with its marks (empty where there is none), and what follows it. */
export function splitPage(page: string): { before: string; screens: string; after: string } {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) return { before: `${page.trimEnd()}\n\n`, screens: "", after: "" };
  const behind = end + END.length + 1;
  return { before: page.slice(0, begin), screens: page.slice(begin, behind), after: page.slice(behind) };
}

export async function readPage(): Promise<string> {
  return readFile(PAGE, "utf8").catch(() => "");
}
