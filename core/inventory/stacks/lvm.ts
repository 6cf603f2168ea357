// Parses LVM's own reports as JSON: `pvs`, `vgs`, `lvs` of lvm2 2.03 (lvmreport(7)).
import { z } from "zod";
import { scrub } from "../scrub.ts";
import type { LvmLv, LvmPv, LvmVg, Stacks } from "./stacks.ts";

/** --units b --nosuffix: whole bytes as text. */
const bytes = z
  .string()
  .regex(/^[0-9]+$/)
  .transform(Number);

const pv = z.object({
  ...{ pv_name: z.string(), pv_uuid: z.string(), vg_name: z.string(), pv_missing: z.string() },
  ...{ pv_size: bytes, pv_free: bytes },
});
const vg = z.object({
  ...{ vg_name: z.string(), vg_uuid: z.string(), vg_missing_pv_count: bytes },
  ...{ vg_size: bytes, vg_free: bytes },
});
const lv = z.object({
  ...{ lv_name: z.string(), lv_uuid: z.string(), vg_name: z.string(), lv_layout: z.string(), lv_role: z.string() },
  ...{ lv_attr: z.string(), devices: z.string(), pool_lv: z.string(), origin: z.string(), lv_size: bytes },
});

/** One report each, with a list under the report's name; throws when the text is not that. */
function rows<Row>(output: string, name: string, row: z.ZodType<Row>): Row[] {
  const schema = z.object({ report: z.array(z.record(z.string(), z.unknown())) });
  const list = z.array(row);
  return schema.parse(JSON.parse(output)).report.flatMap((report) => list.parse(report[name] ?? []));
}

export function parseLvm(outputs: { pvs: string; vgs: string; lvs: string }): NonNullable<Stacks["lvm"]> {
  return {
    pvs: rows(outputs.pvs, "pv", pv).map(
      (one): LvmPv => ({
        // A volume that is missing has no name: "[unknown]".
        kname: one.pv_missing !== "" || !one.pv_name.startsWith("/dev/") ? null : knameOf(one.pv_name),
        ...{ uuid: scrub(one.pv_uuid), vg: scrub(one.vg_name), size: one.pv_size, free: one.pv_free },
      }),
    ),
    vgs: rows(outputs.vgs, "vg", vg).map(
      (one): LvmVg => ({
        ...{ name: scrub(one.vg_name), uuid: scrub(one.vg_uuid), missing: one.vg_missing_pv_count },
        ...{ size: one.vg_size, free: one.vg_free },
      }),
    ),
    lvs: mergeSegments(rows(outputs.lvs, "lv", lv)),
  };
}

/** Asking for devices gives one row for each segment of a volume. */
function mergeSegments(segments: readonly z.output<typeof lv>[]): LvmLv[] {
  const volumes = new Map<string, LvmLv>();
  for (const one of segments) {
    const below = devicesOf(one.devices);
    const known = volumes.get(one.lv_uuid);
    if (known === undefined) volumes.set(one.lv_uuid, makeVolume(one, below));
    else known.devices.push(...below.filter((name) => !known.devices.includes(name)));
  }
  return [...volumes.values()];
}

function makeVolume(one: z.output<typeof lv>, devices: string[]): LvmLv {
  return {
    // Names in square brackets are those of volumes that only LVM uses.
    name: scrub(one.lv_name.replace(/^\[(.*)\]$/, "$1")),
    ...{ vg: scrub(one.vg_name), uuid: scrub(one.lv_uuid), size: one.lv_size, devices },
    layout: one.lv_layout.split(",").map(scrub),
    internal: one.lv_role.split(",").includes("private"),
    pool: scrub(one.pool_lv.replace(/^\[(.*)\]$/, "$1")) || null,
    origin: scrub(one.origin.replace(/^\[(.*)\]$/, "$1")) || null,
    // lvs(8), lv_attr: bit 9 is the health, p for partial.
    partial: one.lv_attr[8] === "p",
  };
}

/** "/dev/sda2(0),data_rimage_1(0),[unknown](0)". */
function devicesOf(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.replace(/\([0-9]+\)$/, ""))
    .filter((name) => name !== "" && name !== "[unknown]")
    .map((name) => (name.startsWith("/dev/") ? knameOf(name) : scrub(name)));
}

/** LVM prefers the kernel's names for what is no device-mapper device. */
function knameOf(path: string): string {
  return scrub(path.replace(/^\/dev\//, ""));
}
