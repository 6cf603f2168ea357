// The steps that make the machine start from its disks: kernel, menu and loader on every ESP, entries in the firmware.
import { makeHostArchive } from "../boot/host-archive.ts";
import { titleBeside, titlesOf } from "../boot/refind-conf.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import { espsOf } from "./layout/esps.ts";
import { LOADER } from "./layout/join-esps.ts";
import type { Layout } from "./layout/layout.ts";
import { step, stepOf } from "./planned-step.ts";
import type { BootFiles, PoolRef, Step } from "./step.ts";

export interface BootOf {
  pool: PoolRef;
  hostid: string;
}

/** Kernel and initramfs, the menu, the firmware's entries: of a host whose disks are its own. */
export function bootSteps(spec: ResolvedSpec, layout: Layout, of: BootOf): Step[] {
  return [...bootFileSteps(spec, layout, of), ...bootEntrySteps(spec, layout, of)];
}

function bootOf(spec: ResolvedSpec, { pool, hostid }: BootOf): BootFiles {
  return {
    directory: `/EFI/multiverse/${spec.host.name}/${spec.root.system}`,
    archive: hostArchive(spec, pool, hostid).toString("base64"),
    ...(spec.packages.set === "hypervisor" ? { microcode: true as const } : {}),
    keyboard: spec.host.keyboard,
  };
}

/** What nothing starts yet. */
export function bootFileSteps(spec: ResolvedSpec, layout: Layout, of: BootOf): Step[] {
  const esps = espsOf(layout);
  const joined = esps.flatMap((esp) => (esp.joined ? [esp.partuuid] : []));
  const where = esps.length > 1 ? "every EFI partition" : "the EFI partition";
  return [
    step(`copy kernel and initramfs to ${where}`, "writes", {
      ...{ kind: "boot-files", boot: bootOf(spec, of) },
      ...(esps.length > 1 ? { esps: esps.length } : {}),
      ...(joined.length > 0 ? { joined } : {}),
    }),
  ];
}

/** What makes the machine start it. */
export function bootEntrySteps(spec: ResolvedSpec, layout: Layout, of: BootOf): Step[] {
  const esps = espsOf(layout);
  const made = esps.filter(({ joined }) => !joined);
  const boot = bootOf(spec, of);
  const many = made.length > 1;
  return [
    ...(made.length === 0
      ? []
      : [
          step("write the boot menu", "writes", {
            ...{ kind: "boot-menu", boot, timeout: spec.boot.timeout, entries: [menuEntry(spec, of.pool)] },
            ...(many ? { esps: made.length } : {}),
          }),
        ]),
    ...joinedMenuSteps(spec, layout, { boot, pool: of.pool, place: made.length + 1 }),
    ...nvramSteps(spec, layout),
  ];
}

function joinedMenuSteps(
  spec: ResolvedSpec,
  { joined = [] }: Layout,
  { boot, pool, place }: { boot: BootFiles; pool: PoolRef; place: number },
): Step[] {
  if (joined.length === 0) return [];
  const esps = joined.map(({ menu }) => menu);
  const { options } = menuEntry(spec, pool);
  const title = titleBeside(
    [spec.host.name, `${spec.root.system} (${pool.name})`],
    esps.flatMap(({ menus }) => menus.flatMap(({ text }) => titlesOf(text))),
  );
  return [
    step("add the entry to the boot menu", "writes", {
      ...{ kind: "join-menu", boot, timeout: spec.boot.timeout, entry: { title, options }, esps },
      ...(place === 1 ? {} : { place }),
    }),
  ];
}

/** A new entry goes to the front of the firmware's order: the first disk's, made last, is tried first. */
function nvramSteps(spec: ResolvedSpec, layout: Layout): Step[] {
  const label = `Multiverse ${spec.host.name}`;
  // Where our own loader is there already, its entry is, too.
  const joined = (layout.joined ?? []).filter(({ menu }) => menu.loaders.length > 0);
  const entries = [
    ...espsOf({ disks: layout.disks }).map(({ target, number }, index) => ({
      ...{ target, partition: number, loader: "\\EFI\\refind\\refind_x64.efi" },
      label: index === 0 ? label : `${label} (disk ${index + 1})`,
    })),
    // Another system of this host's name may have an entry of the plain name.
    ...joined.map(({ target, number }, index) => ({
      ...{ target, partition: number, loader: `${LOADER.folder}/${LOADER.file}`.replaceAll("/", "\\") },
      label: `${label} (${spec.root.system}${index === 0 ? "" : `, disk ${index + 1}`})`,
    })),
  ];
  const last = isBeside(spec, layout) && spec.boot.order !== "first";
  const many = entries.length > 1;
  const steps = entries.map((entry, index) =>
    stepOf(index + 1, many ? `tell the firmware of ${entry.target.id}` : "tell the firmware", "writes", {
      ...{ kind: "nvram", ...entry },
      ...(last || spec.boot.order === "last" ? { last: true as const } : {}),
    }),
  );
  return last || spec.boot.order === "last" ? steps : steps.reverse();
}

/** Whether another system's partitions or files stay on the disks that are written to. */
const isBeside = (spec: ResolvedSpec, { joined = [] }: Layout): boolean => joined.length > 0 || spec.uses !== undefined;

function menuEntry(spec: ResolvedSpec, pool: PoolRef): { title: string; options: string } {
  // Without a speed the kernel sets a serial line to 9600 baud.
  const consoles = spec.boot.consoles.map((name) => `console=${name}${name.startsWith("ttyS") ? ",115200" : ""}`);
  const root = `root=ZFS=${pool.guid}/${spec.root.system}/os/g2@auto`;
  const options = ["boot=multiverse", root, "quiet", ...consoles, spec.boot.options].filter((word) => word !== "");
  return { title: spec.host.name, options: options.join(" ") };
}

function hostArchive(spec: ResolvedSpec, pool: PoolRef, hostid: string): Buffer {
  const settings = [
    "# This host's part of the initramfs; read by /scripts/multiverse.",
    `MULTIVERSE_HOST='${spec.host.name}'`,
    `MULTIVERSE_POOL='${pool.guid}'`,
    `MULTIVERSE_SYSTEM='${spec.root.system}'`,
    `MULTIVERSE_KEEP='${spec.root.keep}'`,
    "",
  ].join("\n");
  // /etc/hostid is the number in the machine's own byte order (spl(4)): little endian on every machine we run on.
  const id = Buffer.alloc(4);
  id.writeUInt32LE(Number.parseInt(hostid, 16));
  return makeHostArchive([
    { path: "etc/hostid", content: id },
    { path: "etc/multiverse/host.conf", content: Buffer.from(settings) },
  ]);
}
