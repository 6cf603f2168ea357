// Refuses a machine that is not like its template, with every difference: what the template says, and what the machine has.
import { ActionableError, EXIT } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { type Check, inWords, scoreOf } from "./check.ts";
import type { LoadedTemplate } from "./load-template.ts";
import { verifyTemplate } from "./verify.ts";

/**
 * The checks, when none of them differs. What the machine does not tell is no difference.
 * @throws ActionableError `hardware-differs` (exit 8)
 */
export function requireHardware(loaded: LoadedTemplate, inventory: Inventory): Check[] {
  const checks = verifyTemplate(loaded.template, inventory);
  const { points, of, differs } = scoreOf(checks);
  if (differs.length === 0) return checks;
  const { host, template } = loaded.template;
  const name = host === undefined ? `the template ${template}` : `the host file of ${host}`;
  const amount = differs.length === 1 ? "in one thing" : `in ${differs.length} things`;
  throw new ActionableError({
    code: "hardware-differs",
    exit: EXIT.hardwareDiffers,
    message: `This machine differs from ${name} ${amount} (${points}/${of}); nothing was written.`,
    evidence: differs.map((check) => `${loaded.place(check.path)}: ${inWords(check)}`),
    hint: "Put the machine right, name another template (`multiverse profile host` scores them all), or correct the file.",
  });
}
