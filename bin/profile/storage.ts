// `multiverse profile storage`: disks with their buses and how fast they are, what is stacked on them, file systems and their space.
import { type Measured, measureDisk } from "../../core/inventory/hardware/benchmark.ts";
import { expectedClass, measuredClass, type SpeedClass } from "../../core/inventory/hardware/speed-class.ts";
import type { Disk, Inventory } from "../../core/inventory/inventory.ts";
import type { Stacks } from "../../core/inventory/stacks/stacks.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import { table } from "../tables.ts";
import type { Context } from "../verb.ts";
import type { Section } from "./sections.ts";

/** What was measured of a disk, or why nothing was. */
export type Measurement = Measured | { why: string };

/** One disk after the other: together they would slow each other down. */
export async function measureDisks(
  disks: readonly Disk[],
  { run, signal, say }: Pick<Context, "run" | "signal" | "say">,
): Promise<Map<string, Measurement>> {
  const measured = new Map<string, Measurement>();
  for (const [at, disk] of disks.entries()) {
    let shown = -1;
    const onProgress = (done: number) => {
      const percent = Math.floor(done * 10) * 10;
      if (percent === shown) return;
      shown = percent;
      say(`${disk.path} (${at + 1} of ${disks.length}): ${percent} % read\n`);
    };
    try {
      measured.set(disk.kname, await measureDisk(disk.path, disk.size, { run, signal, onProgress }));
    } catch (error) {
      signal.throwIfAborted();
      measured.set(disk.kname, { why: error instanceof Error ? error.message : String(error) });
    }
  }
  return measured;
}

export function storageSection(inventory: Inventory, measured: ReadonlyMap<string, Measurement> | null): Section {
  const { disks, hardware, stacks } = inventory;
  const busOf = (disk: Disk) => hardware.storage.find((bus) => bus.disks.includes(disk.kname));
  const rows = disks.map((disk) => {
    const figures = measured?.get(disk.kname);
    const { speed, from } = classOf(disk, figures);
    const bus = busOf(disk);
    return { disk, speed, from, bus: bus === undefined ? null : `${bus.kind} ${bus.address ?? ""}`.trim(), figures };
  });
  const raid = inventory.notes.filter((note) => /RAID/.test(note));
  return {
    data: {
      disks: rows.map(({ disk, speed, from, bus, figures }) => ({
        ...{ id: disk.id, path: disk.path, model: disk.model, size: String(disk.size), bus, class: speed, from },
        ...(figures === undefined ? {} : { measured: figures }),
      })),
      ...{ buses: hardware.storage, stacks, fileSystems: hardware.fileSystems, pools: hardware.poolSpace, notes: raid },
    },
    lines: [
      ...table(
        ["DISK", "NAME NOW", "MODEL", "SIZE", "BUS", "CLASS", ...(measured === null ? [] : ["READS", "4 KIB"])],
        rows.map(({ disk, speed, from, bus, figures }) => [
          ...[disk.id ?? "-", disk.path, disk.model || disk.vendor, sizeInWords(disk.size), bus ?? disk.bus],
          from === "expected" ? `${speed}?` : speed,
          ...(measured === null ? [] : figuresInWords(figures)),
        ]),
      ),
      ...(measured === null
        ? ["", "A class with ? is what such disks are; --benchmark reads from them and measures it."]
        : []),
      ...stackLines(stacks),
      "",
      ...table(
        ["FILE SYSTEM", "TYPE", "MOUNTED AT", "SIZE", "USED", "FREE"],
        [
          ...hardware.fileSystems.map((each) => [
            ...[each.device, each.type, each.mountpoint],
            ...[each.size, each.used, each.free].map(sizeInWords),
          ]),
          ...(hardware.poolSpace ?? []).map((pool) => [
            ...[`pool ${pool.name}`, "zfs", pool.health],
            ...[pool.size, pool.allocated, pool.free].map(sizeInWords),
          ]),
        ],
      ),
      ...raid.map((note) => `! ${note}`),
    ],
  };
}

function classOf(disk: Disk, figures: Measurement | undefined): { speed: SpeedClass; from: "expected" | "measured" } {
  if (figures === undefined || "why" in figures) return { speed: expectedClass(disk), from: "expected" };
  return { speed: measuredClass(figures), from: "measured" };
}

function figuresInWords(figures: Measurement | undefined): string[] {
  if (figures === undefined) return ["not asked for", ""];
  if ("why" in figures) return [`not measured: ${figures.why}`, ""];
  return [
    `${Math.round(figures.sequential)} MB/s`,
    `${figures.latency < 10 ? figures.latency.toFixed(2) : Math.round(figures.latency)} ms`,
  ];
}

const names = (members: readonly { kname: string | null }[]) =>
  members.map((one) => one.kname ?? "(missing)").join(", ");

/** One line for each array, volume group and so on. */
function stackLines({ md, lvm, multipath, bcache, btrfs }: Stacks): string[] {
  const lines = [
    ...(md ?? []).map((array) => {
      const works = array.working === null ? "" : `, ${array.working} of ${array.wanted} work`;
      const name = array.name ?? array.uuid ?? "";
      return `RAID ${[array.kname, name].filter(Boolean).join(" ")} (${array.level ?? "level not known"}, ${array.state}${works}): ${names(array.members)}`;
    }),
    ...(lvm?.vgs ?? []).map((vg) => {
      const volumes = (lvm?.lvs ?? []).filter((lv) => lv.vg === vg.name && !lv.internal).map((lv) => lv.name);
      const missing = vg.missing === 0 ? "" : `, ${vg.missing} missing`;
      const on = names((lvm?.pvs ?? []).filter((pv) => pv.vg === vg.name));
      return `LVM ${vg.name} (${sizeInWords(vg.size)}, ${sizeInWords(vg.free)} free${missing}) on ${on}: ${volumes.join(", ") || "no volumes"}`;
    }),
    ...(multipath ?? []).map((map) => `multipath ${map.name ?? "(not joined)"} ${map.wwid}: ${map.paths.join(", ")}`),
    ...(bcache ?? []).map(
      (set) =>
        `bcache ${set.devices.join(", ") || "(not running)"}: ${set.backing.join(", ")} behind ${set.caches.join(", ") || "no cache"}`,
    ),
    ...(btrfs ?? [])
      .filter((volume) => volume.members.length > 1)
      .map((volume) => `btrfs ${volume.label || volume.uuid}: ${names(volume.members)}`),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}
