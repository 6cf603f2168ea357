// What the terminal of this process can show, as a surface.
import type { Run } from "../core/tools/run.ts";
import { makeSurface, type Surface } from "../tui/theme/surface.ts";

export async function describeSurface({ reader }: { run: Run; reader: boolean }): Promise<Surface> {
  const term = process.env.TERM ?? "";
  const columns = process.stdout.columns || Number(process.env.COLUMNS) || 80;
  const rows = process.stdout.rows || Number(process.env.LINES) || 24;
  const serial = /^vt|^dumb/.test(term);
  const glyphSet = term === "linux" ? "vt" : serial ? "ascii" : "utf8";
  const colours = process.env.NO_COLOR !== undefined || serial ? 0 : /256color/.test(term) ? 256 : 8;
  return makeSurface({ columns, rows, glyphSet, colours, reader, animated: !serial });
}
