// Spec and inventory become one value for everything, each with where it came from; or a refusal that lists all that is missing.
import { createHash } from "node:crypto";
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { describeDisk } from "./describe-disk.ts";
import { confirmedIdentities } from "./disk-by-name.ts";
import type { LoadedSpec } from "./load.ts";
import { isMap, type Path, showPath } from "./path.ts";
import { type Question, questions } from "./questions.ts";
import { resolveJoin, resolveUses } from "./resolve-existing.ts";
import { resolveNetwork } from "./resolve-network.ts";
import { resolveRoot, type Value } from "./resolve-root.ts";
import { resolveSwap } from "./resolve-swap.ts";
import type { Origin, PackageSet, ResolvedSpec, Share } from "./resolved.ts";
import type { Spec } from "./schema.ts";
import { parseShare } from "./share.ts";
import { sourceDevice, sourceUri } from "./source-uri.ts";
import { refuseIdleDisks, rootDiskName, selectUsedDisks } from "./used-disks.ts";

const GIB = 2 ** 30;

/**
 * Every value known.
 * @throws ActionableError `values-missing` (exit 3), or what select-disk.ts and resolve-network.ts refuse (exit 4)
 */
export function resolveSpec(loaded: LoadedSpec, inventory: Inventory): ResolvedSpec {
  const { spec } = loaded;
  const open = questions(loaded, inventory).filter((question) => question.for === "plan");
  // A disk that is stated and cannot be used is refused with its own words, below.
  const stated = new Set(Object.keys(spec.disks ?? {}).map((name) => `disks.${name}`));
  const missing = open.filter((question) => !stated.has(question.path));
  if (missing.length > 0) throw valuesMissing(open);
  refuseIdleDisks(loaded);
  refuseTwoRests(loaded);
  const hostName = spec.host?.name;
  if (hostName === undefined) throw new Error("an open question was not listed");
  const selected = selectUsedDisks(loaded, inventory);
  const rootDisks = selected.get(rootDiskName(spec)) ?? [];
  const ids = [...selected.values()].flat().map(({ id }) => id);

  const origins: Origin[] = statedOrigins(spec, []);
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

  for (const [name, disks] of selected)
    origins.push({ path: `disks.${name}`, from: "inventory", note: disks.map(describeDisk).join(", ") });
  const root = resolveRoot(loaded, inventory, hostName, value);
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
    disks: Object.fromEntries([...selected].map(([name, disks]) => [name, disks.map(({ id }) => id)])),
    ...resolveUses(loaded, selected, inventory),
    root,
    esp: { size: value("esp.size", shareOf(spec.esp?.size), 2 * GIB), ...resolveJoin(loaded, inventory) },
    swap: resolveSwap(
      spec,
      { smallest: Math.min(...rootDisks.map(({ size }) => size)), memory: inventory.memory },
      value,
    ),
    source: resolveSource(spec, value),
    boot: {
      loader: "refind",
      timeout: value("boot.timeout", spec.boot?.timeout, 5),
      consoles: value("boot.consoles", spec.boot?.consoles, [...inventory.consoles], "inventory"),
      options: value("boot.options", spec.boot?.options, ""),
      ...(spec.boot?.order === undefined ? {} : { order: spec.boot.order }),
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
      deriveSalt(hostName, inventory, root.filesystem === "zfs-existing" ? [root.guid, root.system] : ids),
      "default",
      "derived from host name, machine and disk",
    ),
    confirmErase: confirmedIdentities(spec.confirm?.erase ?? [], inventory),
    ...(spec.confirm?.change === undefined
      ? {}
      : { confirmChange: confirmedIdentities(spec.confirm.change, inventory) }),
    unattended: value("unattended", spec.unattended, false),
    origins,
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

function shareOf(text: string | undefined): Share | undefined {
  return text === undefined ? undefined : (parseShare(text) ?? undefined);
}

/** The same machine, disks and name give the same identifiers, before anything was written back. */
function deriveSalt(hostName: string, inventory: Inventory, disks: readonly string[]): string {
  const { serial, uuid } = inventory.machine;
  return createHash("sha256")
    .update(JSON.stringify(["multiverse salt 1", hostName, serial, uuid, ...disks]))
    .digest("hex");
}

/** One origin for each value that the spec states. */
function statedOrigins(value: unknown, path: Path): Origin[] {
  if (value === undefined) return [];
  if (!isMap(value)) return [{ path: showPath(path), from: "spec" }];
  return Object.entries(value).flatMap(([key, item]) => statedOrigins(item, [...path, key]));
}

/** What is left can be left to one thing only. */
function refuseTwoRests({ spec, place }: LoadedSpec): void {
  const swap = typeof spec.swap === "object" ? spec.swap.size : undefined;
  if (swap !== "rest" || (spec.root?.size ?? "rest") !== "rest") return;
  throw new ActionableError({
    code: "two-rests",
    exit: EXIT.refused,
    message: "The swap is to have the rest of the disk, and so has the root.",
    evidence: [`${place(["swap", "size"])}: \`swap.size: rest\``],
    hint: "Say how much the root gets: `root: {size: 100 GB}` or `root: {size: 80 %}`.",
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
