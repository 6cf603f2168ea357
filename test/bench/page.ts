// docs/benchmarks.md has several writers: each keeps the others' parts.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export const PAGE = join(import.meta.dirname, "../../docs/benchmarks.md");

const FIRST_MARK = /^<!-- [a-z]+ -->$/m;
const marks = (name: string) => ({ begin: `<!-- ${name} -->`, end: `<!-- end of ${name} -->` });

/** The parts that others than `npm run bench` without a name write, with their marks; empty where there are none. */
export function partsOf(page: string): string {
  const at = page.search(FIRST_MARK);
  return at < 0 ? "" : page.slice(at);
}

/** The page with that part anew; a part that was not there comes to the end. */
export function replacePart(page: string, name: string, text: string): string {
  const { begin, end } = marks(name);
  const part = `${begin}\n${text.trim()}\n${end}\n`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) return `${page.trimEnd()}\n\n${part}`;
  return page.slice(0, from) + part + page.slice(to + end.length + 1);
}

export async function readPage(): Promise<string> {
  return readFile(PAGE, "utf8").catch(() => "");
}
