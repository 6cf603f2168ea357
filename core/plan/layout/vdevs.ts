// The tree of a pool: which partitions are joined to which vdev, and how zpool-create(8) is told.
import { ActionableError, EXIT } from "../../errors.ts";
import { layoutRule, layoutsFor, layoutTakes, type ZfsLayout } from "../../zfs-layouts.ts";
import type { Vdev } from "../step.ts";

/** @throws ActionableError `wrong-disk-count` with the rule and the disks */
export function checkCount(layout: ZfsLayout, disks: readonly string[], at = "root.layout"): void {
  if (layoutTakes(layout, disks.length)) return;
  const fitting = layoutsFor(disks.length);
  throw new ActionableError({
    code: "wrong-disk-count",
    exit: EXIT.refused,
    message: `\`${at}: ${layout}\` takes ${layoutRule(layout)}; the spec gives it ${disks.length}.`,
    evidence: [...disks],
    hint: `Change ${at}, or how many disks it gets (\`count:\` beside \`match:\`, or a list of names).${fitting.length === 0 ? "" : ` ${disks.length} can be joined by ${fitting.join(", ")}.`}`,
  });
}

/** The vdevs of members in their order; raid10 pairs neighbours. */
export function vdevsOf(layout: ZfsLayout, partuuids: readonly string[], use: Vdev["use"] = "data"): Vdev[] {
  if (layout === "single" || layout === "stripe") return [{ use, kind: "stripe", partuuids: [...partuuids] }];
  if (layout !== "raid10") return [{ use, kind: layout, partuuids: [...partuuids] }];
  return partuuids.flatMap((one, at) => {
    const other = partuuids[at + 1];
    return at % 2 === 0 && other !== undefined ? [{ use, kind: "mirror" as const, partuuids: [one, other] }] : [];
  });
}

/** The words of zpool-create(8) for these vdevs; `path` says how a partition is named. */
export function vdevWords(vdevs: readonly Vdev[], path: (partuuid: string) => string): string[] {
  const uses = [...new Set(vdevs.map(({ use }) => use))];
  return uses.flatMap((use) => [
    ...(use === "data" ? [] : [use]),
    ...vdevs
      .filter((vdev) => vdev.use === use)
      .flatMap(({ kind, partuuids }) => [...(kind === "stripe" ? [] : [kind]), ...partuuids.map(path)]),
  ]);
}
