// One thing that a template says, held against the machine; and the words for it.
import type { Path } from "../spec/path.ts";

export interface Check {
  /** Where the template says it. */
  path: Path;
  /** What it is about, for a person: "disk 3 of bus-a". */
  what: string;
  says: string;
  has: string;
  /** unknown: this machine does not tell, or not to whoever asks. */
  result: "holds" | "differs" | "unknown";
  /** How much of a score it is: a bus that is missing takes all that is said of it along. */
  points: number;
}

/** "disk 3 of bus-a: the template says 4 TiB, the machine has 3.6 TiB". */
export function inWords(check: Check): string {
  if (check.result === "unknown")
    return `${check.what}: the template says ${check.says}, which this machine does not tell`;
  return `${check.what}: the template says ${check.says}, the machine has ${check.has}`;
}

/** Makes checks, each with one point. `is` undefined: not known. */
export function check(
  path: Path,
  what: string,
  { says, has, holds }: { says: string; has: string; holds: boolean | undefined },
): Check {
  const result = holds === undefined ? "unknown" : holds ? "holds" : "differs";
  return { path, what, says, has, result, points: 1 };
}

export interface Score {
  points: number;
  of: number;
  differs: Check[];
  unknown: Check[];
}

export function scoreOf(checks: readonly Check[]): Score {
  const sum = (some: readonly Check[]) => some.reduce((total, one) => total + one.points, 0);
  return {
    points: sum(checks.filter((one) => one.result === "holds")),
    of: sum(checks),
    differs: checks.filter((one) => one.result === "differs"),
    unknown: checks.filter((one) => one.result === "unknown"),
  };
}
