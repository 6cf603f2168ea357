// The spec that scenarios install: one host, every value stated that host-checks.ts looks at.
import type { HostSecrets } from "./host-secrets.ts";

export interface HostSpecOptions {
  unlock: "none" | "passphrase";
  /** Stable identity of the disk to install on. */
  disk: string;
  unattended?: boolean;
  /** Default: the medium that runs. */
  source?: string;
  /** Default: minimal, which is copied in half the time. */
  set?: "minimal" | "hypervisor";
}

/** What the checks expect of every installed host. */
export const EXPECTED = {
  host: "jupiter.example.net",
  pool: "saturn",
  system: "jupiter",
  timezone: "Europe/Berlin",
  locale: "en_US.UTF-8",
  user: "ada",
  admin: "grace",
} as const;

/** German where a passphrase is typed: y and z show whether the initramfs knows the host's keyboard. */
export function keyboardOf(unlock: HostSpecOptions["unlock"]): string {
  return unlock === "passphrase" ? "de" : "us";
}

export const TARGET_SERIAL = "MVTARGET01";
export const TARGET_ID = `virtio-${TARGET_SERIAL}`;

export function hostSpec(secrets: HostSecrets, options: HostSpecOptions): string {
  const { host, pool, system, timezone, locale, user } = EXPECTED;
  return `# A host for a test; made by test/vm/host-spec.ts.
version: 1
target: host
${options.unattended === true ? "unattended: true\n" : ""}host: {name: ${host}, timezone: ${timezone}, locale: ${locale}, keyboard: ${keyboardOf(options.unlock)}}
disks: {system: /dev/disk/by-id/${options.disk}}
root:
  filesystem: zfs
  pool: ${pool}
  on: system
  system: ${system}
  encryption: {unlock: ${options.unlock}}
esp: {size: 1 GiB}
swap: {kind: partition, size: 512 MiB}
source: "${options.source ?? "live:"}"
packages: {set: ${options.set ?? "minimal"}}
# the tests look on from a login on the serial line
boot: {loader: refind, timeout: 5, options: multiverse.login=tty1}
control: {admins: [{name: ${EXPECTED.admin}, key: "${secrets.adminPublic}"}]}
users:
  - {name: root, password: "${secrets.rootHash}"}
  - {name: ${user}, password: "${secrets.adaHash}", groups: [sudo]}
network: {lan0: {dhcp: true}}
confirm: {erase: [${options.disk}]}
`;
}
