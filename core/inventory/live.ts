// Parses the manifest of a live medium, the running one or another (docs/formats/live-medium.md).
import { z } from "zod";
import type { LiveMedium } from "./inventory.ts";

/** Where what the manifest names by files of the medium is mounted. */
export interface MediumPlaces {
  medium: string;
  host: string;
  program: string;
}

/** The medium that this system runs from. */
export const RUNNING: MediumPlaces = {
  medium: "/run/multiverse/live/medium",
  host: "/run/multiverse/live/host",
  program: "/usr/lib/multiverse",
};

/** Another medium, once the install has attached it. */
export const ATTACHED: MediumPlaces = {
  medium: "/run/multiverse/source/medium",
  host: "/run/multiverse/source/host",
  program: "/run/multiverse/source/program",
};

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
  sets: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), tree).default({}),
  program: tree,
  refind: inside,
});

/** The medium's manifest, with paths as they are when it is mounted `at` these places; or why it is none. */
export function parseManifest(text: string, at: MediumPlaces = RUNNING): { live: LiveMedium } | { problem: string } {
  try {
    const { kernel, debian, zfs, host, sets, program, refind } = manifestSchema.parse(JSON.parse(text));
    return {
      live: {
        ...{ debian, zfs },
        kernel: { ...kernel, vmlinuz: `${at.medium}/${kernel.vmlinuz}`, initrd: `${at.medium}/${kernel.initrd}` },
        host: { ...host, path: at.host },
        sets: Object.fromEntries(
          Object.entries(sets).map(([name, set]) => [name, { ...set, path: `${at.medium}/${set.path}` }]),
        ),
        program: { ...program, path: at.program },
        refind: `${at.medium}/${refind}`,
      },
    };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: "it is not JSON" };
    if (!(error instanceof z.ZodError)) throw error;
    return { problem: error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ") };
  }
}
