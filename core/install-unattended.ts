// The install that a stick does by itself: goes on where a power cut stopped it, and never installs the same disk twice.
import { ActionableError, EXIT } from "./errors.ts";
import { Journal } from "./execute/journal.ts";
import { journalPlace } from "./execute/journal-place.ts";
import { requireRoot } from "./execute/preflight.ts";
import { type InstallRequest, install, planFor, sameTargets } from "./install.ts";
import type { Plan } from "./plan/step.ts";
import { specOfMedium } from "./spec/find-on-medium.ts";

export type UnattendedRequest = Omit<InstallRequest, "files" | "resume" | "restart">;

/**
 * Installs the spec of the medium that the machine booted from. Throws `already-installed` where this stick has
 * installed the same host on the same disk before: a stick left in its port must not erase at every start.
 */
export async function installUnattended(request: UnattendedRequest): Promise<Plan> {
  requireRoot();
  const file = await specOfMedium(request.run, request.signal);
  const journals = Journal.all(journalPlace().path);
  if (journals.some(({ finished }) => !finished)) return install({ ...request, files: [file], resume: true });
  const { plan } = await planFor({ files: [file], run: request.run });
  const before = journals.find((journal) => journal.plan.host === plan.host && sameTargets(journal.plan, plan));
  if (before !== undefined) {
    throw new ActionableError({
      code: "already-installed",
      exit: EXIT.refused,
      message: `This stick has installed ${plan.host} on ${[...plan.erases, ...(plan.changes ?? [])].map(({ id }) => id).join(", ")} already.`,
      evidence: [before.directory],
      hint: `Pull the stick and restart. To install anew: multiverse install ${file}`,
    });
  }
  return install({ ...request, files: [file] });
}
