// A selector as a person would write it on one line of YAML.
import type { Match } from "./schema-match.ts";

/** `{bus: nvme, size: ">= 400 GB"}` */
export function showMatch(match: Match): string {
  return show(match);
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => `${name}: ${show(item)}`)
      .join(", ")}}`;
  return typeof value === "string" && !PLAIN.test(value) ? JSON.stringify(value) : String(value);
}

/** What every YAML takes for text without quotes; yes and no are not. */
const PLAIN = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z_./-]*$/i;
