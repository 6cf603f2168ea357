// Saves off the disk every range that is overwritten before the line of no return; and puts them back.
import type { StepData } from "../plan/step.ts";
import type { StepKind } from "./action.ts";
import { restoreDisk, saveDisk } from "./saved-disk.ts";

type Data = Extract<StepData, { kind: "save-table" }>;

export const saveTable: StepKind<Data> = {
  kind: "save-table",
  actions: saveDisk,
  undo: restoreDisk,
};
