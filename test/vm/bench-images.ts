// Times what a change in TypeScript costs until both images are made anew, and takes their sizes.
import { randomBytes } from "node:crypto";
import { appendFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { buildImages } from "../../rescue/build.ts";
import { REPO } from "./run-scenarios.ts";
import type { Context } from "./scenario.ts";

export interface ImageFigures {
  /** Milliseconds. */
  rebuild: number;
  /** Bytes. */
  usb: number;
  live: number;
}

/** Changes a copy of the checkout, builds from it with the same cache, and leaves the checkout alone. */
export async function measureImages({ tools: { run }, work }: Context): Promise<ImageFigures> {
  const copy = join(work, "checkout");
  await run(["git", "clone", "--quiet", "--depth=1", `file://${REPO}`, copy]);
  await symlink(join(REPO, "node_modules"), join(copy, "node_modules"));
  await buildImages(run, { repo: copy });
  // Something that the bundler may not leave out.
  const change = `\nif (process.argv.length === 0) process.stdout.write("${randomBytes(8).toString("hex")}");\n`;
  await appendFile(join(copy, "bin/main.ts"), change);
  const began = performance.now();
  const { usb, live } = await buildImages(run, { repo: copy });
  const rebuild = performance.now() - began;
  return { rebuild, usb: (await stat(usb)).size, live: (await stat(live)).size };
}
