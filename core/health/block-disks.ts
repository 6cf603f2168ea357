// The host's disks with their partitions, from lsblk; for the daemon, so without zod and without touching a file system.
import { diskDevices } from "../inventory/disk-devices.ts";
import { scrub } from "../inventory/scrub.ts";
import type { SourcePorts } from "../status/source.ts";
import { type AskBriefly, whyNoAnswer } from "./ask-briefly.ts";
import { jsonOf, listOf, member, numberOf, textOf } from "./text-fields.ts";

/** Not -O as the probe has it: among all columns are those for which lsblk asks every mounted file system, and a dead one does not answer. */
export const LSBLK = [
  ...(["lsblk", "-J", "-b", "-o", "NAME,KNAME,PATH,TYPE,SIZE,MODEL,SERIAL,PARTLABEL,PARTTYPE"] as const),
] as const;

export interface BlockPart {
  path: string;
  type: string;
  partlabel: string;
}

export interface BlockDisk {
  kname: string;
  path: string;
  /** Bytes. */
  size: number;
  /** Model and serial, as they were given. */
  name: string;
  partitions: readonly BlockPart[];
}

/** @throws Error with one sentence where lsblk does not tell */
export async function blockDisks(ports: SourcePorts, ask: AskBriefly, signal: AbortSignal): Promise<BlockDisk[]> {
  const answer = await ask(ports.run, LSBLK, 8_000, signal);
  if (answer.exit !== 0) throw new Error(whyNoAnswer("lsblk", answer));
  const disks = parseBlockDisks(answer.stdout);
  if (disks === null) throw new Error("lsblk: its output is not what was expected.");
  return disks;
}

/** Null where the text is not lsblk's. */
export function parseBlockDisks(output: string): BlockDisk[] | null {
  const listed = member(jsonOf(output), "blockdevices");
  if (!Array.isArray(listed)) return null;
  const devices = listOf(listed).map((one) => ({
    one,
    ...{ kname: textOf(member(one, "kname")), type: textOf(member(one, "type")), size: numberOf(member(one, "size")) },
  }));
  // A volume of a pool (zd0) looks like a disk, and is what a controller's disk is made of.
  return diskDevices(devices.filter(({ kname }) => /^[A-Za-z0-9!_-]+$/.test(kname) && !/^zd[0-9]/.test(kname))).map(
    ({ one, kname, size }) => ({
      ...{ kname, size: size ?? 0, path: textOf(member(one, "path")) || `/dev/${kname}` },
      name: nameOf(scrub(textOf(member(one, "model"))), scrub(textOf(member(one, "serial"))), kname),
      partitions: listOf(member(one, "children")).flatMap(partition),
    }),
  );
}

function nameOf(model: string, serial: string, kname: string): string {
  const known = [model, serial].filter((word) => word !== "").join(" ");
  if (known !== "") return known;
  return kname.startsWith("vd") ? "virtual disk" : "disk without a name";
}

function partition(child: unknown): BlockPart[] {
  const path = textOf(member(child, "path"));
  if (textOf(member(child, "type")) !== "part" || !/^\/dev\/[A-Za-z0-9!_-]+$/.test(path)) return [];
  return [
    {
      path,
      type: textOf(member(child, "parttype")).toLowerCase(),
      partlabel: textOf(member(child, "partlabel")),
    },
  ];
}
