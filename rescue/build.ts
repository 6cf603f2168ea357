// Builds the images: each stage is cached by what went into it, so a change redoes only what comes after it.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ActionableError } from "../core/errors.ts";
import type { Run } from "../core/tools/run.ts";
import { openArchive } from "./archive.ts";
import { openCache } from "./cache.ts";
import type { Context } from "./context.ts";
import { buildHostBase } from "./host-base.ts";
import { buildHostImage } from "./host-image.ts";
import { buildHypervisorLayer } from "./hypervisor-layer.ts";
import { buildLiveImage } from "./live-image.ts";
import { withLock } from "./lock.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { findMirrors } from "./mirrors.ts";
import { checkBuildMachine } from "./needs.ts";
import { newestPins, readPins, repin } from "./pins.ts";
import { buildProgramLayer } from "./program-layer.ts";
import { fetchRefind } from "./refind.ts";
import { buildRescueLayer } from "./rescue-layer.ts";
import { buildTinyRoot } from "./tiny-root.ts";
import { buildUsbImage } from "./usb-image.ts";
import { buildZfsModules } from "./zfs-modules.ts";

export { BUILD_PACKAGES } from "./needs.ts";

export type Image = "live" | "usb" | "tiny";

export interface BuildOptions {
  /** The checkout to build from. */
  repo: string;
  /** Default: $XDG_CACHE_HOME/multiverse, else ~/.cache/multiverse. */
  cache?: string;
  onProgress?: (line: string) => void;
  /** Default: live and usb. */
  want?: readonly Image[];
  /** Move the kernel and ZFS pins to the newest in the archive first. */
  repin?: boolean;
  /** Refuse, instead of building with the newest, when the archive has lost what is pinned. */
  pinned?: boolean;
}

/** Paths of what was built; an image that was not wanted has an empty path. */
export interface Images {
  /** The folder with the live squashfs and its manifest. */
  dir: string;
  vmlinuz: string;
  initrd: string;
  /** The outer squashfs. */
  live: string;
  program: string;
  usb: string;
  /** Like live, but what it installs is the tiny root. */
  tiny: string;
  manifest: Manifest;
  /** That of `tiny`; null when it was not wanted. */
  tinyManifest: Manifest | null;
}

export function defaultCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "multiverse");
}

/** Throws ActionableError for what a person can mend (no root, programs or mirror missing, pins gone), else ProgramError. */
export async function buildImages(run: Run, options: BuildOptions): Promise<Images> {
  await checkBuildMachine(run);
  const root = options.cache ?? defaultCache();
  await mkdir(root, { recursive: true, mode: 0o700 });
  return withLock(root, () => buildAll(run, root, options));
}

async function buildAll(run: Run, root: string, options: BuildOptions): Promise<Images> {
  const say = options.onProgress ?? (() => undefined);
  const began = performance.now();
  const clock = () => `${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s`;
  const cache = openCache(root, {
    onHit: (name) => say(`${clock()}  ${name}: unchanged`),
    onStart: (name) => say(`${clock()}  ${name} …`),
    onDone: (name, ms) => say(`${clock()}  ${name}: made in ${(ms / 1000).toFixed(1)} s`),
  });
  const scratch = await mkdtemp(join(root, "apt-"));
  try {
    const first = await readPins(options.repo);
    const sources = await findMirrors(first.suite);
    let opened: ReturnType<typeof openArchive> | undefined;
    const archive = () => {
      opened ??= openArchive(run, sources, scratch);
      return opened;
    };
    const pins = options.repin === true ? await repin(options.repo, first, await archive()) : first;
    const context: Context = { run, repo: options.repo, cache, pins, sources, archive, say };
    const want = options.want ?? ["live", "usb"];
    try {
      return await buildStages(context, want);
    } catch (error) {
      // A security archive keeps only the newest kernel: months later a clone must still build, and say with what.
      if (options.pinned === true || !(error instanceof ActionableError) || error.code !== "pin-gone") throw error;
      const newest = newestPins(pins, await archive());
      say(`! the pinned kernel or ZFS is gone from the mirror; building with ${newest.kernel} and ZFS ${newest.zfs}`);
      return await buildStages({ ...context, pins: newest }, want);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await cache.prune();
  }
}

async function buildStages(context: Context, want: readonly Image[]): Promise<Images> {
  const modules = await buildZfsModules(context);
  const base = await buildHostBase(context, modules);
  const refind = await fetchRefind(context);
  const host = await buildHostImage(context, base);
  const rescue = await buildRescueLayer(context, base);
  const hypervisor = await buildHypervisorLayer(context, base, host);
  const program = await buildProgramLayer(context);
  const parts = { base: host, rescue, program, refind };
  const live = await buildLiveImage(context, { ...parts, host, hypervisor });
  const tiny = want.includes("tiny")
    ? await buildLiveImage(context, { ...parts, host: await buildTinyRoot(context, base), hypervisor: null })
    : null;
  const usb = want.includes("usb") ? await buildUsbImage(context, host, live, refind) : null;
  return {
    dir: live.dir,
    vmlinuz: join(host.dir, "vmlinuz"),
    initrd: join(host.dir, "initrd"),
    live: join(live.dir, "live.squashfs"),
    program: join(program.dir, "program.squashfs"),
    usb: usb === null ? "" : join(usb.dir, "usb.img"),
    tiny: tiny === null ? "" : join(tiny.dir, "tiny-live.squashfs"),
    manifest: await readManifest(join(live.dir, "manifest.json")),
    tinyManifest: tiny === null ? null : await readManifest(join(tiny.dir, "manifest.json")),
  };
}
