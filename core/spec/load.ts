// Reads the files of a spec, and the hardware template that it names; merges and checks them.
import { ActionableError, EXIT } from "../errors.ts";
import { type LoadedTemplate, loadTemplate } from "../hardware/load-template.ts";
import { merge } from "./merge.ts";
import { isMap, type Path, showPath, valueAt } from "./path.ts";
import { decodeText, type ReadBytes, readRegularFile } from "./read-file.ts";
import { type ReadSource, resolveRefs } from "./refs.ts";
import { type Spec, TEMPLATE_NAME } from "./schema.ts";
import { type Ask, type Problem, validateSpec } from "./validate.ts";
import { findPlace, invalidYaml, type Place, parseYaml, type SourceFile, showPlace } from "./yaml.ts";

/** A spec that is valid as far as it goes; what it leaves open are questions. */
export interface LoadedSpec {
  spec: Spec;
  /** Values that the spec wants to be asked for. */
  asks: Ask[];
  files: string[];
  /** The template or host file that `hardware:` names: resolve holds the machine against it. */
  hardware: LoadedTemplate | null;
  /** What the template filled in, as `boot.consoles`. */
  filled: ReadonlySet<string>;
  /** Where a value stands: "a.yml:3:5". */
  place(path: Path): string;
}

/**
 * Reads, merges and checks the files of one spec; later files win.
 * @throws ActionableError `cannot-read`, `invalid-yaml`, `bad-reference`, `invalid-spec` (exit 2) or `not-yet` (exit 4)
 */
export async function loadSpec(files: readonly string[], readBytes: ReadBytes = readRegularFile): Promise<LoadedSpec> {
  const parsed = new Map<string, Promise<SourceFile>>();
  const read: ReadSource = (name) => {
    const known = parsed.get(name) ?? readBytes(name).then((bytes) => parseYaml(name, decodeText(name, bytes)));
    parsed.set(name, known);
    return known;
  };
  const sources = await readAll(files, read);
  let stated: unknown = {};
  for (const source of sources) stated = merge(stated, await mapOf(source, read));
  const hardware = await templateOf(stated, sources, readBytes);
  const filling = hardware?.template.spec ?? {};
  const looked: Looked[] = sources.map((source) => ({ source, below: [] }));
  // Of equal places the last one counts, and what the spec itself says wins.
  if (hardware !== null) looked.unshift({ source: hardware.source, below: ["spec"] });
  const place = (path: Path, key = false) => showPlace(placeOf(looked, path, key));
  const { spec, asks, problems } = validateSpec(merge(filling, stated));
  refuse(problems, (path, key) => placeOf(looked, path, key));
  const filled = new Set(
    leaves(filling, [])
      .filter((path) => valueAt(stated, path) === undefined)
      .map(showPath),
  );
  return { spec, asks, files: [...files], hardware, filled, place };
}

/** The template that a spec names. A name that is none is left to the schema, which says so with its place. */
async function templateOf(
  stated: unknown,
  sources: readonly SourceFile[],
  readBytes: ReadBytes,
): Promise<LoadedTemplate | null> {
  const name = valueAt(stated, ["hardware"]);
  if (typeof name !== "string" || !TEMPLATE_NAME.test(name)) return null;
  const from = placeOf(
    sources.map((source) => ({ source, below: [] })),
    ["hardware"],
    false,
  );
  return await loadTemplate(name, { from: from.file, readBytes });
}

/** The path of each value that is not a map. */
function leaves(value: unknown, path: Path): Path[] {
  if (!isMap(value)) return value === undefined ? [] : [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
}

/** All files' own problems in one error rather than one after the other. */
async function readAll(files: readonly string[], read: ReadSource): Promise<SourceFile[]> {
  if (files.length === 0) {
    throw new ActionableError({
      code: "no-file",
      exit: EXIT.usage,
      message: "No spec was named.",
      hint: "Name a YAML file: see `multiverse help`.",
    });
  }
  const results = await Promise.allSettled(files.map(read));
  const failed = results.filter((result) => result.status === "rejected").map((result): unknown => result.reason);
  const yaml = failed.filter(
    (error): error is ActionableError => error instanceof ActionableError && error.code === "invalid-yaml",
  );
  if (failed.length > yaml.length || failed.length === 1)
    throw failed.find((error) => !yaml.includes(error as ActionableError)) ?? failed[0];
  if (yaml.length > 1) throw invalidYaml(yaml.flatMap((error) => error.evidence));
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function mapOf(source: SourceFile, read: ReadSource): Promise<unknown> {
  if (source.data === null || source.data === undefined) return {};
  if (typeof source.data !== "object" || Array.isArray(source.data)) {
    throw invalidYaml([`${source.name}:1:1: a spec is a map of keys and values`]);
  }
  return await resolveRefs(source, read);
}

/** A file, and where in it the values of the spec stand. */
interface Looked {
  source: SourceFile;
  below: Path;
}

/** The deepest place that any file has; of equals the last file's, because that is the one that won. */
function placeOf(looked: readonly Looked[], path: Path, key: boolean) {
  const found = looked.map(({ source, below }) => {
    const { place, depth } = findPlace(source, [...below, ...path], key);
    return { place, depth: depth - below.length };
  });
  const depth = Math.max(...found.map((one) => one.depth));
  const last = found.findLast((one) => one.depth === depth);
  if (last === undefined) throw new Error(`no file for ${showPath(path)}`);
  return last.place;
}

function refuse(problems: readonly Problem[], place: (path: Path, key: boolean) => Place): void {
  if (problems.length === 0) return;
  const lines = (kind: Problem["kind"]) =>
    problems
      .filter((problem) => problem.kind === kind)
      .map((problem) => ({ problem, at: place(problem.path, problem.aboutKey) }))
      .sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
      .map(({ problem, at }) => `${showPlace(at)}: ${problem.message}`);
  const invalid = lines("invalid");
  const later = lines("not-yet");
  if (invalid.length === 0) {
    throw new ActionableError({
      code: "not-yet",
      exit: EXIT.refused,
      message: "The spec wants what is not supported yet.",
      evidence: later,
      hint: "Take these out; they are never ignored. docs/writing-a-spec.md lists what works.",
    });
  }
  throw new ActionableError({
    code: "invalid-spec",
    exit: EXIT.usage,
    message: invalid.length === 1 ? "The spec is not valid." : `The spec is not valid: ${invalid.length} problems.`,
    evidence: [...invalid, ...later],
    hint: "Correct the file at the places named. docs/writing-a-spec.md explains every key.",
  });
}
