// Writes the partition table, waits until the kernel shows exactly the planned partitions, proves that nothing lies below them.
import type { StepData } from "../plan/step.ts";
import { type Action, type Otherwise, run, type StepKind } from "./action.ts";
import { diskPath, partitionPath } from "./places.ts";
import { proveClear } from "./prove-clear.ts";

type Data = Extract<StepData, { kind: "partition" }>;

const AMBIGUOUS: Otherwise = {
  code: "partition-ambiguous",
  message: "A partition of another disk has the identifier that was planned for a new one.",
  hint: "Another disk was installed from the same spec. Pull it out, or take `salt` out of the spec; `multiverse install --undo` puts back what was on this disk.",
};

/** Input of sfdisk(8): every number in sectors, every identifier given, nothing left to its choice. */
function sfdiskScript({ tableUuid, partitions, sectorSize }: Data): string {
  const lines = partitions.map(
    ({ number, start, sectors, type, partuuid, name }) =>
      `${number} : start=${start}, size=${sectors}, type=${type.toUpperCase()}, uuid=${partuuid.toUpperCase()}, name="${name}"`,
  );
  const head = ["label: gpt", `label-id: ${tableUuid.toUpperCase()}`, "unit: sectors", `sector-size: ${sectorSize}`];
  return `${[...head, "", ...lines].join("\n")}\n`;
}

export const partition: StepKind<Data> = {
  kind: "partition",
  actions(data): Action[] {
    const disk = diskPath(data.target);
    return [
      {
        do: "run",
        argv: ["sfdisk", "--quiet", "--lock=yes", "--wipe=always", "--wipe-partitions=always", disk],
        stdin: sfdiskScript(data),
      },
      run("udevadm", "settle", "--timeout=60"),
      ...data.partitions.flatMap(({ number, partuuid }): Action[] => [
        {
          do: "wait",
          path: partitionPath(partuuid),
          seconds: 60,
          otherwise: {
            code: "partition-missing",
            message: "The new partitions did not appear.",
            hint: "Something still holds the disk: try again, or restart the machine and use --resume.",
          },
        },
        {
          ...{ do: "check", argv: ["test", partitionPath(partuuid), "-ef", `${disk}-part${number}`] },
          ...{ expect: { exit: "zero" }, otherwise: AMBIGUOUS },
        },
        // They were cleared before the table showed them.
        ...proveClear(partitionPath(partuuid)),
      ]),
    ];
  },
};
