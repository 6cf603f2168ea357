// A controller of the tests without a disk: it sits in its firmware, needs no image and does not hear its power button.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { DEADLINE } from "./scenario.ts";

const xml = (name: string) => `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>32</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices>
</domain>
`;

/** Defines it, and waits until the daemon knows of it: what it does not know it does not start. */
export async function definePlainDomain(shell: GuestShell, name: string): Promise<void> {
  await shell.output(
    `virsh -q define /dev/stdin <<'END-OF-DOMAIN'\n${xml(name)}END-OF-DOMAIN\n${waitForStatus(`^ *${name}: off`)}`,
    { deadlineMs: DEADLINE.boot, what: `the controller ${name}` },
  );
}

/** Shell: waits until `multiverse status` has a line like that, at most four minutes; status 1 where it never came. */
export function waitForStatus(pattern: string): string {
  return `n=0; until multiverse status | grep -E '${pattern}'; do n=$((n + 1)); [ $n -lt 120 ] || { multiverse status; exit 1; }; sleep 1; done`;
}

/** What libvirt itself says: "shut off", "running". */
export function domainState(shell: GuestShell, name: string): Promise<string> {
  return shell.output(`virsh domstate ${name}`).then((text) => text.trim());
}
