// Every ESP of a layout in the order of their places: those that are made, then those that are joined.
import type { Target } from "../step.ts";
import { withPartition } from "./disk-layout.ts";
import type { Layout } from "./layout.ts";

export interface EspOf {
  target: Target;
  number: number;
  partuuid: string;
  joined: boolean;
}

export function espsOf({ disks, joined = [] }: Pick<Layout, "disks" | "joined">): EspOf[] {
  return [
    ...withPartition(disks, "esp").map(({ disk: { target }, partition: { number, partuuid } }) => ({
      ...{ target, number, partuuid, joined: false },
    })),
    ...joined.map(({ target, number, menu: { partuuid } }) => ({ target, number, partuuid, joined: true })),
  ];
}
