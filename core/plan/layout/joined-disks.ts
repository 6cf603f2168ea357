// ext4, xfs and btrfs on their disks: every member of a redundant layout has an ESP of its own, so that each starts the machine alone.
import { diskLayoutRule, diskLayoutsFor, diskLayoutTakes, outlivesADisk, roomyDisks } from "../../disk-layouts.ts";
import { ActionableError, EXIT } from "../../errors.ts";
import type { BtrfsRoot, PlainRoot, ResolvedSpec } from "../../spec/resolved.ts";
import { diskLayout, withPartition } from "./disk-layout.ts";
import type { FindDisk, Layout } from "./layout.ts";
import { placeMembers } from "./members.ts";
import { MIB, type PartitionRole, SMALLEST_ROOT } from "./partition-types.ts";
import { volumeSizes } from "./volume-sizes.ts";

/** @throws ActionableError `wrong-disk-count`, `disk-too-small`, `esp-too-small`, `group-too-small`, `swap-not-on-root` */
export function layoutJoined(spec: ResolvedSpec, root: PlainRoot | BtrfsRoot, find: FindDisk): Layout {
  const { filesystem, layout } = root;
  const ids = spec.disks[root.on] ?? [];
  refuseCount(root, ids);
  refuseSwap(spec, root);
  const members = ids.map(find);
  const redundant = outlivesADisk(layout);
  const role = roleOf(root);
  const least = Math.ceil(SMALLEST_ROOT / roomyDisks(filesystem, layout, members.length) / MIB) * MIB;
  const { placed, notes } = placeMembers(spec, {
    disks: members,
    own: { role, name: root.system, words: "root", least },
    espOnAll: redundant,
    // btrfs puts each block on any two of three disks, so there unequal ones are used whole.
    equal: redundant && !(filesystem === "btrfs" && layout === "raid1" && members.length > 2),
  });
  const disks = members.map((disk, at) => diskLayout(spec.salt, disk, at, placed[at] ?? []));
  const partuuids = withPartition(disks, role).map(({ partition }) => partition.partuuid);
  const bytes = placed.map((each) => each.find((one) => one.role === role)?.bytes ?? 0);
  const sizes = filesystem === "btrfs" ? new Map<string, string>() : volumeSizes(root, bytes);
  return { disks, root: { filesystem, partuuids, sizes }, notes: [...notes, ...said(root)] };
}

/** The partition's type says what is found on it first. */
function roleOf(root: PlainRoot | BtrfsRoot): PartitionRole {
  if (root.filesystem !== "btrfs" && outlivesADisk(root.layout)) return "array";
  if (root.encryption !== "none") return "locked";
  return root.filesystem !== "btrfs" && root.lvm !== null ? "volumes" : "root";
}

function said(root: PlainRoot | BtrfsRoot): string[] {
  const { filesystem } = root;
  if (filesystem === "btrfs")
    return root.encryption === "none"
      ? []
      : ["The recovery root is opened by the same passphrase: on btrfs it has no key of its own."];
  return [
    `${filesystem} has one generation: no recovery root and no releases to fall back to, and what is changed stays changed.`,
  ];
}

function refuseSwap({ swap }: ResolvedSpec, { filesystem, layout }: PlainRoot | BtrfsRoot): void {
  const refused = (message: string, hint: string) =>
    new ActionableError({ code: "swap-not-on-root", exit: EXIT.refused, message, hint });
  if (swap.kind === "zvol")
    throw refused(`A swap volume is one of a pool of ZFS, and this root is ${filesystem}.`, "Use `swap: file`.");
  if (swap.kind === "file" && filesystem === "btrfs" && layout !== "single")
    throw refused(
      `btrfs takes a swap file on one device only (btrfs(5)), and this root is ${layout}.`,
      "Use `swap: partition` or `swap: zram` instead.",
    );
}

function refuseCount({ filesystem, layout }: PlainRoot | BtrfsRoot, disks: readonly string[]): void {
  if (diskLayoutTakes(filesystem, layout, disks.length)) return;
  const fitting = diskLayoutsFor(filesystem, disks.length);
  throw new ActionableError({
    code: "wrong-disk-count",
    exit: EXIT.refused,
    message: `\`root.layout: ${layout}\` of ${filesystem} takes ${diskLayoutRule(filesystem, layout)}; the spec gives it ${disks.length}.`,
    evidence: [...disks],
    hint: `Change root.layout, or how many disks it gets (\`count:\` beside \`match:\`, or a list of names).${fitting.length === 0 ? "" : ` ${disks.length} can be joined by ${fitting.join(", ")}.`}`,
  });
}
