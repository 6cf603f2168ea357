// The program's version: put in when it is bundled, else read from package.json.
import { readFileSync } from "node:fs";

declare const __MULTIVERSE_VERSION__: string | undefined;

export function version(): string {
  if (typeof __MULTIVERSE_VERSION__ === "string") return __MULTIVERSE_VERSION__;
  const about: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof about === "object" && about !== null && "version" in about ? String(about.version) : "unknown";
}
