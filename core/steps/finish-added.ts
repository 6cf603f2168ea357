// Takes the mark of an unfinished install off the data sets, exports the pool and reads it back without writing.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind } from "./action.ts";
import { detachSource } from "./attach-source.ts";
import { MARK } from "./create-datasets.ts";
import { leaveExisting } from "./existing-pool.ts";
import { closed, readBack } from "./finish.ts";
import { dataset } from "./places.ts";

type Data = Extract<StepData, { kind: "finish-added" }>;

export const finishAdded: StepKind<Data> = {
  kind: "finish-added",
  actions: (data, evidence): Action[] => [
    run("zfs", "inherit", MARK, dataset(data.pool, data.system)),
    ...closed(data.pool, data.esps),
    ...readBack(data, evidence.release),
    ...leaveExisting(data.pool),
    ...(evidence.sources.medium === undefined ? [] : detachSource()),
  ],
};
