// `root:`: the file system of the installed system, its encryption and its generations.
import { z } from "zod";
import { poolName, systemName } from "./names.ts";
import { key, later, word } from "./question-meta.ts";
import { datasetsSchema, poolOptionsSchema } from "./schema-datasets.ts";
import { installSchema } from "./schema-install.ts";
import { diskWord, extraVdevs } from "./schema-vdevs.ts";
import { share } from "./sizes.ts";

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
  size: key(
    share,
    "How much of each disk the root gets: a size, a part of the disk (50 %), or the rest. What is left stays free. Default: rest.",
  ),
  ...extraVdevs,
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
  datasets: key(
    datasetsSchema,
    "Data sets that outlive releases: further ones by names of your own, or limits of those that a host has.",
  ),
  install: key(
    installSchema,
    "A pool that exists, by name or GUID, or a map: nothing is erased, only the system is added to it.",
  ),
  "pool-options": key(poolOptionsSchema, "What ZFS is told when the pool is made."),
});
