// Proves that nothing of an earlier life is left on a device: each program that would find something is asked.
import type { Argv } from "../tools/run.ts";
import type { Action, Expectation } from "./action.ts";

const finds =
  (expect: Expectation) =>
  (what: string, ...argv: Argv): Action => ({
    ...{ do: "check", argv, expect },
    otherwise: {
      code: "not-clear",
      message: `${what} is left on the disk after it was cleared.`,
      hint: "Something writes to it at the same time, or the disk refuses writes: look at `dmesg`. `multiverse install --undo` puts back what was on the disk.",
    },
  });

const nothing = finds({ output: "empty" });
const failing = finds({ exit: "not-zero" });

/** All of them only read; none takes a device for empty that another one knows. */
export function proveClear(path: string): Action[] {
  return [
    nothing("A signature", "wipefs", "--noheadings", path),
    // Exit status 2: nothing was found. What the table says of a partition is left out.
    failing("A signature", "blkid", "--probe", "--no-part-details", path),
    failing("A ZFS label", "zdb", "-l", path),
    failing("A member of RAID", "mdadm", "--examine", path),
    failing("A LUKS header", "cryptsetup", "isLuks", path),
    // Asked for one device, LVM looks at no other.
    failing("An LVM volume", "pvs", "--nohints", "--devices", path, path),
  ];
}
