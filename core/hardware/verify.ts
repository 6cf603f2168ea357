// Holds a template against a machine: one check for each thing that it says. Pure.

import type { Inventory } from "../inventory/inventory.ts";
import { sizeInWords } from "../size-in-words.ts";
import { type Check, check } from "./check.ts";
import { countHolds, patternHolds, patternsInWords, sizeHolds } from "./compare.ts";
import type { HardwareTemplate, Stated } from "./schema.ts";
import { verifyDevices } from "./verify-devices.ts";
import { verifyPorts } from "./verify-ports.ts";
import { verifyStorage } from "./verify-storage.ts";

export function verifyTemplate(template: HardwareTemplate, inventory: Inventory): Check[] {
  const { peripherals } = template;
  return [
    ...verifySystem(template, inventory),
    ...verifyProcessors(template, inventory),
    ...verifyMemory(template, inventory),
    ...verifyPorts(peripherals?.network ?? [], inventory),
    ...verifyStorage(peripherals?.storage ?? {}, inventory).checks,
    ...verifyDevices(peripherals ?? {}, inventory),
    ...verifyManagement(template, inventory),
  ];
}

/** A text of the firmware's: "" is not known. */
function word(path: string[], what: string, stated: Stated["patterns"] | undefined, is: string): Check[] {
  if (stated === undefined) return [];
  const holds = is === "" ? undefined : patternHolds(stated, [is]);
  return [check(path, what, { says: patternsInWords(stated), has: is || "not known", holds })];
}

function verifySystem({ system, serial, uuid }: HardwareTemplate, { machine, firmware, hardware }: Inventory): Check[] {
  // A board describes its maker within its model's name.
  const vendor = machine.vendor === "" && hardware.chassis === "board" ? machine.product : machine.vendor;
  return [
    ...word(["serial"], "the machine's serial number", serial, machine.serial),
    ...word(["uuid"], "the machine's UUID", uuid, machine.uuid),
    ...word(["system", "vendor"], "the maker", system?.vendor, vendor),
    ...word(["system", "model"], "the model", system?.model, machine.product),
    ...word(["system", "chassis"], "the chassis", system?.chassis, hardware.chassis ?? ""),
    ...word(
      ["system", "architecture"],
      "the architecture",
      system?.architecture,
      hardware.processor?.architecture ?? "",
    ),
    ...word(["system", "firmware"], "the firmware", system?.firmware, firmware.kind),
  ];
}

function verifyProcessors({ cpu }: HardwareTemplate, { hardware: { processor } }: Inventory): Check[] {
  if (cpu === undefined) return [];
  const amount = Array.isArray(cpu) ? cpu.length : cpu.sockets;
  const sockets =
    amount === undefined
      ? []
      : [
          check(Array.isArray(cpu) ? ["cpu"] : ["cpu", "sockets"], "the number of processors", {
            ...{ says: String(amount), has: String(processor?.sockets ?? "not known") },
            holds: processor === null ? undefined : countHolds(amount, processor.sockets),
          }),
        ];
  const entries = Array.isArray(cpu) ? cpu.map((one, at) => ({ one, at: ["cpu", at] })) : [{ one: cpu, at: ["cpu"] }];
  return [
    ...sockets,
    ...entries.flatMap(({ one, at }, index) => {
      const name = entries.length === 1 ? "the processor" : `processor ${index + 1}`;
      const known = processor === null ? undefined : processor;
      const amountOf = (part: "cores" | "threads", is: number | undefined): Check[] => {
        const stated = one[part];
        if (stated === undefined) return [];
        const holds = is === undefined ? undefined : countHolds(stated, is);
        return [check([...at, part], `${part} of ${name}`, { says: String(stated), has: String(is), holds })];
      };
      const lacking = (one.caps ?? []).filter((flag) => known !== undefined && !known.flags.includes(flag));
      return [
        ...(one.model === undefined
          ? []
          : [
              check([...at, "model"], name, {
                ...{ says: patternsInWords(one.model), has: known?.model || "not known" },
                holds: known === undefined || known.model === "" ? undefined : patternHolds(one.model, [known.model]),
              }),
            ]),
        ...amountOf("cores", known?.coresPerSocket),
        ...amountOf("threads", known === undefined ? undefined : known.coresPerSocket * known.threadsPerCore),
        ...(one.caps === undefined
          ? []
          : [
              check([...at, "caps"], name, {
                says: one.caps.join(", "),
                has: lacking.length === 0 ? "all of them" : `none of ${lacking.join(", ")}`,
                holds: known === undefined ? undefined : lacking.length === 0,
              }),
            ]),
      ];
    }),
  ];
}

/** Of what is installed the firmware and the kernel keep some for themselves: at most so much. */
const KEPT = 1.08;

function verifyMemory({ ram }: HardwareTemplate, inventory: Inventory): Check[] {
  if (ram === undefined) return [];
  const { memory } = inventory.hardware;
  const [least, most] =
    memory === null ? [inventory.memory, inventory.memory * KEPT] : [memory.installed, memory.installed];
  const checks: Check[] = [];
  if (ram.size !== undefined)
    checks.push(
      check(["ram", "size"], "the memory", {
        ...{ says: ram.size, has: least === 0 ? "not known" : sizeInWords(least) },
        holds: least === 0 ? undefined : sizeHolds(ram.size, least, most),
      }),
    );
  if (ram.ecc !== undefined) {
    const ecc = memory?.ecc ?? undefined;
    const inWords = (is: boolean | undefined) => (is === undefined ? "not known" : is ? "ECC" : "no ECC");
    const holds = ecc === undefined ? undefined : ecc === ram.ecc;
    checks.push(check(["ram", "ecc"], "the memory", { says: inWords(ram.ecc), has: inWords(ecc), holds }));
  }
  if (ram.slots !== undefined)
    checks.push(
      check(["ram", "slots"], "the number of memory slots", {
        ...{ says: String(ram.slots), has: String(memory?.slots ?? "not known") },
        holds: memory === null ? undefined : countHolds(ram.slots, memory.slots),
      }),
    );
  for (const [at, stated] of (ram.modules ?? []).entries()) {
    const { slot, size, type, speed, part } = stated;
    const fits = memory?.modules.filter(
      (one) =>
        (slot === undefined || one.slot === slot) &&
        (size === undefined || (one.size > 0 && sizeHolds(size, one.size))) &&
        (type === undefined || patternHolds(type, [one.type])) &&
        (speed === undefined || one.speed === speed) &&
        (part === undefined || patternHolds(part, [one.part])),
    );
    const there = memory?.modules.find((one) => one.slot === slot);
    checks.push(
      check(["ram", "modules", at], slot === undefined ? `memory module ${at + 1}` : `the memory module in ${slot}`, {
        says: [size, type && patternsInWords(type), speed && `${speed} MT/s`, part && patternsInWords(part)]
          .filter((text) => text !== undefined)
          .join(" "),
        has:
          there === undefined
            ? "none"
            : there.size === 0
              ? "none: the slot is empty"
              : [sizeInWords(there.size), there.type, there.speed === null ? "" : `${there.speed} MT/s`, there.part]
                  .filter((text) => text !== "")
                  .join(" "),
        holds: fits === undefined ? undefined : fits.length > 0,
      }),
    );
  }
  return checks;
}

function verifyManagement({ ipmi }: HardwareTemplate, { hardware: { management } }: Inventory): Check[] {
  if (ipmi === undefined) return [];
  return [
    check(["ipmi"], "the remote management", {
      ...{ says: ipmi, has: management ?? "not known" },
      holds: management === null ? undefined : ipmi === "any" ? management !== "none" : management === ipmi,
    }),
  ];
}
