// The ESPs that an install ends with, from the layout.
import { withPartition } from "./layout/disk-layout.ts";
import type { Layout } from "./layout/layout.ts";
import type { FinishedEsps } from "./step.ts";

export function finishedEsps({ disks }: Layout): FinishedEsps {
  const [first, ...more] = withPartition(disks, "esp");
  if (first === undefined) throw new Error("the layout has no EFI partition");
  const others = more.map(({ disk, partition }) => ({
    ...{ target: disk.target, esp: partition.number, partuuid: partition.partuuid },
  }));
  return {
    ...{ target: first.disk.target, esp: first.partition.number },
    ...(others.length === 0 ? {} : { partuuid: first.partition.partuuid, others }),
  };
}
