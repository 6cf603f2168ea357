// `multiverse profile host`: which template a machine is like, whether it is, and the host file that the template becomes on it.
import { basename } from "node:path";
import { ActionableError, EXIT } from "../../core/errors.ts";
import { inWords, scoreOf } from "../../core/hardware/check.ts";
import { chooseTemplate, type Scored, scoreInWords, scoreTemplates } from "../../core/hardware/choose.ts";
import { hostFileAsYaml, makeHostFile } from "../../core/hardware/host-file.ts";
import { type LoadedTemplate, loadTemplate, loadTemplates } from "../../core/hardware/load-template.ts";
import { requireHardware } from "../../core/hardware/require-hardware.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import { hostName } from "../../core/spec/names.ts";
import type { Context } from "../verb.ts";
import { writeNew } from "../write-new.ts";

export interface HostRequest {
  template: string | undefined;
  output: string | undefined;
  /** The host's name, where the file's name does not say it. */
  name: string | undefined;
  format: string;
}

export async function profileHost(
  inventory: Inventory,
  request: HostRequest,
  { out, say }: Pick<Context, "out" | "say">,
): Promise<void> {
  if (request.template === undefined) {
    if (request.output !== undefined)
      throw new ActionableError({
        code: "usage",
        exit: EXIT.usage,
        message: "A host file is made from a template, and none is named.",
        hint: "--template auto, or --template NAME",
      });
    out(await scores(inventory, request.format));
    return;
  }
  const loaded = await templateOf(request.template, inventory, say);
  const checks = requireHardware(loaded, inventory);
  const { points, of, unknown } = scoreOf(checks);
  say(`${loaded.template.template}: ${points}/${of}\n`);
  for (const check of unknown) say(`  ${inWords(check)}\n`);
  const host = nameOf(request, loaded, inventory);
  const file = makeHostFile(inventory, { host, template: loaded.template });
  const text = request.format === "json" ? `${JSON.stringify(file, null, 2)}\n` : hostFileAsYaml(file);
  if (request.output === undefined) out(text);
  else {
    const hint = `Choose another name; \`multiverse profile host --template ${request.output}\` holds this machine against the old one.`;
    await writeNew(request.output, text, { hint });
    say(`written to ${request.output}\n`);
  }
}

async function scores(inventory: Inventory, format: string): Promise<string> {
  const scored = scoreTemplates(await loadTemplates(), inventory);
  const choice = chooseTemplate(scored);
  const chosen = "chosen" in choice ? choice.chosen : null;
  if (format === "json") {
    const list = scored.map(({ template, points, of, differs, unknown, may }) => ({
      ...{ template: template.template.template, points, of, may },
      ...{ differs: differs.map(inWords), unknown: unknown.map(inWords) },
    }));
    return `${JSON.stringify({ auto: chosen?.template.template.template ?? null, templates: list }, null, 2)}\n`;
  }
  const verdict =
    chosen === null ? `${"why" in choice ? choice.why : ""} Name one with --template.` : `This is ${nameIn(chosen)}.`;
  return `${[...scored.map(scoreInWords), "", verdict].join("\n")}\n`;
}

const nameIn = ({ template: { template } }: Scored) =>
  template.title === undefined ? template.template : `${template.template} (${template.title})`;

async function templateOf(name: string, inventory: Inventory, say: (text: string) => void): Promise<LoadedTemplate> {
  if (name !== "auto") return await loadTemplate(name);
  const scored = scoreTemplates(await loadTemplates(), inventory);
  const choice = chooseTemplate(scored);
  if ("chosen" in choice) {
    say(`auto: ${nameIn(choice.chosen)}\n`);
    return choice.chosen.template;
  }
  throw new ActionableError({
    code: "no-clear-template",
    exit: EXIT.refused,
    message: `No template is clearly the one for this machine. ${choice.why}`,
    evidence: scored.map(scoreInWords),
    hint: "Name one with --template NAME, or write one: docs/hardware-templates.md.",
  });
}

/** Said, or the file's own name, or what the template's host is, or what this machine is called. */
function nameOf({ name, output }: HostRequest, loaded: LoadedTemplate, inventory: Inventory): string {
  const file = output === undefined ? "" : basename(output).replace(/\.ya?ml$/, "");
  const here = inventory.hardware.kernel?.hostname ?? "";
  if (name !== undefined) {
    const checked = hostName.safeParse(name);
    if (checked.success) return name;
    throw new ActionableError({
      code: "usage",
      exit: EXIT.usage,
      message: `--name ${checked.error.issues[0]?.message ?? "is no host name"}.`,
      hint: "Such as --name jupiter.example.net.",
    });
  }
  const found = [file.includes(".") ? file : "", loaded.template.host ?? "", file, here].find(
    (one) => one !== "" && one !== "multiverse-rescue" && hostName.safeParse(one).success,
  );
  if (found !== undefined) return found;
  throw new ActionableError({
    code: "usage",
    exit: EXIT.usage,
    message: "The host's name is not known, and a host file needs one.",
    hint: "Give it with --name, or name the file after it: --output jupiter.example.net.yml.",
  });
}
