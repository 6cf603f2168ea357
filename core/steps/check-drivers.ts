// Makes sure that a copied system has drivers for this machine: without them it would not start, or not be reached.
import type { StepData } from "../plan/step.ts";
import type { Action, StepKind } from "./action.ts";
import { ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "check-drivers" }>;

export const checkDrivers: StepKind<Data> = {
  kind: "check-drivers",
  actions: ({ needs }, { kernel }) =>
    needs.map(
      ({ what, modalias }): Action => ({
        do: "check",
        // Looks in the copied system's modules, also those built in, and loads nothing (modprobe(8)).
        argv: ["modprobe", "--resolve-alias", "--dirname", ROOT, "--set-version", kernel.version, modalias],
        expect: { exit: "zero" },
        otherwise: {
          code: "no-driver",
          message: `The system that is copied has no driver for ${what}.`,
          hint: "Copy from a system with the kernel of this medium, or install that kernel there first.",
        },
      }),
    ),
};
