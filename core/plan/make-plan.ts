// The planner: a pure function of a resolved spec and an inventory. It starts nothing and writes nothing.

import { makeHostArchive } from "../boot/host-archive.ts";
import { ActionableError, EXIT } from "../errors.ts";
import type { Disk, Inventory } from "../inventory/inventory.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import { dataSets, HOST_KEYS } from "./data-sets.ts";
import { canonicalJson, deriveHex, derivePoolGuid, deriveUuid, sha256 } from "./derive.ts";
import { diskInWords } from "./disk-in-words.ts";
import { layoutZfsDisk } from "./layout.ts";
import { clearedRanges } from "./saved-ranges.ts";
import { evidenceSource, findSource, type Source, sourceNotFound } from "./sources.ts";
import type { Evidence, Plan, PlannedPartition, PoolRef, Risk, Step, StepData, Target } from "./step.ts";
import { identityFiles, identityLinks, maintainedFiles } from "./system-files.ts";
import { refuseTakenIdentifiers } from "./taken-identifiers.ts";
import { teardownSteps } from "./teardown.ts";

/** What the caller knows and a pure function cannot: the time, and where the journal lives. */
export interface Circumstances {
  /** Seconds since 1970. */
  now: number;
  saveTo: string;
}

/**
 * The ordered list of steps. Throws `disk-too-small`, `esp-too-small`, `not-uefi`, `no-live-medium`, `target-gone`,
 * `source-not-found`, `source-is-target`.
 * The hash covers identities and steps, not the evidence that drifts.
 */
export function makePlan(spec: ResolvedSpec, inventory: Inventory, circumstances: Circumstances): Plan {
  const disk = inventory.disks.find(({ id }) => id === spec.disk);
  if (disk === undefined) {
    throw new ActionableError({
      code: "target-gone",
      exit: EXIT.refused,
      message: `The disk ${spec.disk} is not in this machine.`,
      evidence: inventory.disks.map((each) => `${each.id ?? each.path}  ${diskInWords(each)}`),
      hint: "Name one of these in disks.system.",
    });
  }
  const evidence = evidenceOf(spec, inventory, circumstances);
  refuseSourceAsTarget(spec, inventory, disk);
  const target: Target = { id: spec.disk, size: String(disk.size), serial: disk.serial };
  const partitions = layoutZfsDisk(spec, disk);
  refuseTakenIdentifiers(spec, inventory, [disk], partitions);
  const steps = [...diskSteps(spec, inventory, disk, target, partitions), ...systemSteps(spec, target, partitions)];
  const hashed = { version: 1, salt: spec.salt, host: spec.host.name, steps };
  return {
    ...{ version: 1 as const, hash: sha256(canonicalJson(hashed)), salt: spec.salt, host: spec.host.name },
    erases: [{ id: spec.disk, name: diskInWords(disk), content: disk.content }],
    untouched: inventory.disks
      .filter((each) => each !== disk)
      .map((each) => ({ id: each.id ?? each.path, name: diskInWords(each), content: each.content })),
    steps,
    evidence,
  };
}

/** The hash of a plan read back from a file: whoever runs a saved plan compares it first. */
export function hashOf(plan: Plan): string {
  return sha256(canonicalJson({ version: plan.version, salt: plan.salt, host: plan.host, steps: plan.steps }));
}

function evidenceOf(spec: ResolvedSpec, inventory: Inventory, { now, saveTo }: Circumstances): Evidence {
  if (inventory.firmware.kind !== "uefi") {
    throw new ActionableError({
      code: "not-uefi",
      exit: EXIT.refused,
      message: "This machine was started without UEFI, and the installed system starts through UEFI only.",
      evidence: ["/sys/firmware/efi does not exist"],
      hint: "Choose UEFI (not legacy or CSM) in the firmware's settings and start the stick again.",
    });
  }
  const source = findSource(inventory, spec.source.device);
  if (source === null && spec.source.device !== null) throw sourceNotFound(spec.source.device, inventory);
  if (source === null) {
    throw new ActionableError({
      code: "no-live-medium",
      exit: EXIT.refused,
      message: "The source `live:` is the rescue system's own image, and this is not the rescue system.",
      hint: "Start the rescue system, name another medium (`source`), or plan for a recorded machine with --machine FILE.",
    });
  }
  refuseSetThatIsNotThere(spec, source);
  return { ...evidenceSource(source), release: now.toString(16), saveTo };
}

function refuseSetThatIsNotThere(spec: ResolvedSpec, { live }: Source): void {
  const { set } = spec.packages;
  if (set === "minimal" || live.sets[set] !== undefined) return;
  throw new ActionableError({
    code: "set-not-on-medium",
    exit: EXIT.refused,
    message: `The medium that the system is copied from does not have the package set \`${set}\`.`,
    evidence: [`it has: ${["minimal", ...Object.keys(live.sets)].join(", ")}`],
    hint: "Use a medium of this version, or `packages: {set: minimal}`.",
  });
}

function refuseSourceAsTarget(spec: ResolvedSpec, inventory: Inventory, disk: Disk): void {
  const { device } = spec.source;
  if (device === null || findSource(inventory, device)?.medium?.disk !== disk.kname) return;
  throw new ActionableError({
    code: "source-is-target",
    exit: EXIT.refused,
    message: "The system cannot be copied from the disk that it is to be installed on.",
    evidence: [`${device} is on ${spec.disk} (${diskInWords(disk)})`],
    hint: "Choose another disk in disks.system, or another source.",
  });
}

function step(title: string, risk: Risk, data: StepData): Step {
  return { id: data.kind, title, risk, data };
}

function part(partitions: readonly PlannedPartition[], role: PlannedPartition["role"]): PlannedPartition {
  const found = partitions.find((each) => each.role === role);
  if (found === undefined) throw new Error(`the layout has no ${role} partition`);
  return found;
}

function poolOf(spec: ResolvedSpec, partitions: readonly PlannedPartition[]): PoolRef {
  return {
    name: spec.root.pool,
    guid: derivePoolGuid(spec.salt, "pool"),
    importName: `mv-${deriveHex(spec.salt, "import name", 12)}`,
    partuuid: part(partitions, "pool").partuuid,
  };
}

function diskSteps(
  spec: ResolvedSpec,
  inventory: Inventory,
  disk: Disk,
  target: Target,
  partitions: PlannedPartition[],
): Step[] {
  const tableUuid = deriveUuid(spec.salt, "partition table");
  const esp = part(partitions, "esp");
  const swap = partitions.find(({ role }) => role === "swap");
  const volumeId = deriveHex(spec.salt, "esp volume", 8);
  const teardown = teardownSteps([disk], inventory.disks);
  const ranges = clearedRanges(disk, partitions);
  return [
    step("make sure it is the right disk, and free", "reads", {
      kind: "check-target",
      target,
      tableUuid: disk.tableUuid,
      ...(teardown.length === 0 ? {} : { held: true as const }),
    }),
    // Before anything is erased: a medium that cannot be read must not cost the disk's content.
    step("make the source ready", "reads", { kind: "attach-source" }),
    ...teardown,
    step("save tables and headers of the disk", "reads", { kind: "save-table", target, ranges }),
    step("clear the disk, prove it clear", "erases", { kind: "clear-disk", target, ranges }),
    step("write the partition table", "erases", {
      ...{ kind: "partition", target, sectorSize: disk.sector, tableUuid, partitions },
    }),
    step("make the EFI file system", "no-way-back", {
      ...{ kind: "make-esp", target, partuuid: esp.partuuid, volumeId, sectorSize: disk.sector },
    }),
    // Beside an encrypted root the swap gets a random key at boot, so there is nothing to make now.
    ...(swap === undefined || spec.root.encryption !== "none"
      ? []
      : [
          step("make the swap", "writes", {
            ...{ kind: "make-swap", target, partuuid: swap.partuuid, uuid: deriveUuid(spec.salt, "swap") },
          }),
        ]),
  ];
}

function systemSteps(spec: ResolvedSpec, target: Target, partitions: PlannedPartition[]): Step[] {
  const pool = poolOf(spec, partitions);
  const { system, encryption } = spec.root;
  const hostid = deriveHex(spec.salt, "hostid", 8);
  const data = [...dataSets(spec.packages.set)];
  const locked = encryption === "none" ? "" : ", encrypted";
  const boot = {
    directory: `/EFI/multiverse/${spec.host.name}/${system}`,
    archive: hostArchive(spec, pool, hostid).toString("base64"),
    ...(spec.packages.set === "hypervisor" ? { microcode: true as const } : {}),
    keyboard: spec.host.keyboard,
  };
  return [
    step(`create pool ${pool.name}`, "writes", { kind: "create-pool", target, pool }),
    step(`create the data sets${locked}`, "writes", { kind: "create-datasets", pool, system, encryption, data }),
    step("copy the system", "writes", {
      ...{ kind: "copy-system", pool, system },
      ...(spec.packages.set === "minimal" ? {} : { set: spec.packages.set }),
    }),
    step("set name, language, network", "writes", {
      ...{ kind: "configure", hostid, locale: spec.host.locale },
      ...{ files: identityFiles(spec, partitions), links: identityLinks(spec) },
    }),
    ...(spec.users.length === 0 ? [] : [step("add the users", "writes", { kind: "add-users", users: spec.users })]),
    ...(spec.packages.add.length === 0
      ? []
      : [step("add packages", "writes", { kind: "add-packages", packages: spec.packages.add })]),
    step("seal the recovery root g1", "writes", { kind: "seal-recovery", pool, system }),
    step("copy it to the maintained root g2", "writes", { kind: "copy-maintained", pool, system }),
    step("move what must outlive a boot to its data sets", "writes", {
      ...{ kind: "fill-data", pool, system, data, files: maintainedFiles(spec, partitions) },
    }),
    step("make the host's ssh keys", "writes", { kind: "host-keys", directory: HOST_KEYS }),
    step("copy kernel and initramfs to the EFI partition", "writes", { kind: "boot-files", boot }),
    step("write the boot menu", "writes", {
      ...{ kind: "boot-menu", boot, timeout: spec.boot.timeout, entries: menuEntries(spec, pool) },
    }),
    step("tell the firmware", "writes", {
      ...{ kind: "nvram", target, partition: 1, label: `Multiverse ${spec.host.name}` },
      loader: "\\EFI\\refind\\refind_x64.efi",
    }),
    step("make the first release", "writes", { kind: "release", pool, system, data }),
    step("close the pool and read it back", "writes", {
      ...{ kind: "finish", target, pool, system, encryption, esp: part(partitions, "esp").number },
    }),
  ];
}

function menuEntries(spec: ResolvedSpec, pool: PoolRef): { title: string; options: string }[] {
  // Without a speed the kernel sets a serial line to 9600 baud.
  const consoles = spec.boot.consoles.map((name) => `console=${name}${name.startsWith("ttyS") ? ",115200" : ""}`);
  const root = `root=ZFS=${pool.guid}/${spec.root.system}/os/g2@auto`;
  const options = ["boot=multiverse", root, "quiet", ...consoles, spec.boot.options].filter((word) => word !== "");
  return [{ title: spec.host.name, options: options.join(" ") }];
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
