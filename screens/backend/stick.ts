// Files for the person to take away, on the stick's writable partition.
import { existsSync, renameSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ActionableError, EXIT } from "../../core/errors.ts";
import { writeDurably } from "../../core/execute/journal.ts";
import { journalPlace, STATE } from "../../core/execute/journal-place.ts";
import { renderPlan } from "../../core/install.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Draft } from "../wizard/model.ts";

/** Writes and gives the file's path; a file of that name that is there already is kept beside it, with `.old`. */
export function saveToStick(what: "spec" | "plan" | "script", draft: Draft, plan: Plan | null): string {
  if (what === "spec") return keep("multiverse.yml", draft.text);
  if (plan === null) throw new Error("there is no plan to save");
  return what === "plan"
    ? keep("multiverse-plan.txt", renderPlan(plan, "text"))
    : keep("multiverse-install.sh", renderPlan(plan, "sh"));
}

function keep(name: string, text: string): string {
  const place = journalPlace();
  if (!place.durable) {
    throw new ActionableError({
      code: "no-stick",
      exit: EXIT.refused,
      message: "There is no writable partition of the stick to save to.",
      hint: "Start from the USB image, which has a partition MULTIVERSE.",
    });
  }
  const path = join(place.path, name);
  if (existsSync(path)) renameSync(path, `${path}.old`);
  writeDurably(path, text);
  return path;
}

/** The first key in the stick's `admin.pub`; null where there is no such file, or no key in it. */
export async function readAdminKey(folder = STATE): Promise<string | null> {
  const text = await readFile(join(folder, "admin.pub"), "utf8").catch(() => "");
  const line = text.split("\n").find((each) => /^(ssh|ecdsa|sk)-\S+ \S+/.test(each.trim()));
  return line?.trim() ?? null;
}
