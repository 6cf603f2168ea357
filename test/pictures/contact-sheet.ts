// Puts many pictures on one sheet, scaled down, each with its title; as many sheets as are needed.
import { blankRaster, type Pen, type Raster } from "./raster.ts";
import { type Rgb, VT_PALETTE } from "./vt-colours.ts";

export interface Titled {
  title: string;
  picture: Raster;
}

export interface SheetSize {
  /** Every picture becomes so many times smaller, both ways; a whole number. */
  shrink: number;
  /** Pixels. A picture that is wider or higher than a sheet gets a sheet of its own, which is larger. */
  maxWidth?: number;
  maxHeight?: number;
}

const GAP = 12;
const TITLE_GAP = 4;

const LEVELS = [0, 51, 102, 153, 204, 255];
/** The console's colours as they are, six levels of each primary, and greys: most of what averaging text leaves. */
const SHEET_PALETTE: readonly Rgb[] = [
  ...VT_PALETTE,
  ...LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue): Rgb => [red, green, blue]))),
  ...Array.from({ length: 24 }, (_, index): Rgb => {
    const grey = 8 + 10 * index;
    return [grey, grey, grey];
  }),
];
const found = new Map<number, number>();
const GROUND = nearest(51, 51, 51);
const TITLE = nearest(255, 255, 255);

/** Pictures keep their order, row by row. No picture, no sheet. */
export function contactSheets(pictures: readonly Titled[], pen: Pen, size: SheetSize): Raster[] {
  const { shrink, maxWidth = 4000, maxHeight = 6000 } = size;
  if (!Number.isInteger(shrink) || shrink < 1) throw new RangeError(`pictures cannot become ${shrink} times smaller`);
  const titleHeight = pen.font.height + TITLE_GAP;
  const sheets: Placed[][] = [];
  let x = GAP;
  let y = GAP;
  let rowHeight = 0;
  for (const { title, picture } of pictures) {
    const width = Math.ceil(picture.width / shrink);
    const height = Math.ceil(picture.height / shrink) + titleHeight;
    if (x > GAP && x + width + GAP > maxWidth) {
      x = GAP;
      y += rowHeight + GAP;
      rowHeight = 0;
    }
    let sheet = sheets.at(-1);
    if (sheet === undefined || (y > GAP && y + height + GAP > maxHeight)) {
      sheet = [];
      sheets.push(sheet);
      x = GAP;
      y = GAP;
      rowHeight = 0;
    }
    sheet.push({ title, picture, x, y, width, height });
    x += width + GAP;
    rowHeight = Math.max(rowHeight, height);
  }
  return sheets.map((placed) => drawSheet(placed, pen, shrink, titleHeight));
}

interface Placed extends Titled {
  x: number;
  y: number;
  width: number;
  height: number;
}

function drawSheet(placed: readonly Placed[], pen: Pen, shrink: number, titleHeight: number): Raster {
  const width = Math.max(...placed.map((one) => one.x + one.width)) + GAP;
  const height = Math.max(...placed.map((one) => one.y + one.height)) + GAP;
  const sheet = blankRaster(width, height, SHEET_PALETTE, GROUND);
  for (const one of placed) {
    // written beside the sheet first: a title ends where its picture does
    const line = blankRaster(one.width, pen.font.height, SHEET_PALETTE, GROUND);
    pen.write(line, 0, 0, one.title, TITLE, GROUND);
    paste(line, sheet, one.x, one.y);
    paste(shrunk(one.picture, shrink), sheet, one.x, one.y + titleHeight);
  }
  return sheet;
}

function paste(from: Raster, to: Raster, x: number, y: number): void {
  for (let row = 0; row < from.height; row++) {
    const line = from.pixels.subarray(row * from.width, (row + 1) * from.width);
    to.pixels.set(line, (y + row) * to.width + x);
  }
}

/** Each pixel is the average of a square of `by` × `by`; at the right and lower edge, of what is there. */
function shrunk(picture: Raster, by: number): Raster {
  const width = Math.ceil(picture.width / by);
  const height = Math.ceil(picture.height / by);
  const result = blankRaster(width, height, SHEET_PALETTE, GROUND);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) result.pixels[y * width + x] = average(picture, x * by, y * by, by);
  }
  return result;
}

function average({ width, height, pixels, palette }: Raster, left: number, top: number, by: number): number {
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = top; y < Math.min(top + by, height); y++) {
    for (let x = left; x < Math.min(left + by, width); x++) {
      const colour = palette[pixels[y * width + x] ?? 0] ?? [0, 0, 0];
      for (const part of [0, 1, 2] as const) sum[part] = (sum[part] ?? 0) + colour[part];
      count++;
    }
  }
  const [red = 0, green = 0, blue = 0] = sum.map((part) => part / count);
  return nearest(red, green, blue);
}

/** Index of the colour of the sheets' palette that is closest. */
function nearest(red: number, green: number, blue: number): number {
  const key = (Math.round(red) << 16) | (Math.round(green) << 8) | Math.round(blue);
  const known = found.get(key);
  if (known !== undefined) return known;
  const distances = SHEET_PALETTE.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
  const index = distances.indexOf(Math.min(...distances));
  found.set(key, index);
  return index;
}
