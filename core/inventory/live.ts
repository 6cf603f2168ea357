// Parses the manifest of the live medium that is running (docs/formats/live-medium.md).
import { z } from "zod";
import type { LiveMedium } from "./inventory.ts";

/** Where the running rescue system has what the manifest names by files of the medium. */
const MEDIUM = "/run/multiverse/live/medium";
const HOST = "/run/multiverse/live/host";
const PROGRAM = "/usr/lib/multiverse";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const inside = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/)
  .refine((path) => !path.split("/").includes(".."));
const decimal = z.string().regex(/^[0-9]+$/);
const tree = z.object({ path: inside, treeBytes: decimal, sha256 });

const manifestSchema = z.object({
  version: z.literal(1),
  debian: z.string(),
  zfs: z.string(),
  kernel: z.object({
    version: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+~_-]*$/),
    vmlinuz: inside,
    vmlinuzSha256: sha256,
    initrd: inside,
    initrdSha256: sha256,
  }),
  host: tree,
  program: tree,
  refind: inside,
});

/** The medium's manifest, or why it is none. */
export function parseManifest(text: string): { live: LiveMedium } | { problem: string } {
  try {
    const { kernel, debian, zfs, host, program, refind } = manifestSchema.parse(JSON.parse(text));
    return {
      live: {
        ...{ debian, zfs },
        kernel: { ...kernel, vmlinuz: `${MEDIUM}/${kernel.vmlinuz}`, initrd: `${MEDIUM}/${kernel.initrd}` },
        host: { ...host, path: HOST },
        program: { ...program, path: PROGRAM },
        refind: `${MEDIUM}/${refind}`,
      },
    };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: "it is not JSON" };
    if (!(error instanceof z.ZodError)) throw error;
    return { problem: error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ") };
  }
}
