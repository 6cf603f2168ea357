// Adds our entry to the firmware's boot order; a firmware that refuses still finds EFI/BOOT/BOOTX64.EFI.
import type { StepData } from "../plan/step.ts";
import type { StepKind } from "./action.ts";
import { diskPath } from "./places.ts";

type Data = Extract<StepData, { kind: "nvram" }>;

export const nvram: StepKind<Data> = {
  kind: "nvram",
  actions: ({ target, partition, label, loader }) => [
    {
      do: "run",
      argv: ["efibootmgr", "--quiet", "--delete-bootnum", "--label", label],
      anyExit: true,
    },
    {
      do: "run",
      argv: [
        ...(["efibootmgr", "--quiet", "--create", "--disk", diskPath(target)] as const),
        ...["--part", String(partition), "--label", label, "--loader", loader],
      ],
      bestEffort:
        "The firmware did not take a boot entry. It will start the disk by EFI/BOOT/BOOTX64.EFI; if not, choose the disk in the firmware's boot menu.",
    },
  ],
};
