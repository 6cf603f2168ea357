// {ref: "other.yml#/path"}: another file's value in this place. Cycles and dangling references name both ends.
import { dirname, isAbsolute, join } from "node:path";
import { ActionableError, EXIT } from "../errors.ts";
import { isMap, type Path, pathKey, showPath, valueAt } from "./path.ts";
import { findPlace, type SourceFile, showPlace } from "./yaml.ts";

/** Enough for any real set of files, and an end to references that multiply. */
const MAX_REFS = 1000;

/** Gives a file that is named by a reference; called once or more for each name. */
export type ReadSource = (name: string) => Promise<SourceFile>;

interface Visit {
  file: SourceFile;
  path: Path;
}

/** The file's data with every reference replaced by what it points to; `file.refs` remembers where those came from. */
export async function resolveRefs(file: SourceFile, read: ReadSource): Promise<unknown> {
  let count = 0;

  async function walk(value: unknown, at: Visit, open: readonly Visit[]): Promise<unknown> {
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const [index, item] of value.entries()) items.push(await walk(item, inside(at, index), open));
      return items;
    }
    if (!isMap(value)) return value;
    if (isRef(value)) return await follow(value.ref, at, open);
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) entries.push([key, await walk(item, inside(at, key), open)]);
    return Object.fromEntries(entries);
  }

  async function follow(ref: unknown, at: Visit, open: readonly Visit[]): Promise<unknown> {
    const from = showPlace(findPlace(at.file, at.path).place);
    if (typeof ref !== "string") throw badReference(from, 'a reference must be text such as "other.yml#/host/name"');
    count += 1;
    if (count > MAX_REFS) throw badReference(from, `more than ${MAX_REFS} references`);
    const { name, path } = parseRef(ref, at.file.name, from);
    const target = { file: name === at.file.name ? at.file : await read(name), path };
    const end = showPlace(findPlace(target.file, path).place);
    if (open.some((earlier) => earlier.file.name === target.file.name && pathKey(earlier.path) === pathKey(path))) {
      throw badReference(
        from,
        `the reference goes in a circle: it leads to ${showPath(path)} at ${end}, which leads back here`,
      );
    }
    const onTheWay = path.findIndex((_, depth) => isRef(valueAt(target.file.data, path.slice(0, depth))));
    at.file.refs.set(pathKey(at.path), target);
    if (onTheWay >= 0) {
      // The path itself leads through a reference: what that one stands for has the rest.
      const way = { file: target.file, path: path.slice(0, onTheWay) };
      const through = valueAt(
        await walk(valueAt(target.file.data, way.path), way, [...open, target]),
        path.slice(onTheWay),
      );
      if (through === undefined)
        throw badReference(from, `there is no ${showPath(path)} in ${name} (looked from ${end})`);
      return through;
    }
    const value = valueAt(target.file.data, path);
    if (value === undefined) throw badReference(from, `there is no ${showPath(path)} in ${name} (looked from ${end})`);
    return await walk(value, target, [...open, target]);
  }

  return await walk(file.data, { file, path: [] }, [{ file, path: [] }]);
}

function isRef(value: unknown): value is { ref: unknown } {
  return isMap(value) && Object.keys(value).length === 1 && Object.hasOwn(value, "ref");
}

function inside(at: Visit, part: string | number): Visit {
  return { file: at.file, path: [...at.path, part] };
}

/** A file name, relative to the file it stands in, and a JSON pointer (RFC 6901). */
function parseRef(ref: string, base: string, from: string): { name: string; path: Path } {
  const hash = ref.indexOf("#");
  const file = hash < 0 ? ref : ref.slice(0, hash);
  const pointer = hash < 0 ? "" : ref.slice(hash + 1);
  if (ref === "" || /[\u0000-\u001f]/.test(ref) || (pointer !== "" && !pointer.startsWith("/"))) {
    throw badReference(from, 'a reference must look like "other.yml#/host/name"');
  }
  const name = file === "" ? base : isAbsolute(file) ? file : join(dirname(base), file);
  const parts = pointer === "" || pointer === "/" ? [] : pointer.slice(1).split("/");
  return { name, path: parts.map((part) => toKey(part.replaceAll("~1", "/").replaceAll("~0", "~"))) };
}

function toKey(part: string): string | number {
  return /^(0|[1-9][0-9]{0,5})$/.test(part) ? Number(part) : part;
}

function badReference(from: string, message: string): ActionableError {
  return new ActionableError({
    code: "bad-reference",
    exit: EXIT.usage,
    message: "A reference to another place cannot be followed.",
    evidence: [`${from}: ${message}`],
    hint: "Correct the {ref: …} at the place named.",
  });
}
