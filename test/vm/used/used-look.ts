// What the programs that recognise things say of a disk and its partitions: one line for each thing that is found.
import type { GuestShell } from "../../../core/vm/guest-shell.ts";
import { DEADLINE } from "../scenario.ts";

/** Where each is a name of a device and what found what. They look by themselves, not through our own steps. */
function script(disk: string): string {
  return `
look() {
  wipefs --noheadings --output TYPE,OFFSET "$2" 2>/dev/null | while read -r type offset; do echo "$1 wipefs $offset $type"; done
  blkid --probe --no-part-details --output export "$2" 2>/dev/null | sed -n "s/^\\(TYPE\\|PTTYPE\\)=/$1 blkid /p"
  zdb -l "$2" >/dev/null 2>&1 && echo "$1 zdb"
  mdadm --examine "$2" 2>/dev/null | sed -n "s/^ *Version : /$1 mdadm /p"
  cryptsetup isLuks "$2" 2>/dev/null && echo "$1 luks"
  cryptsetup isBitlk "$2" 2>/dev/null && echo "$1 bitlk"
  pvs --nohints --devices "$2" "$2" >/dev/null 2>&1 && echo "$1 pvs"
  :
}
udevadm settle --timeout=60
look disk ${disk}
for part in ${disk}-part*; do [ ! -e "$part" ] || look "\${part##*-}" "$part"; done
lsblk --noheadings --list --output TYPE ${disk} | sort | uniq -c | sed 's/^ *\\([0-9]*\\) \\(.*\\)/open \\2 \\1/' | grep -v 'open \\(disk\\|part\\)' || :
`;
}

/** Every line as "part1 wipefs 0x438 ext4"; "open" lines name what stands on the disk. */
export async function lookAt(shell: GuestShell, disk: string): Promise<string[]> {
  const text = await shell.output(script(disk), { deadlineMs: DEADLINE.command, what: "the programs that look" });
  return text.split("\n").filter((line) => line !== "");
}

/** What a new partition table itself is. */
export const NEW_TABLE = /^disk (wipefs \S+ (gpt|PMBR)|blkid gpt)$/;
