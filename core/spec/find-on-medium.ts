// Finds the spec on the medium that the machine booted from, and refuses when it is not certain which one is meant.
import { access } from "node:fs/promises";
import { ActionableError, EXIT } from "../errors.ts";
import { ask, outputOf } from "../inventory/ask-program.ts";
import { COMMANDS } from "../inventory/commands.ts";
import { type BlockDevice, isUnder, mountpointsOf, parseLsblk, withHolders } from "../inventory/lsblk.ts";
import type { Run } from "../tools/run.ts";
import { loadSpec } from "./load.ts";

const STATE = "/run/multiverse/state";
const NAME = "multiverse.yml";

/** Where specs were found: on the medium that was booted from, and on other partitions labelled MULTIVERSE. */
export interface SpecsFound {
  medium: string | null;
  others: string[];
}

/** Looks on every partition with the label, without mounting any: that would write to it. */
export async function findSpecs(run: Run, signal?: AbortSignal): Promise<SpecsFound> {
  const listed = outputOf(await ask(run, COMMANDS.disks, signal));
  const devices = listed === "" ? [] : parseLsblk(listed).flatMap(withHolders);
  const others: string[] = [];
  for (const device of devices.filter((one) => one.fstype === "vfat" && one.label === "MULTIVERSE" && !isState(one))) {
    const found = await ask(run, ["mdir", "-b", "-i", device.path, `::/${NAME}`], signal);
    if (found.exit === 0) others.push(device.path);
    // Not being able to look is not the same as nothing there.
    else if (found.missing) throw cannotLook(device.path);
  }
  return { medium: (await exists(`${STATE}/${NAME}`)) ? `${STATE}/${NAME}` : null, others: [...new Set(others)] };
}

/**
 * The one spec to install unattended.
 * @throws ActionableError exit 4: `no-spec-found`, `two-specs`, `untrusted-spec`, `not-unattended`
 */
export async function specOfMedium(run: Run, signal?: AbortSignal): Promise<string> {
  const file = chooseSpec(await findSpecs(run, signal));
  const { spec } = await loadSpec([file]);
  if (spec.unattended === true) return file;
  throw new ActionableError({
    code: "not-unattended",
    exit: EXIT.refused,
    message: `${file} does not say \`unattended: true\`, so it is not installed by itself.`,
    hint: `Install it with \`multiverse install ${file}\`.`,
  });
}

/** Pure part of the decision. */
export function chooseSpec({ medium, others }: SpecsFound): string {
  if (others.length + (medium === null ? 0 : 1) > 1) {
    throw new ActionableError({
      code: "two-specs",
      exit: EXIT.refused,
      message: "More than one spec was found, and none is picked.",
      evidence: [
        ...(medium === null ? [] : [`${medium} on the medium that this machine was started from`]),
        ...others.map((path) => `${NAME} on ${path}`),
      ],
      hint: "Remove the media that are not meant, or name the file: `multiverse install FILE`.",
    });
  }
  if (medium !== null) return medium;
  const [other] = others;
  if (other === undefined) {
    throw new ActionableError({
      code: "no-spec-found",
      exit: EXIT.refused,
      message: `There is no ${NAME} on the medium that this machine was started from.`,
      evidence: [`looked for ${STATE}/${NAME}`],
      hint: "Put one at the root of the partition MULTIVERSE, or name a file.",
    });
  }
  throw new ActionableError({
    code: "untrusted-spec",
    exit: EXIT.refused,
    message: "The only spec found is not on the medium that this machine was started from, and is not trusted.",
    evidence: [`${NAME} on ${other}`],
    hint: "Copy it to the medium's own partition MULTIVERSE, or read it and name it: `multiverse install FILE`. Signed specs are not supported yet.",
  });
}

function isState(device: BlockDevice): boolean {
  return mountpointsOf(device).some((point) => isUnder(point, STATE));
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function cannotLook(path: string): ActionableError {
  return new ActionableError({
    code: "program-missing",
    exit: EXIT.refused,
    message: `${path} is labelled MULTIVERSE, and whether it holds a spec cannot be seen: mtools is not installed.`,
    hint: "apt install mtools, or remove that medium.",
  });
}
