// Makes the swap partition of a host whose root is not encrypted.
import type { StepData } from "../plan/step.ts";
import { run, type StepKind } from "./action.ts";
import { partitionPath } from "./places.ts";

type Data = Extract<StepData, { kind: "make-swap" }>;

export const makeSwap: StepKind<Data> = {
  kind: "make-swap",
  actions: ({ partuuid, uuid }) => [run("mkswap", "--label", "swap", "--uuid", uuid, partitionPath(partuuid))],
};
