// Joins what the commands said into the stacks of this machine; what cannot be read is null, and noted where it matters.
import type { Answer } from "../ask-program.ts";
import { lastWords, outputOf } from "../ask-program.ts";
import { type BlockDevice, withHolders } from "../lsblk.ts";
import { scrub } from "../scrub.ts";
import type { UdevDevice } from "../udev.ts";
import { findBcache } from "./bcache.ts";
import { findBtrfs, mergeBtrfs, parseBtrfsShow } from "./btrfs.ts";
import { parseLvm } from "./lvm.ts";
import { mergeMd, parseMdExamine, parseMdstat } from "./md.ts";
import { findMultipath } from "./multipath.ts";
import type { Stacks } from "./stacks.ts";

export interface StackAnswers {
  mdstat: Answer;
  mdExamine: Answer;
  pvs: Answer;
  vgs: Answer;
  lvs: Answer;
  bcache: Answer;
  btrfs: Answer;
}

export interface Seen {
  devices: readonly BlockDevice[];
  udev: readonly UdevDevice[];
  /** Gets what could not be read although there is something to read. */
  notes: string[];
}

export function readStacks(answers: StackAnswers, { devices, udev, notes }: Seen): Stacks {
  const types = new Set(devices.flatMap(withHolders).map((device) => device.fstype ?? ""));
  return {
    md: readMd(answers, types, notes),
    lvm: readLvm(answers, types, notes),
    multipath: findMultipath(devices, udev),
    bcache: findBcache(answers.bcache.stdout, devices),
    btrfs: mergeBtrfs(parseBtrfsShow(outputOf(answers.btrfs)), findBtrfs(devices)),
  };
}

/** Without the module there is no /proc/mdstat, and no array runs. */
function readMd({ mdstat, mdExamine }: StackAnswers, types: ReadonlySet<string>, notes: string[]): Stacks["md"] {
  if (mdstat.missing && mdExamine.missing) return null;
  if (mdExamine.exit !== 0 && types.has("linux_raid_member"))
    notes.push(`which arrays the members of RAID belong to is not known: mdadm: ${scrub(lastWords(mdExamine))}`);
  return mergeMd(parseMdstat(outputOf(mdstat)), parseMdExamine(outputOf(mdExamine)));
}

function readLvm({ pvs, vgs, lvs }: StackAnswers, types: ReadonlySet<string>, notes: string[]): Stacks["lvm"] {
  const note = (why: string) => {
    if (types.has("LVM2_member")) notes.push(`what the LVM physical volumes belong to is not known: lvm: ${why}`);
    return null;
  };
  const failed = [pvs, vgs, lvs].find((answer) => answer.exit !== 0);
  if (failed !== undefined) return note(scrub(lastWords(failed)));
  // It ends well and shows nothing then.
  if (pvs.stderr.includes("non-root user")) return note("it needs root");
  try {
    return parseLvm({ pvs: pvs.stdout, vgs: vgs.stdout, lvs: lvs.stdout });
  } catch (error) {
    return note(`its report cannot be read: ${scrub(error instanceof Error ? error.message : "")}`);
  }
}
