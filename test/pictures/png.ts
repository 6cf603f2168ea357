// Writes a raster as an indexed PNG with as few bits a pixel as its palette allows.
import { encode } from "fast-png";
import type { Raster } from "./raster.ts";

export function toPng({ width, height, palette, pixels }: Raster): Uint8Array {
  const depth = palette.length <= 2 ? 1 : palette.length <= 4 ? 2 : palette.length <= 16 ? 4 : 8;
  const perByte = 8 / depth;
  const stride = Math.ceil(width / perByte);
  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + Math.floor(x / perByte);
      const shift = 8 - depth * ((x % perByte) + 1);
      data[at] = (data[at] ?? 0) | ((pixels[y * width + x] ?? 0) << shift);
    }
  }
  const colours = palette.map((colour) => [...colour]);
  return encode({ width, height, data, depth, channels: 1, palette: colours }, { zlib: { level: 9 } });
}
