// A selector that somebody typed, as YAML on one line: checked by the same schema as in a spec.
import { ActionableError, EXIT } from "../errors.ts";
import type { Match } from "./schema-match.ts";
import { validateSpec } from "./validate.ts";
import { parseYaml } from "./yaml.ts";

/**
 * "{bus: nvme, size: '>= 400 GB'}"; the outer braces may be left out.
 * @throws ActionableError `invalid-yaml` or `invalid-selector` (exit 2)
 */
export function parseSelector(text: string): Match {
  const { data } = parseYaml("--match", text.trimStart().startsWith("{") ? text : `{${text}}`);
  const { spec, asks, problems } = validateSpec({ version: 1, disks: { system: { match: data } } });
  const stated = spec.disks?.system;
  if (problems.length > 0 || asks.length > 0) {
    throw new ActionableError({
      code: "invalid-selector",
      exit: EXIT.usage,
      message: "The selector is not valid.",
      evidence: [
        text,
        ...problems.map(({ message }) => message.replaceAll("disks.system.match", "match")),
        ...(asks.length === 0 ? [] : ["{ask: …} stands in specs only"]),
      ],
      hint: `Write it as in a spec, in quotes for the shell: 'bus: nvme, size: ">= 400 GB"'. docs/writing-a-spec.md has all keys.`,
    });
  }
  if (typeof stated !== "object" || Array.isArray(stated) || stated.match === undefined || Array.isArray(stated.match))
    throw new Error("a valid selector was not a map");
  return stated.match;
}
