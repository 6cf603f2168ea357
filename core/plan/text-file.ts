// A file of the installed root, from its lines.
import type { FileToWrite } from "./step.ts";

/** Octal mode "0644" unless said otherwise; the content ends with a line break. */
export function textFile(path: string, lines: readonly string[], mode = "0644"): FileToWrite {
  return { path, content: `${lines.join("\n")}\n`, mode };
}
