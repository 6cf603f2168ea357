// Parses `lsblk -J -b -O`, of util-linux 2.38 (Debian 12) to 2.41 (Debian 13): which fields there are differs.
import { z } from "zod";

const text = z.string().nullish();
/** Older versions write some numbers and booleans as text. */
const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^ *[0-9]+$/)
      .transform(Number),
  ])
  .nullish();
const flag = z.union([z.boolean(), z.enum(["0", "1"]).transform((digit) => digit === "1")]).nullish();

const fieldsSchema = z.object({
  name: z.string(),
  kname: z.string(),
  path: z.string(),
  type: z.string(),
  size: number,
  ro: flag,
  rm: flag,
  rota: flag,
  tran: text,
  model: text,
  vendor: text,
  serial: text,
  wwn: text,
  "log-sec": number,
  "phy-sec": number,
  pttype: text,
  ptuuid: text,
  fstype: text,
  label: text,
  uuid: text,
  partuuid: text,
  partlabel: text,
  parttype: text,
  partn: number,
  start: number,
  // Only of what is mounted.
  fssize: number,
  fsused: number,
  fsavail: number,
  mountpoint: text,
  // [null] before util-linux 2.39, [] since.
  mountpoints: z.array(z.string().nullable()).nullish(),
});

export interface BlockDevice extends z.infer<typeof fieldsSchema> {
  children?: BlockDevice[] | undefined;
}

const deviceSchema: z.ZodType<BlockDevice> = fieldsSchema.extend({
  get children() {
    return z.array(deviceSchema).optional();
  },
});

const outputSchema = z.object({ blockdevices: z.array(deviceSchema) });

/** The tree of block devices. Throws when the text is not lsblk's. */
export function parseLsblk(output: string): BlockDevice[] {
  return outputSchema.parse(JSON.parse(output)).blockdevices;
}

/** The device and everything on top of it: partitions, and what is opened from them. */
export function withHolders(device: BlockDevice): BlockDevice[] {
  return [device, ...(device.children ?? []).flatMap(withHolders)];
}

/** Where a device itself is mounted; "[SWAP]" when it is swap in use. */
export function mountpointsOf(device: BlockDevice): string[] {
  const all = [...(device.mountpoints ?? []), device.mountpoint ?? null];
  return [...new Set(all.filter((point): point is string => point !== null && point !== ""))];
}

/** Whether a mount point is a folder or within it. */
export function isUnder(point: string, folder: string): boolean {
  return point === folder || point.startsWith(`${folder}/`);
}
