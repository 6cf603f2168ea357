// docs/benchmarks.md has several writers: each writes its own part, between marks, and keeps the others'.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const PAGE = join(import.meta.dirname, "../../docs/benchmarks.md");

const marked = (name: string) => new RegExp(`<!-- ${name} -->\\n[\\s\\S]*?<!-- end of ${name} -->\\n`);

/** Every part between marks, with its marks, in the order of the page. */
export function markedParts(page: string): string {
  const parts = page.matchAll(/<!-- ([a-z]+) -->\n[\s\S]*?<!-- end of \1 -->\n/g);
  return [...parts].map(([part]) => part).join("\n");
}

/** The page with this part in place of the former one, or behind everything else. */
export function withPart(page: string, name: string, text: string): string {
  const part = `<!-- ${name} -->\n${text.trimEnd()}\n<!-- end of ${name} -->\n`;
  return marked(name).test(page) ? page.replace(marked(name), () => part) : `${page.trimEnd()}\n\n${part}`;
}

export async function writePart(name: string, text: string): Promise<void> {
  await writeFile(PAGE, withPart(await readPage(), name, text));
}

export async function readPage(): Promise<string> {
  return readFile(PAGE, "utf8").catch(() => "");
}
