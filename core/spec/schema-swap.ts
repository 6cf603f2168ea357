// `swap:`: what kind, and how much.
import { z } from "zod";
import { parseSize } from "./quantity.ts";
import { key } from "./question-meta.ts";
import { atLeast, share } from "./sizes.ts";

const swapKind = z.enum(["partition", "zram", "zvol", "file", "none"]);

export const swapSchema = z.union([
  swapKind,
  z
    .strictObject({
      kind: key(
        swapKind,
        "partition: one on each disk of the root; zram: compressed memory; zvol: a volume of the pool; file: not on ZFS; none. Default: partition.",
      ),
      size: key(
        share.refine(atLeast(2 ** 24), "is less than 16 MiB"),
        "How much swap there is in all; of partitions also a part of each disk (25 %), or the rest where root.size leaves some. Default: 2 GiB, or an eighth of a small disk; with zram half of the memory, 8 GiB at most.",
      ),
    })
    .refine((swap) => swap.kind !== "none" || swap.size === undefined, "has a size although there is to be none")
    .refine(
      ({ kind = "partition", size }) => kind === "partition" || size === undefined || parseSize(size) !== null,
      "must have an absolute size: only partitions are a part of a disk",
    ),
]);
