// Swap of an installed root: what /etc/fstab and /etc/crypttab say of it, and the files that make it at boot.
import type { ResolvedSpec } from "../spec/resolved.ts";
import { withPartition } from "./layout/disk-layout.ts";
import type { Layout } from "./layout/layout.ts";
import type { FileToWrite } from "./step.ts";
import { textFile as file } from "./text-file.ts";

/** Where a swap file is on a root that can have one. */
export const SWAP_FILE = "/swap.img";

/** The volume's name below `<pool>/<system>`. */
export const SWAP_VOLUME = "swap";

/** Lines of /etc/fstab. nofail: the host starts without a disk that is away, or without all of them. */
export function swapLines(spec: ResolvedSpec, layout: Layout): string[] {
  const { swap, root } = spec;
  switch (swap.kind) {
    case "partition":
      return partitionLines(spec, layout);
    case "zvol":
      return [`/dev/zvol/${root.pool}/${root.system}/${SWAP_VOLUME} none swap nofail,discard 0 0`];
    case "file":
      return [`${SWAP_FILE} none swap nofail 0 0`];
    case "zram":
      // systemd makes the swap's header as often as the device is made (systemd.mount(5), x-systemd.makefs).
      return ["/dev/zram0 none swap nofail,discard,pri=100,x-systemd.makefs 0 0"];
    case "none":
      return [];
    default:
      return swap satisfies never;
  }
}

/** On several disks it is used evenly, which is faster and no less safe: what was on a disk that fails is lost either way. */
function partitionLines({ root }: ResolvedSpec, { disks }: Layout): string[] {
  const partitions = withPartition(disks, "swap");
  const options = partitions.length > 1 ? "nofail,pri=10" : "nofail";
  return partitions.map(({ partition }, index) => {
    const device = root.encryption === "none" ? `PARTUUID=${partition.partuuid}` : `/dev/mapper/${mapped(index)}`;
    return `${device} none swap ${options} 0 0`;
  });
}

const mapped = (index: number) => (index === 0 ? "swap" : `swap${index + 1}`);

/** Swap beside an encrypted root gets a new random key at every boot. */
export function crypttab(spec: ResolvedSpec, { disks }: Layout): FileToWrite[] {
  const partitions = withPartition(disks, "swap");
  if (partitions.length === 0 || spec.root.encryption === "none") return [];
  return [
    file(
      "/etc/crypttab",
      partitions.map(
        ({ partition }, index) =>
          `${mapped(index)} /dev/disk/by-partuuid/${partition.partuuid} /dev/urandom swap,cipher=aes-xts-plain64,size=512,nofail`,
      ),
    ),
  ];
}

/** Compressed memory: the module makes one device, udev gives it its size before systemd sees it (kernel, admin-guide/blockdev/zram). */
export function zramFiles({ swap }: ResolvedSpec): FileToWrite[] {
  if (swap.kind !== "zram") return [];
  return [
    file("/etc/modules-load.d/multiverse-zram.conf", ["zram"]),
    file("/etc/udev/rules.d/90-multiverse-zram.rules", [
      `ACTION=="add", KERNEL=="zram0", ATTR{initstate}=="0", ATTR{comp_algorithm}="zstd", ATTR{disksize}="${swap.size}", TAG+="systemd"`,
    ]),
  ];
}
