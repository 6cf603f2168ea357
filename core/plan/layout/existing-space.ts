// Whether a pool that exists has room for one more system, and the arithmetic when it has not.
import { ActionableError, EXIT } from "../../errors.ts";
import type { PoolFacts } from "../../inventory/closer-look.ts";
import type { Bytes } from "../../inventory/inventory.ts";
import { sizeInWords } from "../../size-in-words.ts";
import type { ExistingRoot, ResolvedSpec } from "../../spec/resolved.ts";
import type { Evidence } from "../step.ts";
import { MIB } from "./partition-types.ts";

/** For logs, packages that are added, the next release. */
const LEAST_ROOM = 256 * MIB;

/**
 * Counted uncompressed: what compression saves is room for data.
 * @throws ActionableError `pool-too-full`
 */
export function refuseFullPool(
  spec: ResolvedSpec,
  root: ExistingRoot,
  { available }: PoolFacts,
  evidence: Evidence,
): void {
  const { sources } = evidence;
  const set = sources.sets?.[spec.packages.set];
  const tree = Number(set?.bytes ?? sources.hostBytes);
  const reserved = root.datasets.reduce((sum, { reservation = 0 }) => sum + reservation, 0);
  const needs: [Bytes, string][] = [
    [tree, "the recovery root g1"],
    [tree, "the maintained root g2"],
    [Math.max(LEAST_ROOM, tree / 2), "logs, packages, the next release"],
    ...(spec.swap.kind === "zvol" ? [[spec.swap.size, "the swap volume"] satisfies [Bytes, string]] : []),
    ...(reserved > 0 ? [[reserved, "reservations in root.datasets"] satisfies [Bytes, string]] : []),
  ];
  const sum = needs.reduce((all, [bytes]) => all + bytes, 0);
  if (sum <= available) return;
  throw new ActionableError({
    code: "pool-too-full",
    exit: EXIT.refused,
    message: `The pool ${root.pool} has no room for another system.`,
    evidence: [
      ...needs.map(([bytes, what], at) => `${at === 0 ? " " : "+"} ${sizeInWords(bytes).padEnd(10)} ${what}`),
      `= ${sizeInWords(sum).padEnd(10)} needed`,
      `  ${sizeInWords(available).padEnd(10)} free in ${root.pool}, ${sizeInWords(sum - available)} too little`,
    ],
    hint: "Free some of it, raise its quota, or use another pool or disk.",
  });
}
