// How a disk would look, before everything is answered: a plan with stand-ins, of which only the partitions are looked at.
import { type Circumstances, planDraft } from "../../core/install.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import { type Answer, setValues } from "../../core/spec/answers.ts";
import type { DiskPreview, Draft } from "../wizard/model.ts";

export async function previewDisk(
  draft: Draft,
  inventory: Inventory,
  { disk, among }: { disk: string; among: readonly string[] },
  circumstances: Circumstances,
): Promise<Omit<DiskPreview, "health">> {
  const sectorSize = inventory.disks.find(({ id }) => id === disk)?.sector ?? 512;
  const nothing = { id: disk, among, sectorSize, after: [] };
  const { loaded } = await planDraft(draft, inventory, circumstances);
  const name = loaded?.spec.root?.on ?? "system";
  const standIns: Answer[] = [
    { path: ["disks", name], value: among.length === 1 ? disk : [...among] },
    ...(loaded?.spec.host?.name === undefined ? [{ path: ["host", "name"], value: "host" }] : []),
    ...(loaded?.spec.root?.encryption === undefined ? [{ path: ["root", "encryption"], value: "none" }] : []),
    { path: ["users"], value: [{ name: "root", "ssh-keys": [STAND_IN_KEY] }] },
  ];
  const text = setValues(draft.text, standIns);
  const { plan, error } = await planDraft({ ...draft, text }, inventory, circumstances);
  if (plan === null) {
    // Something else is still open: the picture has to wait, the disk is not to blame.
    const about = error !== null && /^(disk|esp|pool)-/.test(error.code);
    return { ...nothing, refused: about ? [error.message, ...error.evidence].join("\n") : null };
  }
  const step = plan.steps.find(({ data }) => data.kind === "partition" && data.target.id === disk);
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
