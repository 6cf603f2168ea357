// A template filled in from one machine: everything that can be measured and stays, and nothing that is only plugged in today.
import { Document, isMap, isScalar, stringify, visit } from "yaml";
import type { NetworkPort, PciDevice } from "../inventory/hardware/hardware.ts";
import { nameOf } from "../inventory/hardware/pci.ts";
import type { Disk, Inventory } from "../inventory/inventory.ts";
import { globMatches } from "../spec/glob.ts";
import { formatSize } from "../spec/quantity.ts";
import type { HardwareTemplate, TemplateBus, TemplateDisk, TemplatePort } from "./schema.ts";
import { type BusWithDisks, busesOf, verifyStorage } from "./verify-storage.ts";

/** Flags that programs and virtual machines ask for. The others come and go with the kernel's version. */
const CAPS: ReadonlySet<string> = new Set(
  (
    "vmx svm ept npt aes pclmulqdq rdrand rdseed sha_ni sse4_1 sse4_2 ssse3 popcnt cx16 avx avx2 avx512f avx512bw avx512cd " +
    "avx512dq avx512vl bmi1 bmi2 f16c fma movbe lm nx pdpe1gb " +
    "asimd crc32 sha1 sha2 sha3 atomics sve"
  ).split(" "),
);

/** Classes of PCI devices that a machine is asked about: storage, network, display, sound, encryption, accelerators. */
const BUILT_IN = /^(01|02|03|04|0b40|10|12)/;

/** Adapters that are a disk themselves; disks stand under their bus. */
const DISKS = /^0108 |^\S+ 1af4:(1001|1042)$/;

/** In the order in which a person reads it; the template's own names of buses stay, and its values for the spec. */
export function makeHostFile(
  inventory: Inventory,
  { host, template }: { host: string; template: HardwareTemplate },
): HardwareTemplate {
  const { machine, firmware, hardware } = inventory;
  const { processor, memory } = hardware;
  const architecture = processor?.architecture ?? "";
  const network = hardware.ports.map(portOf);
  const storage = storageOf(inventory, template);
  const pci = pciOf(hardware.pci, template);
  const usb = template.peripherals?.usb;
  return {
    ...{ version: 1, host },
    ...some({ serial: machine.serial, uuid: /^[0-9a-f-]{36}$/.test(machine.uuid) ? machine.uuid : "" }),
    template: template.template,
    ...some({ title: template.title }),
    system: {
      ...some({ vendor: literal(machine.vendor), model: literal(machine.product), architecture }),
      ...(hardware.chassis === null ? {} : { chassis: hardware.chassis }),
      firmware: firmware.kind,
    },
    ...(processor === null
      ? {}
      : {
          cpu: Array.from({ length: processor.sockets }, () => ({
            ...some({ model: literal(processor.model) }),
            cores: processor.coresPerSocket,
            threads: processor.coresPerSocket * processor.threadsPerCore,
            caps: processor.flags.filter((flag) => CAPS.has(flag)),
          })),
        }),
    ram: memoryOf(inventory),
    peripherals: {
      ...(network.length === 0 ? {} : { network }),
      storage,
      ...(pci.length === 0 ? {} : { pci }),
      // What is plugged in changes; what the template asks for is there.
      ...(usb === undefined ? {} : { usb }),
    },
    ...(isManager(hardware.management) ? { ipmi: hardware.management } : {}),
    ...(template.spec === undefined ? {} : { spec: template.spec }),
  };

  function memoryOf({ memory: total }: Inventory): NonNullable<HardwareTemplate["ram"]> {
    if (memory === null) return total === 0 ? {} : { size: `>= ${formatSize(total)}` };
    return {
      size: formatSize(memory.installed),
      ...(memory.ecc === null ? {} : { ecc: memory.ecc }),
      slots: memory.slots,
      modules: memory.modules
        .filter((one) => one.size > 0)
        .map(({ slot, size, type, speed, part }) => ({
          ...{ slot, size: formatSize(size) },
          ...some({ type: literal(type), part: literal(part) }),
          ...(speed === null ? {} : { speed }),
        })),
    };
  }
}

/** Entries that say something: "" is not known. */
function some<Name extends string>(entries: Readonly<Record<Name, string | undefined>>): Partial<Record<Name, string>> {
  return Object.fromEntries(
    Object.entries<string | undefined>(entries).filter(([, text]) => text !== undefined && text !== ""),
  ) as Partial<Record<Name, string>>;
}

/** As a pattern that fits itself alone as far as patterns can: there is no way to write a star that is one. */
function literal(text: string): string {
  return text.replaceAll("*", "?").trim();
}

function isManager(text: string | null): text is NonNullable<HardwareTemplate["ipmi"]> {
  return text !== null && ["idrac", "ilo", "xcc", "bmc", "none"].includes(text);
}

const KINDS =
  "1gbase-t 2.5gbase-t 5gbase-t 10gbase-t 100base-t sfp sfp+ sfp28 sfp56 qsfp+ qsfp28 qsfp56 qsfp-dd backplane wifi virtual";

function portOf(port: NetworkPort): TemplatePort {
  const known = KINDS.split(" ").find((kind) => kind === port.kind) as TemplatePort["kind"];
  return {
    ...(known === undefined ? {} : { kind: known }),
    ...(port.driver === null ? {} : { driver: literal(port.driver) }),
    ...some({ mac: port.mac }),
  };
}

/** Buses have the template's names where they stand for one of its own, else that of their kind. */
function storageOf(inventory: Inventory, template: HardwareTemplate): Record<string, TemplateBus> {
  const { assigned } = verifyStorage(template.peripherals?.storage ?? {}, inventory);
  const named = new Map([...assigned].map(([name, { bus }]) => [bus, name]));
  const taken = new Set(named.values());
  const free = (kind: string): string => {
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? kind : `${kind}-${number}`;
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
  return Object.fromEntries(busesOf(inventory).map((one) => [named.get(one.bus) ?? free(one.bus.kind), busOf(one)]));
}

function busOf({ bus, disks }: BusWithDisks): TemplateBus {
  const about = {
    kind: bus.kind,
    ...(bus.driver === null ? {} : { driver: literal(bus.driver) }),
    ...(bus.raid === "raid" || bus.raid === "hba" ? { mode: bus.raid } : {}),
  };
  // Sticks come and go; that there is such a bus stays.
  const stay = bus.kind === "usb" ? [] : disks.filter((disk) => !disk.removable);
  return stay.length === 0 ? about : { ...about, disks: stay.map(diskOf) };
}

function diskOf(disk: Disk): TemplateDisk {
  return {
    ...some({ id: disk.id ?? "", model: literal(disk.model), serial: literal(disk.serial) }),
    size: sizeOf(disk.size),
    rotational: disk.rotational,
    ...(disk.sector === 512 || disk.sector === 4096 ? { "sector-size": disk.sector } : {}),
  };
}

/** Exact where that is short, else three digits, which is closer than the one per cent that counts as equal. */
function sizeOf(bytes: number): string {
  const exact = formatSize(bytes);
  if (exact.length <= 8) return exact;
  const digits = Number(bytes.toPrecision(3));
  return Number.isSafeInteger(digits) ? formatSize(digits) : exact;
}

type Pci = NonNullable<NonNullable<HardwareTemplate["peripherals"]>["pci"]>[number];

function pciOf(devices: readonly PciDevice[], template: HardwareTemplate): Pci[] {
  const asked = template.peripherals?.pci ?? [];
  const wanted = devices.filter(
    (device) =>
      (BUILT_IN.test(device.class) && !DISKS.test(`${device.class} ${device.id}`)) ||
      asked.some((one) => one.id !== undefined && globMatches(one.id, device.id)),
  );
  const counts = new Map<string, { device: PciDevice; count: number }>();
  for (const device of wanted) {
    const known = counts.get(device.id);
    if (known === undefined) counts.set(device.id, { device, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].map(({ device }) => ({
    id: device.id,
    // Every device of this number, so that one of other classes does not make it differ.
    count: devices.filter((one) => one.id === device.id).length,
    name: nameOf(device),
  }));
}

/** As text, with a head that says what it is. */
export function hostFileAsYaml(file: HardwareTemplate): string {
  const document = new Document(file);
  document.commentBefore = [
    ` The hardware of ${file.host}, made by \`multiverse profile host\`. A spec verifies against it:`,
    ` hardware: ./${file.host}.yml`,
  ].join("\n");
  visit(document, {
    // Lists of words, and what is said of one module, port or disk, on one line.
    Seq: (_key, node) => {
      if (node.items.every((item) => isScalar(item))) node.flow = true;
      for (const item of node.items)
        if (isMap(item) && item.items.every((pair) => isScalar(pair.value))) item.flow = true;
    },
  });
  return stringify(document, { lineWidth: 160 });
}
