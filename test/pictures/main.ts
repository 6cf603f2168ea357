// `npm run pictures`: draws all states as pictures, and a contact sheet for each size. Arguments: names to draw only those.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderToCells } from "./cells.ts";
import { contactSheets, type Titled } from "./contact-sheet.ts";
import { debianFont, ourFont } from "./font.ts";
import { KEPT } from "./kept.ts";
import { toPng } from "./png.ts";
import { createPen, rasterise } from "./raster.ts";
import { type PictureState, pictureStates } from "./states.ts";

// `test/run-pictures` starts the bundle of this file in the repository's root.
const ALL = join(process.cwd(), "test/artefacts/pictures");
/** The sheets, and the few pictures that the documentation shows. */
const DOCS = join(process.cwd(), "docs/pictures");
const DEBIAN_FONT = "Lat15-Fixed16.psf.gz";
const NAME = /^[a-z0-9][a-z0-9-]*$/;
/** By how much a sheet's pictures are smaller, from so many columns on. */
const SHRINK = [
  { from: 120, by: 3 },
  { from: 60, by: 2 },
  { from: 0, by: 1 },
] as const;

/** Pixels: a browser shows that much in full. */
const SHEET_WIDTH = 2000;

const only = new Set(process.argv.slice(2));
const pens = { ours: createPen(ourFont()), debian: createPen(debianFont(DEBIAN_FONT)) };
const bySize = new Map<string, Titled[]>();
const seen = new Set<string>();

await mkdir(ALL, { recursive: true });
await mkdir(DOCS, { recursive: true });
// pictures of states that are no more would stay for ever
if (only.size === 0) for (const folder of [ALL, DOCS]) await removePictures(folder);
for await (const state of pictureStates(only)) await draw(state);
if (only.size === 0) {
  for (const [size, pictures] of bySize) await drawSheets(size, pictures);
  const lost = KEPT.filter((file) => !seen.has(file));
  if (lost.length > 0) throw new Error(`the documentation shows pictures that nothing draws: ${lost.join(", ")}`);
}
process.stdout.write(`${seen.size} pictures in test/artefacts/pictures\n`);
if (seen.size === 0) process.exitCode = 1;

async function removePictures(folder: string): Promise<void> {
  for (const file of await readdir(folder)) if (file.endsWith(".png")) await rm(join(folder, file));
}

async function draw({ name, state, columns, rows, ansi, font = "ours" }: PictureState): Promise<void> {
  if (!NAME.test(name) || !NAME.test(state)) throw new Error(`not a name for a picture: ${name}, ${state}`);
  const size = `${columns}x${rows}`;
  const file = `${name}-${state}-${size}${font === "ours" ? "" : `-${font}`}.png`;
  if (seen.has(file)) throw new Error(`two states are both called ${file}`);
  seen.add(file);
  const caption = `${name}: ${state} (${size})`;
  const picture = rasterise(await renderToCells({ columns, rows, write: ansi }), pens[font], { caption });
  const png = toPng(picture);
  await writeFile(join(ALL, file), png);
  if (KEPT.includes(file)) await writeFile(join(DOCS, file), png);
  bySize.set(size, [...(bySize.get(size) ?? []), { title: `${name}: ${state}`, picture }]);
}

async function drawSheets(size: string, pictures: readonly Titled[]): Promise<void> {
  const columns = Number.parseInt(size, 10);
  const shrink = SHRINK.find(({ from }) => columns >= from)?.by ?? 1;
  const sheets = contactSheets(pictures, pens.ours, { shrink, maxWidth: SHEET_WIDTH });
  for (const [index, sheet] of sheets.entries()) {
    const file = `all-${size}${index === 0 ? "" : `-${index + 1}`}.png`;
    await writeFile(join(DOCS, file), toPng(sheet));
  }
}
