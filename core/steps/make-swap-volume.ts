// Makes the swap volume of a pool, as the OpenZFS FAQ ("Using a zvol for a swap device") says.

import type { StepData } from "../plan/step.ts";
import { SWAP_VOLUME } from "../plan/swap.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { dataset } from "./places.ts";

type Data = Extract<StepData, { kind: "make-swap-volume" }>;

/** Blocks of a page; written at once, never cached twice. */
const PROPERTIES = [
  ...["volblocksize=4096", "compression=zle", "logbias=throughput", "sync=always"],
  ...["primarycache=metadata", "secondarycache=none"],
];

export const makeSwapVolume: StepKind<Data> = {
  kind: "make-swap-volume",
  actions({ pool, system, bytes, uuid }): Action[] {
    const volume = dataset(pool, system, SWAP_VOLUME);
    const device = `/dev/zvol/${volume}`;
    return [
      run("zfs", "create", "-V", bytes, ...PROPERTIES.flatMap((property) => ["-o", property]), volume),
      {
        do: "wait",
        path: device,
        seconds: 60,
        otherwise: {
          code: "volume-missing",
          message: "The swap volume's device did not appear.",
          hint: "Look at `dmesg`, then use --resume.",
        },
      },
      run("udevadm", "settle", "--timeout=60"),
      run("mkswap", "--label", "swap", "--uuid", uuid, device),
    ];
  },
  redo: ({ pool, system }) => [tidy("zfs", "destroy", dataset(pool, system, SWAP_VOLUME))],
};
