// What every plan must keep to, as functions that name each breach: run on random plans, and on plans that were spoilt on purpose.
import type { Plan, PlannedPartition, Step, StepData } from "../../core/plan/step.ts";
import type { Action } from "../../core/steps/action.ts";
import { actionsOf, type Phase } from "../../core/steps/kinds.ts";

export type Law = (plan: Plan) => string[];

const MIB = 1024 ** 2;
const PHASES: readonly Phase[] = ["actions", "redo", "restore", "release"];

const wordsOf = (action: Action): readonly string[] => {
  if (action.do === "pipe") return action.stages.flat();
  return action.do === "write" || action.do === "wait" ? [action.path] : action.argv;
};

const words = (plan: Plan, step: Step, phases: readonly Phase[] = PHASES): string[] =>
  phases.flatMap((phase) => actionsOf(step, phase, plan.evidence).flatMap(wordsOf));

type DataOf<Kind extends StepData["kind"]> = Extract<StepData, { kind: Kind }>;

export function dataOf<Kind extends StepData["kind"]>(plan: Plan, kind: Kind): DataOf<Kind>[] {
  return plan.steps.flatMap(({ data }) => (data.kind === kind ? [data as DataOf<Kind>] : []));
}

const tables = (plan: Plan) => dataOf(plan, "partition");
const partuuids = (plan: Plan) => tables(plan).flatMap(({ partitions }) => partitions.map(({ partuuid }) => partuuid));

/** Every device in a program's words, a path or an installed file is a target, one of its planned partitions, or the pool's own. */
export const noDeviceOutside: Law = (plan) => {
  const targets = plan.erases.map(({ id }) => `/dev/disk/by-id/${id}`);
  const own = new Set(partuuids(plan).map((partuuid) => `/dev/disk/by-partuuid/${partuuid}`));
  const imported = dataOf(plan, "create-pool").map(({ pool }) => `/dev/zvol/${pool.importName}/`);
  const harmless = ["/dev/zero", "/dev/null"];
  const isOurs = (device: string) =>
    own.has(device) ||
    harmless.includes(device) ||
    imported.some((pool) => device.startsWith(pool)) ||
    targets.some(
      (target) =>
        device === target || /^-part[0-9]+$/.test(device.slice(device.startsWith(target) ? target.length : 0)),
    );
  const named = plan.steps.flatMap((step) => words(plan, step).flatMap((word) => word.match(/\/dev\/[^\s:,]+/g) ?? []));
  const files = plan.steps.flatMap(({ data }) => ("files" in data ? data.files : []));
  const installed = files
    .filter(({ path }) => /tab$/.test(path))
    .flatMap(({ content }) => content.match(/PARTUUID=\S+|\/dev\/disk\/\S+/g) ?? [])
    .map((word) => word.replace("PARTUUID=", "/dev/disk/by-partuuid/"));
  return [...named, ...installed].filter((device) => !isOurs(device)).map((device) => `${device} is no target`);
};

/** Aligned to 1 MiB, in order, disjoint, inside the disk and clear of both tables; every identifier once. */
export const partitionsFit: Law = (plan) => {
  const breaches = tables(plan).flatMap(({ target, sectorSize, partitions }) => {
    let free = MIB;
    const wrong = partitions.flatMap(({ number, start, sectors, name }) => {
      const [from, size] = [Number(start) * sectorSize, Number(sectors) * sectorSize];
      const found = [
        ...(Number.isInteger(from / MIB) ? [] : ["is not aligned"]),
        ...(from >= free ? [] : ["overlaps what is before it"]),
        ...(size > 0 ? [] : ["is empty"]),
        ...(name.length <= 36 ? [] : ["has a name that GPT cuts off"]),
      ];
      free = from + size;
      return found.map((what) => `${target.id} partition ${number} ${what}`);
    });
    const numbers = partitions.map(({ number }) => number).join(" ");
    const counted = partitions.map((_, at) => at + 1).join(" ");
    return [
      ...wrong,
      ...(numbers === counted ? [] : [`${target.id}: partitions are numbered ${numbers}`]),
      ...(free <= Number(target.size) - 34 * sectorSize
        ? []
        : [`${target.id}: the last partition ends beyond the disk`]),
    ];
  });
  const identifiers = [...partuuids(plan), ...tables(plan).map(({ tableUuid }) => tableUuid)];
  const twice = identifiers.filter((one, at) => identifiers.indexOf(one) !== at);
  return [...breaches, ...twice.map((one) => `${one} is given twice`)];
};

/** Members of a vdev with redundancy are of one size, and each disk of such a data vdev has an ESP and an entry in the firmware. */
export const redundantMembersStartAlone: Law = (plan) => {
  const [{ pool } = { pool: undefined }] = dataOf(plan, "create-pool");
  if (pool === undefined || !("vdevs" in pool)) return [];
  const sizeOf = new Map<string, number>();
  const tableOf = new Map<string, DataOf<"partition">>();
  for (const table of tables(plan)) {
    for (const part of table.partitions) {
      sizeOf.set(part.partuuid, Number(part.sectors) * table.sectorSize);
      tableOf.set(part.partuuid, table);
    }
  }
  const esps = new Set(dataOf(plan, "make-esp").map(({ target }) => target.id));
  const entries = new Set(dataOf(plan, "nvram").map(({ target }) => target.id));
  const compared = dataOf(plan, "finish").flatMap(({ target, others = [] }) => [
    target,
    ...others.map((one) => one.target),
  ]);
  return pool.vdevs
    .filter(({ use, kind }) => use === "data" && kind !== "stripe")
    .flatMap(({ kind, partuuids: members }) => [
      ...(new Set(members.map((member) => sizeOf.get(member))).size === 1
        ? []
        : [`the members of a ${kind} differ in size`]),
      ...members.flatMap((member) => {
        const id = tableOf.get(member)?.target.id ?? "a disk that is not partitioned";
        return [
          ...(esps.has(id) ? [] : [`${id} has no ESP`]),
          ...(entries.has(id) ? [] : [`${id} has no entry in the firmware`]),
          ...(compared.some((target) => target.id === id) ? [] : [`${id}: its mark is never taken off`]),
        ];
      }),
    ]);
};

/** Partitions before what lies on them, pools before data sets, mounts before what is written there; ids once. */
export const dependenciesFirst: Law = (plan) => {
  const there = new Set<string>();
  const breaches: string[] = [];
  const all = new Set(partuuids(plan));
  const places = dataOf(plan, "make-esp").map(({ place = 1 }) => espPlace(place));
  for (const step of plan.steps) {
    const { data } = step;
    if (data.kind === "partition") for (const { partuuid } of data.partitions) there.add(partuuid);
    if (data.kind === "make-esp") there.add(espPlace(data.place ?? 1));
    if (data.kind === "create-pool") there.add(data.pool.importName);
    for (const word of words(plan, step, ["actions"])) {
      const partuuid = /by-partuuid\/([0-9a-f-]{36})/.exec(word)?.[1];
      if (partuuid !== undefined && !there.has(partuuid))
        breaches.push(`${step.id} uses partition ${partuuid} before it is made`);
      if (partuuid !== undefined && !all.has(partuuid)) breaches.push(`${step.id} uses a partition that nothing makes`);
      const place = places.find((one) => word === one || word.startsWith(`${one}/`));
      if (place !== undefined && !there.has(place)) breaches.push(`${step.id} uses ${place} before it is mounted`);
      const pool = /^(mv-[0-9a-f]{12})(\/|@|$)/.exec(word)?.[1];
      if (pool !== undefined && !there.has(pool)) breaches.push(`${step.id} uses pool ${pool} before it is made`);
      if (word.startsWith("mv-") && data.kind === "create-datasets") breaches.push(...orphan(word, there));
    }
  }
  const ids = plan.steps.map(({ id }) => id);
  breaches.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two steps are called ${id}`));
  return plan.steps.at(-1)?.data.kind === "finish" ? breaches : [...breaches, "finish is not the last step"];
};

const espPlace = (place: number) => `/run/multiverse/esp${place === 1 ? "" : place}`;

/** A data set is created after its parent. */
function orphan(name: string, there: Set<string>): string[] {
  const parent = name.slice(0, Math.max(name.lastIndexOf("/"), 0));
  const known = there.has(parent) || name.includes("@");
  there.add(name);
  return known ? [] : [`${name} is created before ${parent}`];
}

/** All that only reads comes first; a disk is checked, saved, cleared and partitioned in that order, and no file system before all are. */
export const nothingLostBeforeEveryCheck: Law = (plan) => {
  const at = (kind: StepData["kind"], id: string) =>
    plan.steps.findIndex(({ data }) => data.kind === kind && "target" in data && data.target.id === id);
  const risks = plan.steps.map(({ risk }) => risk);
  const firstLoss = risks.findIndex((risk) => risk !== "reads");
  const noWayBack = risks.findIndex((risk) => risk === "no-way-back" || risk === "writes");
  return [
    ...(risks.lastIndexOf("reads") < firstLoss ? [] : ["a check comes after something was written"]),
    ...(risks.lastIndexOf("erases") < noWayBack ? [] : ["a disk is erased after the line of no return"]),
    ...plan.erases.flatMap(({ id }) => {
      const order = [at("check-target", id), at("save-table", id), at("clear-disk", id), at("partition", id)];
      const sorted = order.every((place, step) => place >= 0 && (step === 0 || place > (order[step - 1] ?? 0)));
      return [
        ...(sorted ? [] : [`${id}: checked, saved, cleared, partitioned at ${order.join(", ")}`]),
        ...((order[1] ?? 0) < firstLoss ? [] : [`${id} is not looked at and saved before the first loss`]),
      ];
    }),
    ...plan.steps
      .filter(({ data, risk }) => ["clear-disk", "partition"].includes(data.kind) && risk !== "erases")
      .map(({ id }) => `${id} erases and does not say so`),
  ];
};

export const LAWS = {
  noDeviceOutside,
  partitionsFit,
  redundantMembersStartAlone,
  dependenciesFirst,
  nothingLostBeforeEveryCheck,
} as const;

export type { PlannedPartition };
