// Names of devices that stay the same from one start to the next, as plans have them.

/** A partition. */
export const partitionDevice = (partuuid: string): string => `/dev/disk/by-partuuid/${partuuid}`;

/** An md array, by its UUID as mdadm(8) writes it; the link is made by 63-md-raid-arrays.rules. */
export const arrayDevice = (uuid: string): string => `/dev/disk/by-id/md-uuid-${uuid}`;

/** An opened LUKS container. */
export const lockDevice = (name: string): string => `/dev/mapper/${name}`;

/** A logical volume. */
export const volumeDevice = (group: string, volume: string): string => `/dev/${group}/${volume}`;
