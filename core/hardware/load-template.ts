// Reads a hardware template or a host file: by its name from the program's own, or by its path.
import { readdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { ActionableError, EXIT } from "../errors.ts";
import { packageHome } from "../package-home.ts";
import type { Path } from "../spec/path.ts";
import type { ReadBytes } from "../spec/read-file.ts";
import { decodeText, readRegularFile } from "../spec/read-file.ts";
import { nearest } from "../spec/suggest.ts";
import { type Problem, validateData } from "../spec/validate.ts";
import { findPlace, invalidYaml, parseYaml, type SourceFile, showPlace } from "../spec/yaml.ts";
import { type HardwareTemplate, templateSchema } from "./schema.ts";

export interface LoadedTemplate {
  template: HardwareTemplate;
  source: SourceFile;
  /** Where a value stands: "profiles/hardware/pc.yml:3:5". */
  place(path: Path): string;
}

/** A path rather than a name: it has a slash or ends like a file. */
export function isTemplatePath(name: string): boolean {
  return name.includes("/") || /\.ya?ml$/.test(name);
}

const folder = () => join(packageHome(), "profiles/hardware");

/**
 * `name` is that of a template, or the path of a file, relative to the file `from` that names it.
 * @throws ActionableError `no-such-template` (exit 2), and what reading and checking a file throws
 */
export async function loadTemplate(
  name: string,
  { from, readBytes = readRegularFile }: { from?: string; readBytes?: ReadBytes } = {},
): Promise<LoadedTemplate> {
  if (isTemplatePath(name)) {
    const path = from === undefined || isAbsolute(name) ? name : join(dirname(from), name);
    return parseTemplate(path, decodeText(path, await readBytes(path)));
  }
  const names = await templateNames();
  if (!names.includes(name)) throw noSuchTemplate(name, names);
  const path = join(folder(), `${name}.yml`);
  return parseTemplate(path, decodeText(path, await readRegularFile(path)));
}

/** The program's own templates. */
export async function loadTemplates(): Promise<LoadedTemplate[]> {
  return await Promise.all((await templateNames()).map((name) => loadTemplate(name)));
}

/** Their names, sorted. */
export async function templateNames(): Promise<string[]> {
  const files = await readdir(folder());
  return files
    .filter((file) => file.endsWith(".yml"))
    .map((file) => basename(file, ".yml"))
    .sort();
}

/** @throws ActionableError `invalid-yaml`, `invalid-template` (exit 2) */
export function parseTemplate(name: string, text: string): LoadedTemplate {
  const source = parseYaml(name, text);
  if (typeof source.data !== "object" || source.data === null || Array.isArray(source.data))
    throw invalidYaml([`${name}:1:1: a template is a map of keys and values`]);
  const place = (path: Path, key = false) => showPlace(findPlace(source, path, key).place);
  const { data, problems } = validateData(templateSchema, source.data, "a template");
  if (problems.length > 0) throw invalidTemplate(problems, place);
  return { template: data, source, place };
}

function invalidTemplate(problems: readonly Problem[], place: (path: Path, key: boolean) => string): ActionableError {
  return new ActionableError({
    code: "invalid-template",
    exit: EXIT.usage,
    message:
      problems.length === 1 ? "The template is not valid." : `The template is not valid: ${problems.length} problems.`,
    evidence: problems.map((problem) => `${place(problem.path, problem.aboutKey)}: ${problem.message}`),
    hint: "Correct the file at the places named. docs/hardware-templates.md explains every key.",
  });
}

function noSuchTemplate(name: string, names: readonly string[]): ActionableError {
  const guess = nearest(name, names);
  return new ActionableError({
    code: "no-such-template",
    exit: EXIT.usage,
    message: `There is no hardware template \`${name}\`${guess === undefined ? "." : `; did you mean \`${guess}\`?`}`,
    evidence: [`there are: ${names.join(", ")}`],
    hint: "Name one of these, or a file by its path, such as ./jupiter.example.net.yml.",
  });
}
