// `packages:` of a running system: which set it has, and what somebody has added by hand.
import { mirrorUrl, packageName } from "../spec/names.ts";
import { asked } from "./asked.ts";
import type { HostFacts } from "./facts.ts";

/** The names in the program's own sets: profiles/hosts/*.yml. */
export type PackageSets = Readonly<Record<"minimal" | "hypervisor", ReadonlySet<string>>>;

/** What the images bring besides the sets: the kernel, ZFS and what these need. */
const BROUGHT =
  /^(linux-(image|headers|base|kbuild|compiler)|zfs|libzfs|libzpool|libnvpair|libuutil|firmware-|systemd|initramfs-tools)/;

export function packagesOf({ answers }: HostFacts, sets: PackageSets): Record<string, unknown> {
  const rows = answers.packages.split("\n").map((line) => line.trim().split(/\s+/));
  const installed = new Map(
    rows.flatMap(([status, priority, name]) => (status === "ii" && name ? [[name, priority]] : [])),
  );
  if (installed.size === 0) return { add: asked("The running system does not show its packages.") };
  const hypervisor = ["libvirt-daemon-system", "qemu-system-x86"].every((name) => installed.has(name));
  const set = hypervisor ? "hypervisor" : "minimal";
  const known = new Set([...sets.minimal, ...(hypervisor ? sets.hypervisor : [])]);
  const add = answers.manual
    .split("\n")
    .map((line) => line.trim().replace(/:.*$/, ""))
    .filter((name) => {
      const priority = installed.get(name) ?? "required";
      return (
        packageName.safeParse(name).success &&
        /^(optional|extra)$/.test(priority) &&
        !known.has(name) &&
        !BROUGHT.test(name)
      );
    });
  const mirror = /^(?:URIs: |deb (?:\[[^\]]*\] )?)(\S+)/m.exec(answers.sources)?.[1];
  return {
    set,
    ...(add.length === 0 ? {} : { add: [...new Set(add)].sort() }),
    ...(mirror !== undefined && mirrorUrl.safeParse(mirror).success ? { mirror } : {}),
  };
}
