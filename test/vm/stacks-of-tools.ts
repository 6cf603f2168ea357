// Arrays, volume groups and file systems over several disks made by the real tools in a guest: what the probe says of them must be what they are.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { type Context, DEADLINE } from "./scenario.ts";

/** Two disks, by serial number; blank afterwards. */
export async function checkStacks(
  context: Context,
  shell: GuestShell,
  disks: readonly [string, string],
): Promise<void> {
  const [a, b] = disks.map((serial) => `/dev/disk/by-id/virtio-${serial}`);
  const probe = async (): Promise<unknown> => {
    const text = await shell.output("udevadm settle; multiverse probe --format json", { deadlineMs: DEADLINE.command });
    const said: unknown = JSON.parse(text);
    return typeof said === "object" && said !== null && "stacks" in said ? said.stacks : null;
  };
  const wipe = `udevadm settle; wipefs -qaf ${a} ${b}; udevadm settle`;
  const names = (await shell.output(`basename $(readlink -f ${a}); basename $(readlink -f ${b})`)).trim().split("\n");
  const members = JSON.stringify(names.toSorted());
  const find = (title: string, stacks: unknown, words: readonly RegExp[]) => {
    const text = JSON.stringify(stacks);
    for (const word of words) context.check(`${title}: ${word.source}`, word.test(text), text);
  };

  await shell.output(
    `modprobe raid1; yes | mdadm --create /dev/md/data --level=1 --raid-devices=2 --metadata=1.2 --assume-clean ${a} ${b}`,
  );
  const md = await probe();
  find("a running array", md, [
    /"kname":"md\d+"/,
    /"name":"[^"]*:data"/,
    /"level":"raid1","metadata":"1.2","state":"(active|read-only)"/,
    /"wanted":2,"working":2/,
  ]);
  context.same("... and its members", membersOf(md, "md"), members);
  await shell.output("mdadm --stop /dev/md/data");
  find("a stopped array", await probe(), [/"kname":null,"name":"[^"]*:data"[^}]*"state":"not-assembled"/]);
  await shell.output(
    `mdadm --zero-superblock ${a} ${b}; mdadm --create /dev/md/old --run --level=1 --raid-devices=2 --metadata=0.90 ${a} missing; mdadm --stop /dev/md/old`,
  );
  find("half of an array with metadata 0.90", await probe(), [/"metadata":"0.90","state":"not-assembled","wanted":2/]);
  await shell.output(`mdadm --zero-superblock ${a}; ${wipe}`);

  await shell.output(
    `pvcreate -q ${a} ${b} && vgcreate -q vg0 ${a} ${b} && lvcreate -q -y -L 64M -n plain vg0 && lvcreate -q -y --type raid1 -m 1 -L 64M -n twin vg0`,
  );
  const lvm = await probe();
  find("a volume group", lvm, [
    /"name":"vg0"[^}]*"missing":0/,
    /"name":"plain","vg":"vg0"[^}]*"layout":\["linear"\],"internal":false/,
    /"name":"twin"[^}]*"layout":\["raid","raid1"\][^}]*"devices":\["twin_rimage_0","twin_rimage_1"\]/,
    /"name":"twin_rimage_0"[^}]*"internal":true/,
  ]);
  context.same("... and its volumes", membersOf(lvm, "lvm"), members);
  await shell.output(`vgremove -q -ff -y vg0 && pvremove -q -ff -y ${a} ${b}; ${wipe}`);

  await shell.output(`mkfs.btrfs -q -f -L 'two words' -d raid1 -m raid1 ${a} ${b}`);
  const btrfs = await probe();
  find("btrfs over two disks", btrfs, [/"label":"two words","wanted":2/]);
  context.same("... and its members", membersOf(btrfs, "btrfs"), members);
  await shell.output(`wipefs -qaf ${b}`);
  find("btrfs with a device missing", await probe(), [
    /"wanted":2,"members":\[\{"kname":"vd[a-z]+"\},\{"kname":null\}\]/,
  ]);
  await shell.output(wipe);
}

/** Kernel names of the first array's, the physical volumes' or the first file system's members, sorted. */
function membersOf(stacks: unknown, kind: "md" | "lvm" | "btrfs"): string {
  const data = stacks as Record<string, { pvs?: { kname: string }[] } | { members?: { kname: string }[] }[]>;
  const found = data[kind];
  const members = Array.isArray(found) ? found[0]?.members : found?.pvs;
  return JSON.stringify((members ?? []).map((member) => member.kname).toSorted());
}
