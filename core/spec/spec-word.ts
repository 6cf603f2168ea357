// Values that words of the command line give a spec: put in their places when the files are merged, and named in errors.
import { ActionableError, EXIT } from "../errors.ts";
import { isMap, type Path, showPath } from "./path.ts";

export interface SpecWord {
  /** As errors and comments name it: "host.name=…". Never with its value, which may be what must not be repeated. */
  name: string;
  path: Path;
  value: unknown;
}

/** The data with every word's value in its place; maps on the way are made, as a later file would make them. */
export function withWords(data: unknown, words: readonly SpecWord[]): unknown {
  return words.reduce((before, word) => setIn(before, word.path, word), data);
}

function setIn(data: unknown, path: Path, word: SpecWord): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return word.value;
  if (typeof part === "number") {
    if (data !== undefined && !Array.isArray(data)) throw noSuchPlace(word, "there is no list");
    const list: unknown[] = [...(data ?? [])];
    if (part > list.length)
      throw noSuchPlace(word, `the list there has ${list.length} entries; the next is [${list.length}]`);
    list[part] = setIn(list[part], rest, word);
    return list;
  }
  if (Array.isArray(data)) throw noSuchPlace(word, "a list is there, and its entries are [0], [1] and so on");
  const map = isMap(data) ? data : {};
  // fromEntries defines properties: a key called __proto__ stays a key.
  const own = Object.hasOwn(map, part) ? map[part] : undefined;
  return Object.fromEntries([...Object.entries(map).filter(([key]) => key !== part), [part, setIn(own, rest, word)]]);
}

/** The last word that gives the value at a path, or a value within it; `depth` is how much of the path it knows. */
export function wordAt(words: readonly SpecWord[], path: Path): { name: string; depth: number } | null {
  const known = words.map(({ name, path: own }) => {
    const shared = own.findIndex((part, at) => part !== path[at]);
    return { name, depth: shared < 0 ? path.length : shared === path.length ? shared : -1 };
  });
  return known.findLast(({ depth }) => depth > 0) ?? null;
}

function noSuchPlace({ name, path }: SpecWord, why: string): ActionableError {
  return new ActionableError({
    code: "usage",
    exit: EXIT.usage,
    message: `${name} cannot be put in its place: ${why}.`,
    evidence: [`the place is \`${showPath(path)}\``],
    hint: "Give the whole list as key=[…], or name an entry that is there.",
  });
}
