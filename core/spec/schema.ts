// The spec: every key that a person may write, what it means, and how it is asked for. Types, help and JSON Schema come from here.
import { z } from "zod";
import { line } from "./names.ts";
import { key, later, needed, word } from "./question-meta.ts";
import { bootSchema, espSchema, sourceSchema } from "./schema-boot.ts";
import { controlSchema } from "./schema-control.ts";
import { disksSchema } from "./schema-disks.ts";
import { hostSchema, usersSchema } from "./schema-host.ts";
import { networkSchema, packagesSchema } from "./schema-network.ts";
import { rootSchema } from "./schema-root.ts";
import { swapSchema } from "./schema-swap.ts";

const identity = line.regex(
  /^[A-Za-z0-9][A-Za-z0-9_.:+@#=-]*$/,
  "must be a disk's name under /dev/disk/by-id, without the folder",
);

/** `pool/system`, or a disk's identity. */
const changed = line.regex(
  /^[A-Za-z0-9][A-Za-z0-9_.:+@#=-]*(\/[A-Za-z0-9][A-Za-z0-9_.:-]*)?$/,
  "must be pool/system, or a disk's name under /dev/disk/by-id",
);

export const specSchema = z.strictObject({
  version: needed(z.literal(1), "The version of this format: 1."),
  target: key(word(["host"], ["usb", "network"]), "What is installed. Default: host, this machine."),
  host: key(hostSchema, "The machine: name, time, language."),
  hardware: later("a hardware template to verify against."),
  disks: key(disksSchema, "Names for the disks that are used, each with how to find it."),
  root: key(rootSchema, "The file system of the installed system."),
  esp: key(espSchema, "The EFI system partition."),
  swap: key(swapSchema, "Swap: partition, zram, zvol, file, none, or a map. Default: a partition."),
  source: key(sourceSchema, 'Where the system comes from. Default: "live:", the medium that is running.'),
  boot: key(bootSchema, "How the machine starts."),
  users: key(usersSchema, "Who may log in.", {
    class: "required",
    ask: "Who may log in?",
    why: "Without a user who has a password or an ssh key nobody could ever log in to this host.",
  }),
  control: key(controlSchema, "Who may command the installed host by signing."),
  network: key(networkSchema, "The host's network. Default: DHCP on every wired adapter."),
  packages: key(packagesSchema, "Packages of the host."),
  hooks: later("scripts that run during the installation."),
  controllers: later("controllers to make."),
  "network-chains": later("chains of the network."),
  "boot-chains": later("chains of the start."),
  salt: key(
    z.string().regex(/^[0-9a-f]{8,64}$/, "must be 8 to 64 hexadecimal digits, in quotes"),
    "What identifiers are derived from; written back by install, so that the same spec gives the same plan.",
  ),
  confirm: key(
    z.strictObject({
      erase: key(z.array(identity), "The disks that may be erased, by their names under /dev/disk/by-id.", {
        class: "deliberate",
        ask: "May this disk be erased?",
        why: "What is on it is lost for good.",
      }),
      change: key(
        z.array(changed),
        "What may be added to without erasing anything: `pool/system` for a system on a pool that exists, a disk's name under /dev/disk/by-id for partitions in its free space.",
      ),
    }),
    "What is confirmed beforehand, for installing without a person.",
  ),
  unattended: key(z.boolean(), "true: the rescue system installs this spec without a key press. Default: false."),
});

export type Spec = z.infer<typeof specSchema>;
