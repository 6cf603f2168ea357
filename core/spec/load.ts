// Reads the files of a spec: the only place of core/spec that touches the disk.
import { open } from "node:fs/promises";
import { ActionableError, EXIT } from "../errors.ts";
import { merge } from "./merge.ts";
import { type Path, showPath } from "./path.ts";
import { type ReadSource, resolveRefs } from "./refs.ts";
import type { Spec } from "./schema.ts";
import { type SpecWord, withWords, wordAt } from "./spec-word.ts";
import { type Ask, type Problem, validateSpec } from "./validate.ts";
import {
  findPlace,
  invalidYaml,
  MAX_BYTES,
  type Place,
  parseYaml,
  type SourceFile,
  showPlace,
  wordPlace,
} from "./yaml.ts";

/** A spec that is valid as far as it goes; what it leaves open are questions. */
export interface LoadedSpec {
  spec: Spec;
  /** Values that the spec wants to be asked for. */
  asks: Ask[];
  files: string[];
  /** Files and words merged as they are, {ask: …} among it: what is written where a spec is printed again. */
  data: unknown;
  /** Where a value stands: "a.yml:3:5", or "host.name=…" where a word of the command line gave it. */
  place(path: Path): string;
}

/** Gives a file's bytes; the default reads the disk. Tests and the medium pass others. */
export type ReadBytes = (name: string) => Promise<Uint8Array>;

/**
 * Reads, merges and checks the files of one spec; later files win, and words over all of them.
 * @throws ActionableError `cannot-read`, `invalid-yaml`, `bad-reference`, `invalid-spec` (exit 2) or `not-yet` (exit 4)
 */
export async function loadSpec(
  files: readonly string[],
  readBytes: ReadBytes = readRegularFile,
  words: readonly SpecWord[] = [],
): Promise<LoadedSpec> {
  const parsed = new Map<string, Promise<SourceFile>>();
  const read: ReadSource = (name) => {
    const known = parsed.get(name) ?? readBytes(name).then((bytes) => parseYaml(name, decode(name, bytes)));
    parsed.set(name, known);
    return known;
  };
  const sources = files.length === 0 && words.length > 0 ? [] : await readAll(files, read);
  let data: unknown = sources.length === 0 ? { version: 1 } : {};
  for (const source of sources) data = merge(data, await mapOf(source, read));
  const at = (path: Path, key = false) => placeOf(sources, words, path, key);
  data = withWords(data, words);
  const { spec, asks, problems } = validateSpec(data);
  refuse(problems, at);
  return { spec, asks, files: [...files], data, place: (path) => showPlace(at(path)) };
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

/** The deepest place that any file or word has; of equals the last one's, because that is the one that won. */
function placeOf(sources: readonly SourceFile[], words: readonly SpecWord[], path: Path, key: boolean): Place {
  const found = sources.map((source) => findPlace(source, path, key));
  const word = wordAt(words, path);
  if (word !== null) found.push({ place: wordPlace(word.name), depth: word.depth });
  // Nowhere, and there is no file that it is missing from.
  if (found.length === 0) return wordPlace("the command line");
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

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw invalidYaml([`${name}:1:1: the file is not UTF-8 text`]);
  }
}

/** At most one byte more than is allowed is read, so that a device or a huge file does no harm. */
export async function readRegularFile(name: string): Promise<Uint8Array> {
  try {
    const file = await open(name, "r");
    try {
      const about = await file.stat();
      if (about.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
      const buffer = Buffer.alloc(MAX_BYTES + 1);
      let filled = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, null);
        filled += bytesRead;
        if (bytesRead === 0 || filled === buffer.length) return buffer.subarray(0, filled);
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cannotRead(name, cause);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read",
  EISDIR: "it is a folder",
  ELOOP: "its links go in a circle",
};

function cannotRead(name: string, cause: unknown): ActionableError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return new ActionableError({
    code: "cannot-read",
    exit: EXIT.usage,
    message: `${name} cannot be read: ${REASONS[code] ?? code}.`,
    hint: "Check the name of the file.",
    cause,
  });
}
