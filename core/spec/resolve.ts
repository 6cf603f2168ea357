// Spec and inventory become one value for everything, each with where it came from; or a refusal that lists all that is missing.
import { createHash } from "node:crypto";
import { ActionableError, EXIT } from "../errors.ts";
import { requireHardware } from "../hardware/require-hardware.ts";
import type { Bytes, Inventory } from "../inventory/inventory.ts";
import type { LoadedSpec } from "./load.ts";
import { isMap, type Path, showPath } from "./path.ts";
import { parseSize } from "./quantity.ts";
import { diskName, encryptionOf, type Question, questions } from "./questions.ts";
import { resolveNetwork } from "./resolve-network.ts";
import type { Origin, PackageSet, ResolvedSpec } from "./resolved.ts";
import type { Spec } from "./schema.ts";
import { confirmedIdentities, describeDisk, type IdentifiedDisk, selectDisk } from "./select-disk.ts";
import { sourceDevice, sourceUri } from "./source-uri.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/**
 * Every value known.
 * @throws ActionableError `hardware-differs` (exit 8), `values-missing` (exit 3), or what select-disk.ts and resolve-network.ts refuse (exit 4)
 */
export function resolveSpec(loaded: LoadedSpec, inventory: Inventory): ResolvedSpec {
  const { spec } = loaded;
  // First of all: on another machine than the one that is meant no other answer counts.
  if (loaded.hardware !== null) requireHardware(loaded.hardware, inventory);
  const open = questions(loaded, inventory).filter((question) => question.for === "plan");
  const name = diskName(spec);
  const stated = spec.disks?.[name];
  const missing = open.filter((question) => question.path !== `disks.${name}` || stated === undefined);
  if (missing.length > 0) throw valuesMissing(open);
  refuseIdleDisks(loaded, name);
  const hostName = spec.host?.name;
  const encryption = encryptionOf(spec);
  if (stated === undefined || hostName === undefined || encryption === null)
    throw new Error("an open question was not listed");
  const disk = selectDisk(stated, inventory, loaded.place(["disks", name]));

  const origins: Origin[] = statedOrigins(spec, loaded.filled, []);
  /** The stated value, or the default with a note for the review. */
  function value<T>(
    path: string,
    given: T | undefined,
    otherwise: T,
    from: Origin["from"] = "default",
    note?: string,
  ): T {
    if (given !== undefined) return given;
    origins.push({ path, from, ...(note === undefined ? {} : { note }) });
    return otherwise;
  }

  origins.push({ path: `disks.${name}`, from: "inventory", note: describeDisk(disk) });
  const network = resolveNetwork(loaded, inventory);
  if (spec.network === undefined)
    origins.push({ path: "network", from: "default", note: "DHCP on every wired adapter" });
  return {
    version: 1,
    host: {
      name: hostName,
      timezone: value("host.timezone", spec.host?.timezone, "Etc/UTC"),
      locale: value("host.locale", spec.host?.locale, "en_US.UTF-8"),
      keyboard: value("host.keyboard", spec.host?.keyboard, "us"),
      proxy: spec.host?.proxy?.replace(/\/$/, "") ?? null,
      ntp: spec.host?.ntp ?? [],
    },
    disk: disk.id,
    root: {
      filesystem: "zfs",
      pool: value("root.pool", spec.root?.pool, "multiverse"),
      system: systemName(spec, hostName, value),
      encryption,
      keep: value("root.generations.keep", spec.root?.generations?.keep, 3),
      keepReleases: value("root.generations.keep-releases", spec.root?.generations?.["keep-releases"], 5),
    },
    esp: { size: value("esp.size", sizeOf(spec.esp?.size), 2 * GIB) },
    swap: resolveSwap(spec, disk, value),
    source: resolveSource(spec, value),
    boot: {
      loader: "refind",
      timeout: value("boot.timeout", spec.boot?.timeout, 5),
      consoles: value("boot.consoles", spec.boot?.consoles, [...inventory.consoles], "inventory"),
      options: value("boot.options", spec.boot?.options, ""),
    },
    users: (spec.users ?? []).map((user) => ({
      name: user.name,
      password: user.password ?? null,
      groups: user.groups ?? [],
      sshKeys: user["ssh-keys"] ?? [],
    })),
    admins: (spec.control?.admins ?? []).map(({ name, key, operations }) => ({
      ...{ name, key, operations: operations ?? null },
    })),
    network,
    packages: {
      set: resolveSet(spec, inventory, value),
      add: spec.packages?.add ?? [],
      mirror: spec.packages?.mirror ?? null,
    },
    salt: value(
      "salt",
      spec.salt,
      deriveSalt(hostName, inventory, disk.id),
      "default",
      "derived from host name, machine and disk",
    ),
    confirmErase: confirmedIdentities(spec.confirm?.erase ?? [], inventory),
    unattended: value("unattended", spec.unattended, false),
    origins,
  };
}

type Value = <T>(path: string, given: T | undefined, otherwise: T, from?: Origin["from"], note?: string) => T;

/** A host's first label may be g1, g2 or g3, which mean generations; such a system is called g1-host. */
function systemName(spec: Spec, hostName: string, value: Value): string {
  const short = hostName.split(".")[0] ?? hostName;
  const usable = /^g[123]$/.test(short) ? `${short}-host` : short;
  return value("root.system", spec.root?.system, usable, "default", "from the host's name");
}

function resolveSwap(spec: Spec, disk: IdentifiedDisk, value: Value): ResolvedSpec["swap"] {
  const stated = typeof spec.swap === "object" ? spec.swap : spec.swap === undefined ? {} : { kind: spec.swap };
  if (stated.kind === "none") return { kind: "none" };
  const eighth = Math.floor(disk.size / 8 / MIB) * MIB;
  const size = Math.min(2 * GIB, eighth);
  return {
    kind: "partition",
    size: value("swap.size", sizeOf(stated.size), size, "default", size === eighth ? "an eighth of the disk" : "2 GiB"),
  };
}

function resolveSource(spec: Spec, value: Value): ResolvedSpec["source"] {
  const stated = typeof spec.source === "object" ? spec.source.uri : spec.source;
  const uri = value("source", stated, sourceUri(null), "default", "the medium that is running");
  const device = sourceDevice(uri);
  return { uri: sourceUri(device), device };
}

/** What the medium has: a host without the hypervisor set cannot run controllers. */
function resolveSet(spec: Spec, inventory: Inventory, value: Value): PackageSet {
  const device = sourceDevice(typeof spec.source === "object" ? spec.source.uri : (spec.source ?? sourceUri(null)));
  const live =
    device === null
      ? inventory.live
      : inventory.media.find((each) => each.device === device || each.aliases.includes(device))?.live;
  const has = live?.sets.hypervisor !== undefined;
  const otherwise: PackageSet = has ? "hypervisor" : "minimal";
  return value("packages.set", spec.packages?.set, otherwise, "inventory", "what the medium has");
}

function sizeOf(text: string | undefined): Bytes | undefined {
  const bytes = text === undefined ? null : parseSize(text);
  return bytes === null ? undefined : bytes;
}

/** The same machine, disk and name give the same identifiers, before anything was written back. */
function deriveSalt(hostName: string, inventory: Inventory, disk: string): string {
  const { serial, uuid } = inventory.machine;
  return createHash("sha256")
    .update(JSON.stringify(["multiverse salt 1", hostName, serial, uuid, disk]))
    .digest("hex");
}

/** One origin for each value that the spec states, or its hardware template in its place. */
function statedOrigins(value: unknown, filled: ReadonlySet<string>, path: Path): Origin[] {
  if (value === undefined) return [];
  if (!isMap(value)) return [{ path: showPath(path), from: filled.has(showPath(path)) ? "template" : "spec" }];
  return Object.entries(value).flatMap(([key, item]) => statedOrigins(item, filled, [...path, key]));
}

/** A disk that is named and not used would be a key that is ignored. */
function refuseIdleDisks(loaded: LoadedSpec, used: string): void {
  const idle = Object.keys(loaded.spec.disks ?? {}).filter((name) => name !== used);
  if (idle.length === 0) return;
  throw new ActionableError({
    code: "not-yet",
    exit: EXIT.refused,
    message: "The spec names more disks than are used; more than one disk is not supported yet.",
    evidence: idle.map(
      (name) => `${loaded.place(["disks", name])}: \`disks.${name}\` is not used: the system goes to \`${used}\``,
    ),
    hint: "Take them out, or name the disk to use with `root: {on: …}`.",
  });
}

function valuesMissing(open: readonly Question[]): ActionableError {
  return new ActionableError({
    code: "values-missing",
    exit: EXIT.missing,
    message: open.length === 1 ? "One value is missing." : `${open.length} values are missing.`,
    evidence: open.flatMap((question) => [
      `${question.path}: ${question.ask} ${question.why}`,
      ...(question.choices ?? []).map(
        (choice) =>
          `    ${choice.label}${choice.unusable.length === 0 ? "" : `: cannot be used: ${choice.unusable.join("; ")}`}`,
      ),
    ]),
    hint: "Put these into the spec. `multiverse questions FILE` lists them for programs.",
  });
}
