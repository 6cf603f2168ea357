// Schemas for sizes on a disk: absolute ones, and shares of it.
import { z } from "zod";
import { parseSize, SIZE_PATTERN } from "./quantity.ts";
import { PERCENT_PATTERN, parseShare } from "./share.ts";

const WRONG = 'must be a size with its unit, such as "2 GiB"';
const UNEVEN = "is not a whole number of bytes below 9 PB";

/** "2 GiB". */
export const absoluteSize = z
  .string(WRONG)
  .regex(SIZE_PATTERN, WRONG)
  .refine((text) => parseSize(text) !== null, UNEVEN);

const SHARE = 'must be a size with its unit, such as "2 GiB", or a part of the disk, such as "25 %"';

/** "2 GiB" or "25 %". */
export const sizeOrPercent = z
  .string(SHARE)
  .regex(new RegExp(`${SIZE_PATTERN.source}|${PERCENT_PATTERN.source}`), SHARE)
  .refine((text) => !text.endsWith("%") || parseShare(text) !== null, "must be more than 0 % and at most 100 %")
  .refine((text) => text.endsWith("%") || parseSize(text) !== null, UNEVEN);

/** "2 GiB", "25 %" or "rest". */
export const share = z.union([z.literal("rest"), sizeOrPercent], `${SHARE}, or rest`);

/** For a refinement: shares depend on the disk and are judged when it is known. */
export const atLeast =
  (bytes: number) =>
  (text: string): boolean =>
    (parseSize(text) ?? Number.POSITIVE_INFINITY) >= bytes;
