// The part `sensors`: temperatures of processors and boards. Those of disks stand with the disks.
import type { MakeSource } from "../status/source.ts";
import { briefAsker } from "./ask-briefly.ts";
import { chips, isDisk, temperatures } from "./hwmon.ts";

export const makeSourceSensors: MakeSource<"sensors"> = () => {
  const ask = briefAsker();
  return {
    part: "sensors",
    every: 10_000,
    patience: 10_000,
    // hwmon has no events that drivers would send.
    triggers: [],
    async read(ports, signal) {
      // A virtual machine has no chip, and so an empty list.
      const read = (await chips(ports)).filter((chip) => !isDisk(chip));
      const all = await Promise.all(
        read.map(async (chip) =>
          ((await temperatures(chip, ports, ask, signal)) ?? []).map(({ input, label, celsius, criticalCelsius }) => ({
            ...{ name: `${chip.name} ${label === "" ? input : label}`, celsius, criticalCelsius },
          })),
        ),
      );
      return all.flat();
    },
  };
};
