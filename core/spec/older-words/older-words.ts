// The older words of the command line (`work=`, `boot=`, `install=`) as files and values of a spec.
import { ActionableError, EXIT } from "../../errors.ts";
import { badWord } from "../key-value.ts";
import type { SpecWord } from "../spec-word.ts";
import { type Destination, formatDestination, meaningOf, parseDestination } from "./destination.ts";
import { parsePartitionNode } from "./partition-node.ts";
import { formatSource, parseSource, type WorkSource } from "./source.ts";
import { NotInGrammar } from "./uri-parts.ts";

export const OLDER_KEYS = ["work", "boot", "install"] as const;
export type OlderKey = (typeof OLDER_KEYS)[number];

export interface FromOlderWords {
  /** `work=yaml://…`: comes before the files that are named. */
  files: string[];
  words: SpecWord[];
  /** A source that the grammar has and the installer does not copy from yet; `config` prints the spec all the same. */
  notYet: ActionableError | null;
  /** What a person who reads the spec should know about the words. */
  notes: string[];
}

/** @throws ActionableError `usage` (exit 2) */
export function readOlderWords(given: Readonly<Partial<Record<OlderKey, string>>>): FromOlderWords {
  const { work, boot, install } = given;
  if (boot !== undefined && install !== undefined)
    throw badWord(
      "boot=… and install=…",
      "exclude each other",
      "boot= erases a disk, install= goes to a pool that exists.",
    );
  const found: FromOlderWords = { files: [], words: [], notYet: null, notes: [] };
  if (work !== undefined) readWork(understood("work", work, parseSource), found);
  if (boot !== undefined) readDestination("boot", understood("boot", boot, parseDestination), found);
  if (install !== undefined) readDestination("install", understood("install", install, parseDestination), found);
  return found;
}

function understood<Result>(key: OlderKey, text: string, parse: (text: string) => Result): Result {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof NotInGrammar)) throw error;
    const hint = key === "work" ? "Such as work=live: or work=yaml:///path/to/spec.yml." : EXAMPLES[key];
    throw badWord(`${key}=${text.replace(/[^\u0020-\u007e]/g, "?").slice(0, 200)}`, error.message, hint);
  }
}

const EXAMPLES = {
  boot: "Such as boot=zfs:///dev/nvme0n1:/saturn/plasma, or …:/saturn/g2 for a system called after the host.",
  install: "Such as install=zfs:///dev/nvme0n1p3:/saturn/plasma.",
} as const;

function readWork(source: WorkSource, found: FromOlderWords): void {
  if (source.kind === "yaml") {
    found.files.push(source.path);
    return;
  }
  const uri = formatSource(source);
  found.words.push({ name: `work=${uri}`, path: ["source"], value: uri });
  if (source.kind === "live") return;
  found.notYet ??= notYet(`work=${uri}: a source of this kind is not supported yet.`, [
    "What works: work=live: (the system that runs from the medium),",
    "work=live:/dev/disk/by-partuuid/… (another Multiverse medium: `multiverse probe` lists those found),",
    "work=yaml:///path/to/spec.yml.",
  ]);
}

function readDestination(key: "boot" | "install", destination: Destination, found: FromOlderWords): void {
  const { filesystem, device } = destination;
  const given = `${key}=${formatDestination(destination)}`;
  const { pool, system, role } = understood(key, formatDestination(destination), () => meaningOf(destination));
  const word = (path: SpecWord["path"], value: unknown) => found.words.push({ name: given, path, value });
  if (system !== null) word(["root", "system"], system);
  if (role !== null) {
    const named = system === null ? "; the system is called after the host" : "";
    found.notes.push(`${role} is a generation: an installation makes all of them${named}`);
  }
  if (key === "install" || device === null) {
    if (filesystem !== "zfs")
      throw badWord(given, "goes to a file system that exists", "Only a pool can be added to: zfs:///dev/…:/pool/system.");
    word(["root", "install"], existingPool(pool, device));
    return;
  }
  const partition = parsePartitionNode(device);
  if (partition !== null)
    throw badWord(
      given,
      `names a partition, and boot= erases a whole disk (${partition.disk})`,
      "Name the disk; or, for a pool that exists, use install=.",
    );
  word(["root", "filesystem"], filesystem);
  word(["root", "pool"], pool);
  word(["disks", "system"], device);
}

/** As `root.install` has it. A pool's name begins with a letter (zpool-create(8)), so digits are its GUID. */
function existingPool(pool: string, device: string | null): unknown {
  if (device === null) return pool;
  return { [/^[0-9]/.test(pool) ? "guid" : "pool"]: pool, device };
}

function notYet(message: string, hint: readonly string[]): ActionableError {
  return new ActionableError({ code: "not-yet", exit: EXIT.refused, message, hint: hint.join(" ") });
}
