// Takes off a copied system what made it the host that it was copied from.
import type { StepData } from "../plan/step.ts";
import type { Action, StepKind } from "./action.ts";
import { ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "forget-host" }>;

/** These are in every root; one search over both, because a folder that is not there would be an error of find(1). */
const find = ({ paths }: Data): ["find", ...string[]] => [
  ...(["find", `${ROOT}/etc`, `${ROOT}/var/lib`, "-xdev", "-regextype", "posix-extended"] as const),
  ...["-regex", `${ROOT}(${paths.join("|")})`],
];

export const forgetHost: StepKind<Data> = {
  kind: "forget-host",
  actions: (data): Action[] => [
    { do: "run", argv: [...find(data), "-delete"] },
    {
      do: "check",
      argv: [...find(data), "-print"],
      expect: { output: "empty" },
      otherwise: {
        code: "former-host-left",
        message: "The copied system still has files that belong to the host it was copied from.",
        hint: "See which the check names; they may be read-only in the source.",
      },
    },
    toDisk,
  ],
};
