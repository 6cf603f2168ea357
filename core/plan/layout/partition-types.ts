// What partitions are for: GPT types, names, and the smallest sizes that make sense.

export const MIB = 1024 * 1024;

/** GPT partition types (UEFI 2.10 table 5-7; the Discoverable Partitions list; Solaris /usr is what OpenZFS marks its own with). */
export const PARTITION_TYPE = {
  esp: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  pool: "6a898cc3-1dd2-11b2-99a6-080020736631",
  special: "6a898cc3-1dd2-11b2-99a6-080020736631",
  log: "6a898cc3-1dd2-11b2-99a6-080020736631",
  cache: "6a898cc3-1dd2-11b2-99a6-080020736631",
  swap: "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f",
} as const;

export type PartitionRole = keyof typeof PARTITION_TYPE;

/** The smallest pool that a host root with two generations and a release fits into. */
export const SMALLEST_POOL = 3 * 1024 * MIB;
/** FAT32 needs 65 525 clusters; with room for two kernels and the loader. */
export const SMALLEST_ESP = 512 * MIB;
/** What the ESP is called until the install is finished, so that nothing half-installed looks fine. */
export const UNFINISHED = "multiverse-unfinished";
export const ESP_NAME = "EFI system partition";

/** GPT keeps 36 characters of a partition's name (UEFI 2.10, 5.3.3). */
export const partitionName = (...parts: string[]): string => parts.join("-").slice(0, 36);
