// manifest.json of the live medium (docs/formats/live-medium.md): its schema, and how it is made.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { kernelRelease, type Pins } from "./pins.ts";

const tree = z.object({ path: z.string(), treeBytes: z.string().regex(/^[0-9]+$/), sha256: z.string() });

export const manifestSchema = z.object({
  version: z.literal(1),
  debian: z.string(),
  zfs: z.string(),
  kernel: z.object({
    version: z.string(),
    vmlinuz: z.string(),
    vmlinuzSha256: z.string(),
    initrd: z.string(),
    initrdSha256: z.string(),
  }),
  host: tree,
  /** What package sets have more than `host`: overlay layers on it; treeBytes is that of both together. */
  sets: z.record(z.string(), tree).optional(),
  base: z.object({ path: z.string(), sha256: z.string() }).optional(),
  rescue: z.object({ path: z.string(), sha256: z.string() }),
  program: tree,
  refind: z.string(),
});

export type Manifest = z.infer<typeof manifestSchema>;

export interface ManifestParts {
  /** The folder of the host image; another than `host` where that one is not what the rescue system stands on. */
  base: string;
  host: string;
  /** The folder of the hypervisor set's layer; null where the host root is another. */
  hypervisor: string | null;
  rescue: string;
  program: string;
}

/** Describes the results of the stages in these folders. */
export async function makeManifest(pins: Pins, parts: ManifestParts): Promise<Manifest> {
  const bytes = async (dir: string) => (await readFile(join(dir, "tree-bytes"), "utf8")).trim();
  return {
    version: 1,
    debian: pins.debian,
    zfs: pins.zfs.replace(/-.*$/, ""),
    kernel: {
      version: kernelRelease(pins),
      vmlinuz: "vmlinuz",
      vmlinuzSha256: await sha256(join(parts.base, "vmlinuz")),
      initrd: "initrd",
      initrdSha256: await sha256(join(parts.base, "initrd")),
    },
    host: {
      path: "host.squashfs",
      treeBytes: await bytes(parts.host),
      sha256: await sha256(join(parts.host, "host.squashfs")),
    },
    ...(parts.hypervisor === null
      ? {}
      : {
          sets: {
            hypervisor: {
              path: "hypervisor.squashfs",
              treeBytes: await bytes(parts.hypervisor),
              sha256: await sha256(join(parts.hypervisor, "hypervisor.squashfs")),
            },
          },
        }),
    ...(parts.base === parts.host
      ? {}
      : { base: { path: "base.squashfs", sha256: await sha256(join(parts.base, "host.squashfs")) } }),
    rescue: { path: "rescue.squashfs", sha256: await sha256(join(parts.rescue, "rescue.squashfs")) },
    program: {
      path: "program.squashfs",
      treeBytes: await bytes(parts.program),
      sha256: await sha256(join(parts.program, "program.squashfs")),
    },
    refind: "refind",
  };
}

/** SHA-256 of a file in hex. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

export async function readManifest(file: string): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse(await readFile(file, "utf8")));
}
