// What a spec's text comes to on a machine: its questions, or its plan, or why there is none. Shared by the real backend and the demo.
import { ActionableError } from "../../core/errors.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import { makePlan } from "../../core/plan/make-plan.ts";
import { type Answer, setValues } from "../../core/spec/answers.ts";
import { type LoadedSpec, loadSpec } from "../../core/spec/load.ts";
import { questions } from "../../core/spec/questions.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { type DiskPreview, type Draft, type Judged, NOTHING_JUDGED } from "../wizard/model.ts";

export interface Circumstances {
  now: number;
  saveTo: string;
}

export async function judge(draft: Draft, inventory: Inventory, circumstances: Circumstances): Promise<Judged> {
  let loaded: LoadedSpec;
  try {
    loaded = await load(draft);
  } catch (error) {
    if (error instanceof ActionableError) return { ...NOTHING_JUDGED, error };
    throw error;
  }
  const open = questions(loaded, inventory);
  try {
    const spec = resolveSpec(loaded, inventory);
    const judged = { loaded, questions: open, spec };
    try {
      return { ...judged, plan: makePlan(spec, inventory, circumstances), error: null };
    } catch (error) {
      if (error instanceof ActionableError) return { ...judged, plan: null, error };
      throw error;
    }
  } catch (error) {
    if (error instanceof ActionableError) return { loaded, questions: open, spec: null, plan: null, error };
    throw error;
  }
}

async function load({ name, text }: Draft): Promise<LoadedSpec> {
  return loadSpec([name], async () => new TextEncoder().encode(text));
}

export function write(text: string, answers: readonly Answer[]): string {
  return setValues(text, answers);
}

/** A plan for this disk with stand-ins for what is not answered yet: only its partitions are looked at. */
export async function preview(
  draft: Draft,
  inventory: Inventory,
  disk: string,
  circumstances: Circumstances,
): Promise<DiskPreview> {
  const sectorSize = inventory.disks.find(({ id }) => id === disk)?.sector ?? 512;
  const nothing = { id: disk, sectorSize, after: [] };
  const { loaded } = await judge(draft, inventory, circumstances);
  const name = loaded?.spec.root?.on ?? "system";
  const standIns: Answer[] = [
    { path: ["disks", name], value: disk },
    ...(loaded?.spec.host?.name === undefined ? [{ path: ["host", "name"], value: "host" }] : []),
    ...(loaded?.spec.root?.encryption === undefined ? [{ path: ["root", "encryption"], value: "none" }] : []),
    { path: ["users"], value: [{ name: "root", "ssh-keys": [STAND_IN_KEY] }] },
  ];
  const { plan, error } = await judge({ ...draft, text: setValues(draft.text, standIns) }, inventory, circumstances);
  if (plan === null) {
    // Something else is still open: the picture has to wait, the disk is not to blame.
    const about = error !== null && /^(disk|esp|pool)-/.test(error.code);
    return { ...nothing, refused: about ? [error.message, ...error.evidence].join("\n") : null };
  }
  const step = plan.steps.find(({ data }) => data.kind === "partition");
  const after = step?.data.kind === "partition" ? step.data.partitions : [];
  return { ...nothing, after, refused: null };
}

/** A well-formed key that belongs to nobody: 32 zero bytes. */
const STAND_IN_KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from("ssh-ed25519"),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32),
]).toString("base64")}`;
