// How large each logical volume becomes: shares of the group in whole extents, and the arithmetic when they do not fit.
import { outlivesADisk, roomyDisks } from "../../disk-layouts.ts";
import { ActionableError, EXIT } from "../../errors.ts";
import type { Bytes } from "../../inventory/inventory.ts";
import { sizeInWords } from "../../size-in-words.ts";
import type { PlainRoot, Share } from "../../spec/resolved.ts";
import { MIB } from "./partition-types.ts";

/** lvm.conf(5): the usual extent. */
const EXTENT = 4 * MIB;
/** mdadm(8) leaves up to 128 MiB in front for a later reshape, and room for the bitmap. */
const ARRAY_HEAD = 130 * MIB;
/** cryptsetup-luksFormat(8): the header of LUKS2. */
const LOCK_HEAD = 16 * MIB;
/** pvcreate(8): metadata and alignment. */
const GROUP_HEAD = EXTENT;

/** `members`: bytes of each partition. Bytes as text by name; the volume that takes the rest is not in it. */
export function volumeSizes(root: PlainRoot, members: readonly Bytes[]): Map<string, string> {
  if (root.lvm === null) return new Map();
  const room = roomInGroup(root, members);
  const sizes = root.lvm.volumes.map(({ name, size }) => ({ name, size, bytes: bytesOf(size, room) }));
  const rest = room - sizes.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  const takesRest = sizes.some(({ bytes }) => bytes === null);
  if (rest < (takesRest ? EXTENT : 0)) throw tooSmall(root.lvm.name, room, sizes, rest);
  return new Map(sizes.flatMap(({ name, bytes }) => (bytes === null ? [] : [[name, String(bytes)]])));
}

/** Rather a little less than there is: what a share leaves is lost, what it asks for too much stops the install. */
function roomInGroup({ filesystem, layout, encryption }: PlainRoot, members: readonly Bytes[]): Bytes {
  const each = Math.min(...members) - (outlivesADisk(layout) ? ARRAY_HEAD : 0);
  const all = each * roomyDisks(filesystem, layout, members.length) - (encryption === "none" ? 0 : LOCK_HEAD);
  return Math.floor((all - GROUP_HEAD) / EXTENT) * EXTENT;
}

function bytesOf(size: Share, room: Bytes): Bytes | null {
  if (size === "rest") return null;
  if (typeof size === "number") return Math.ceil(size / EXTENT) * EXTENT;
  return Math.floor((room * size.percent) / 100 / EXTENT) * EXTENT;
}

function tooSmall(
  group: string,
  room: Bytes,
  sizes: readonly { name: string; size: Share; bytes: Bytes | null }[],
  rest: Bytes,
): ActionableError {
  return new ActionableError({
    code: "group-too-small",
    exit: EXIT.refused,
    message: `The volumes do not fit into the volume group ${group}.`,
    evidence: [
      `group     ${sizeInWords(room)}`,
      ...sizes.flatMap(({ name, size, bytes }) =>
        bytes === null
          ? []
          : [`- ${name.padEnd(7)} ${sizeInWords(bytes)}${typeof size === "object" ? ` (${size.percent} %)` : ""}`],
      ),
      `= ${(sizes.find(({ bytes }) => bytes === null)?.name ?? "left").padEnd(7)} ${rest < 0 ? `${sizeInWords(-rest)} less than nothing` : sizeInWords(rest)}`,
    ],
    hint: "Make the volumes in root.lvm.volumes smaller, or use larger disks.",
  });
}
