// The steps that open ESPs that are there.
import { espsOf } from "./layout/esps.ts";
import type { Layout } from "./layout/layout.ts";
import { stepOf } from "./planned-step.ts";
import type { Step } from "./step.ts";

export function joinedEspSteps(layout: Layout): Step[] {
  const places = espsOf(layout).map((esp, index) => ({ ...esp, place: index + 1 }));
  const joined = places.filter((esp) => esp.joined);
  return joined.map(({ target, partuuid, place }, index) =>
    stepOf(
      index + 1,
      joined.length > 1 ? `open the EFI partition of ${target.id}` : "open the EFI partition",
      "writes",
      {
        ...{ kind: "join-esp", target, partuuid, ...(place === 1 ? {} : { place }) },
      },
    ),
  );
}
