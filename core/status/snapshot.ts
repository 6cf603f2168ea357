// Everything the status socket tells of a host, part by part; docs/formats/status-messages.md is made from this.
import { z } from "zod";
import { controlFacts } from "./control-facts.ts";
import { controller } from "./controller-facts.ts";
import { diskHealth, load, pool, sensors, unfinished, units, update } from "./health-facts.ts";
import { hostFacts } from "./host-facts.ts";
import { endpoint, topology } from "./network-facts.ts";
import { monotonic, type Part, part } from "./part.ts";

/** Each part is read by one source of its own; one that hangs leaves the others alone. */
export const PART_VALUES = {
  host: hostFacts,
  network: topology,
  endpoints: z.array(endpoint),
  controllers: z.array(controller),
  pools: z.array(pool),
  disks: z.array(diskHealth),
  sensors,
  load,
  units,
  update,
  unfinished,
  control: controlFacts,
} as const;

export type PartName = keyof typeof PART_VALUES;
export type ValueOf<Name extends PartName> = z.infer<(typeof PART_VALUES)[Name]>;
export type Parts = { [Name in PartName]: Part<ValueOf<Name>> };

const parts = z.strictObject({
  host: part(PART_VALUES.host),
  network: part(PART_VALUES.network),
  endpoints: part(PART_VALUES.endpoints),
  controllers: part(PART_VALUES.controllers),
  pools: part(PART_VALUES.pools),
  disks: part(PART_VALUES.disks),
  sensors: part(PART_VALUES.sensors),
  load: part(PART_VALUES.load),
  units: part(PART_VALUES.units),
  update: part(PART_VALUES.update),
  unfinished: part(PART_VALUES.unfinished),
  control: part(PART_VALUES.control),
});

/** `value` is left out when it is the one that this connection was told last. */
const told = <Name extends PartName>(name: Name) =>
  z.strictObject({
    type: z.literal("part"),
    now: monotonic,
    name: z.literal(name),
    part: z.strictObject({ ...part(PART_VALUES[name]).shape, value: PART_VALUES[name].nullable().optional() }),
  });

/** One part has changed, or was read again. */
const partMessage = z.discriminatedUnion("name", [
  told("host"),
  told("network"),
  told("endpoints"),
  told("controllers"),
  told("pools"),
  told("disks"),
  told("sensors"),
  told("load"),
  told("units"),
  told("update"),
  told("unfinished"),
  told("control"),
]);

/** The messages of the status socket: one JSON object a line, from the daemon only. The first is a snapshot. */
export const statusMessage = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("snapshot"),
    version: z.literal(1),
    /** The daemon's clock when this was written: what is `now - at` old now. */
    now: monotonic,
    /** /proc/sys/kernel/random/boot_id: another one means that nothing known before holds. */
    boot: z.string(),
    parts,
  }),
  partMessage,
  /** Nothing has changed for a while; the daemon lives. At least every 10 s something comes. */
  z.strictObject({ type: z.literal("alive"), now: monotonic }),
]);
export type StatusMessage = z.infer<typeof statusMessage>;
export type StatusSnapshot = Extract<StatusMessage, { type: "snapshot" }>;
export type PartMessage = Extract<StatusMessage, { type: "part" }>;
