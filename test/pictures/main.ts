// `npm run pictures`: draws all states into docs/pictures, with contact sheets. Arguments: names to draw only those.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderToCells } from "./cells.ts";
import { contactSheets, type Titled } from "./contact-sheet.ts";
import { debianFont, ourFont } from "./font.ts";
import { toPng } from "./png.ts";
import { createPen, rasterise } from "./raster.ts";
import { type PictureState, pictureStates } from "./states.ts";

const FOLDER = new URL("../../docs/pictures/", import.meta.url).pathname;
const DEBIAN_FONT = "Lat15-Fixed16.psf.gz";
const NAME = /^[a-z0-9][a-z0-9-]*$/;
/** Sheets of terminals that are at least so wide are halved. */
const WIDE = 120;

const only = new Set(process.argv.slice(2));
const pens = { ours: createPen(ourFont()), debian: createPen(debianFont(DEBIAN_FONT)) };
const bySize = new Map<string, Titled[]>();
const seen = new Set<string>();

await mkdir(FOLDER, { recursive: true });
// pictures of states that are no more would stay for ever
if (only.size === 0) {
  for (const file of await readdir(FOLDER)) if (file.endsWith(".png")) await rm(join(FOLDER, file));
}
for await (const state of pictureStates()) {
  if (only.size === 0 || only.has(state.name)) await draw(state);
}
if (only.size === 0) for (const [size, pictures] of bySize) await drawSheets(size, pictures);
process.stdout.write(`${seen.size} pictures in docs/pictures\n`);
if (seen.size === 0) process.exitCode = 1;

async function draw({ name, state, columns, rows, ansi, font = "ours" }: PictureState): Promise<void> {
  if (!NAME.test(name) || !NAME.test(state)) throw new Error(`not a name for a picture: ${name}, ${state}`);
  const size = `${columns}x${rows}`;
  const file = `${name}-${state}-${size}${font === "ours" ? "" : `-${font}`}.png`;
  if (seen.has(file)) throw new Error(`two states are both called ${file}`);
  seen.add(file);
  const caption = `${name}: ${state} (${size})`;
  const picture = rasterise(await renderToCells({ columns, rows, write: ansi }), pens[font], { caption });
  await writeFile(join(FOLDER, file), toPng(picture));
  bySize.set(size, [...(bySize.get(size) ?? []), { title: `${name}: ${state}`, picture }]);
}

async function drawSheets(size: string, pictures: readonly Titled[]): Promise<void> {
  const shrink = Number.parseInt(size, 10) >= WIDE ? 2 : 1;
  const sheets = contactSheets(pictures, pens.ours, { shrink });
  for (const [index, sheet] of sheets.entries()) {
    const file = `all-${size}${index === 0 ? "" : `-${index + 1}`}.png`;
    await writeFile(join(FOLDER, file), toPng(sheet));
  }
}
