// What a plan is made with and not hashed: kernel, source, time; and the refusals of a machine or source that will not do.
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import { diskInWords } from "./disk-in-words.ts";
import { evidenceSource, findSource, type Source, sourceNotFound } from "./sources.ts";
import type { Evidence } from "./step.ts";

/** What the caller knows and a pure function cannot: the time, and where the journal lives. */
export interface Circumstances {
  /** Seconds since 1970. */
  now: number;
  saveTo: string;
}

/** @throws ActionableError `not-uefi`, `no-live-medium`, `source-not-found`, `set-not-on-medium` */
export function evidenceOf(spec: ResolvedSpec, inventory: Inventory, { now, saveTo }: Circumstances): Evidence {
  if (inventory.firmware.kind !== "uefi") {
    throw new ActionableError({
      code: "not-uefi",
      exit: EXIT.refused,
      message: "This machine was started without UEFI, and the installed system starts through UEFI only.",
      evidence: ["/sys/firmware/efi does not exist"],
      hint: "Choose UEFI (not legacy or CSM) in the firmware's settings and start the stick again.",
    });
  }
  const source = findSource(inventory, spec.source.device);
  if (source === null && spec.source.device !== null) throw sourceNotFound(spec.source.device, inventory);
  if (source === null) {
    throw new ActionableError({
      code: "no-live-medium",
      exit: EXIT.refused,
      message: "The source `live:` is the rescue system's own image, and this is not the rescue system.",
      hint: "Start the rescue system, name another medium (`source`), or plan for a recorded machine with --machine FILE.",
    });
  }
  refuseSetThatIsNotThere(spec, source);
  return { ...evidenceSource(source), release: now.toString(16), saveTo };
}

function refuseSetThatIsNotThere(spec: ResolvedSpec, { live }: Source): void {
  const { set } = spec.packages;
  if (set === "minimal" || live.sets[set] !== undefined) return;
  throw new ActionableError({
    code: "set-not-on-medium",
    exit: EXIT.refused,
    message: `The medium that the system is copied from does not have the package set \`${set}\`.`,
    evidence: [`it has: ${["minimal", ...Object.keys(live.sets)].join(", ")}`],
    hint: "Use a medium of this version, or `packages: {set: minimal}`.",
  });
}

/** @throws ActionableError `source-is-target` */
export function refuseSourceAsTarget(spec: ResolvedSpec, inventory: Inventory, targets: readonly string[]): void {
  const { device } = spec.source;
  const kname = device === null ? undefined : findSource(inventory, device)?.medium?.disk;
  const disk = inventory.disks.find((each) => each.kname === kname && targets.includes(each.id ?? ""));
  if (device === null || disk === undefined) return;
  throw new ActionableError({
    code: "source-is-target",
    exit: EXIT.refused,
    message: "The system cannot be copied from the disk that it is to be installed on.",
    evidence: [`${device} is on ${disk.id} (${diskInWords(disk)})`],
    hint: "Choose another disk in disks.system, or another source.",
  });
}
