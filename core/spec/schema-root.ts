// `root:`: the file system of the installed system, its encryption and its generations.
import { z } from "zod";
import { line, poolGuid, poolName, systemName } from "./names.ts";
import { key, later, word } from "./question-meta.ts";
import { devicePath } from "./schema-disks.ts";

const unlockWord = word(["passphrase", "none"], ["cik", "cik+passphrase", "tpm2"]);

const encryptionSchema = z.union([
  unlockWord,
  z.strictObject({
    unlock: key(unlockWord, "passphrase: typed at every start; none: not encrypted.", {
      class: "deliberate",
      ask: "Should the disk be encrypted?",
      why: "Whoever holds the disk can read it unless it is; the passphrase is then needed at every start.",
    }).unwrap(),
    cipher: later("a cipher other than aes-256-gcm."),
  }),
]);

/** A pool that exists; everything that is said of it must be true of one and the same. */
const installSchema = z.union([
  poolGuid,
  poolName,
  z
    .strictObject({
      pool: key(poolName, "The pool's name."),
      guid: key(poolGuid, "Its GUID, in quotes: tells two pools of one name apart. Written back by install."),
      device: key(devicePath, "One of the partitions (or disks) that it lies on, such as /dev/sda3."),
      "take-over-from": key(
        line,
        "The host that used the pool last and did not export it, by its name or host id: you know that it is not running.",
      ),
    })
    .refine(
      ({ pool, guid, device }) => pool !== undefined || guid !== undefined || device !== undefined,
      "must say which pool: pool:, guid: or device:",
    ),
]);

const diskWord = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be the name of a disk under disks:");

export const rootSchema = z.strictObject({
  filesystem: key(word(["zfs"], ["btrfs", "ext4", "xfs"]), "The file system. Default: zfs."),
  pool: key(poolName, "The name of the new pool. Default: multiverse."),
  layout: key(
    word(["single", "stripe", "mirror", "raid10", "raidz", "raidz1", "raidz2", "raidz3"], ["draid"]),
    "How the disks are joined: single, stripe, mirror, raid10 (pairs of mirrors), raidz1 (or raidz), raidz2, raidz3. Default: single, one disk.",
    {
      class: "deliberate",
      ask: "How should the disks be joined?",
      why: "It decides how much room there is, and how many disks may fail.",
    },
  ),
  on: key(diskWord, "Which disks under `disks:`. Default: system."),
  system: key(systemName, "The name of the installed system on the pool. Default: the first part of the host's name."),
  encryption: key(encryptionSchema, "passphrase or none; one word, or a map with unlock:.", {
    class: "deliberate",
    ask: "Should the disk be encrypted?",
    why: "Whoever holds the disk can read it unless it is; the passphrase is then needed at every start.",
  }),
  generations: key(
    z.strictObject({
      keep: key(z.int().min(0).max(100), "How many former runtime generations are kept. Default: 3."),
      "keep-releases": key(z.int().min(1).max(100), "How many releases are kept. Default: 5."),
      isolation: key(
        word(["separate-keys"], ["shared"]),
        "separate-keys: the recovery generation has a key of its own.",
      ),
    }),
    "What is kept of former states of the system.",
  ),
  datasets: later("further datasets."),
  install: key(
    installSchema,
    "A pool that exists, by name or GUID, or a map: nothing is erased, only the system is added to it.",
  ),
  "pool-options": later("options of the pool."),
});
