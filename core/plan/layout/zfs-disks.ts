// A pool on its disks: every member of a redundant pool has an ESP of its own, so that each starts the machine alone.
import type { ResolvedSpec, ZfsRoot } from "../../spec/resolved.ts";
import { dataDisks, isRedundant } from "../../zfs-layouts.ts";
import { diskLayout, withPartition } from "./disk-layout.ts";
import type { FindDisk, Layout } from "./layout.ts";
import { placeMembers } from "./members.ts";
import { MIB, SMALLEST_POOL } from "./partition-types.ts";
import { checkCount, vdevsOf } from "./vdevs.ts";

export function layoutZfs(spec: ResolvedSpec, root: ZfsRoot, find: FindDisk): Layout {
  const ids = spec.disks[root.on] ?? [];
  checkCount(root.layout, ids);
  const members = ids.map(find);
  const redundant = isRedundant(root.layout);
  const least = Math.ceil(SMALLEST_POOL / dataDisks(root.layout, members.length) / MIB) * MIB;
  const { placed, notes } = placeMembers(spec, {
    disks: members,
    own: { role: "pool", name: root.pool, words: "pool", least },
    espOnAll: redundant,
    equal: redundant,
  });
  const disks = members.map((disk, at) => diskLayout(spec.salt, disk, at, placed[at] ?? []));
  const partuuids = withPartition(disks, "pool").map(({ partition }) => partition.partuuid);
  return { disks, root: { filesystem: "zfs", vdevs: vdevsOf(root.layout, partuuids) }, notes };
}
