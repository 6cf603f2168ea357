// Sorts the bare words of a command line that names a spec: files, key=value, the older words, and `config`.
import { ActionableError, EXIT } from "../errors.ts";
import { badWord, isKeyValue, readKeyValue, shownWord } from "./key-value.ts";
import { type FromOlderWords, OLDER_KEYS, type OlderKey, readOlderWords } from "./older-words/older-words.ts";
import { specSchema } from "./schema.ts";
import { keysAt } from "./schema-at.ts";
import type { SpecWord } from "./spec-word.ts";
import { nearest } from "./suggest.ts";

/** What a spec is made from. */
export interface SpecWords {
  files: string[];
  words: SpecWord[];
  /** Only print the spec that these words make. */
  config: boolean;
  /** Part of the words is for what is not there yet; whoever does more than print the spec refuses with it. */
  notYet: ActionableError | null;
  notes: string[];
}

/** The words of other verbs of the older grammar. */
const OTHER_VERBS: Readonly<Record<string, string>> = { build: "deploy", bootpart: "update" };

/**
 * The words of `multiverse VERB [FILE…] [key=value…]` in any order. A file with a = in its name, or called config, is
 * written with its folder: ./a=b.yml.
 * @throws ActionableError `usage` (exit 2), `not-yet` (exit 4)
 */
export function sortWords(bare: readonly string[]): SpecWords {
  const files: string[] = [];
  const words: SpecWord[] = [];
  const older: Partial<Record<OlderKey, string>> = {};
  let config = false;
  for (const word of bare) {
    if (!isKeyValue(word)) {
      if (/^config$/i.test(word)) config = true;
      else files.push(word);
      continue;
    }
    const key = word.slice(0, word.indexOf("=")).toLowerCase();
    const olderKey = OLDER_KEYS.find((one) => one === key);
    if (olderKey !== undefined) {
      if (older[olderKey] !== undefined) throw badWord(shownWord(word), "is given twice", "Give it once.");
      older[olderKey] = word.slice(key.length + 1);
    } else words.push(checked(key, word));
  }
  const from: FromOlderWords = readOlderWords(older);
  const all = [...from.words, ...words];
  refuseTwice(all);
  return { files: [...from.files, ...files], words: all, config, notYet: from.notYet, notes: from.notes };
}

function checked(key: string, word: string): SpecWord {
  const verb = Object.hasOwn(OTHER_VERBS, key) ? OTHER_VERBS[key] : undefined;
  if (verb !== undefined)
    throw new ActionableError({
      code: "not-yet",
      exit: EXIT.refused,
      message: `${shownWord(word)} belongs to \`multiverse ${verb}\`, which is not supported yet.`,
      hint: `multiverse ${verb} says what to use instead.`,
    });
  const found = readKeyValue(word);
  const [first = ""] = found.path;
  const keys = keysAt(specSchema, []);
  if (keys.includes(String(first))) return found;
  const guess = nearest(String(first), [...OLDER_KEYS, ...keys]);
  const meant = guess === undefined ? "" : `Did you mean ${[guess, ...key.split(".").slice(1)].join(".")}=…? `;
  const where = "docs/writing-a-spec.md lists the keys; a file whose name has a = in it is written ./NAME.";
  throw badWord(shownWord(word), "sets no key of a spec", `${meant}${where}`);
}

/** Two words for one value, or one for a part of what another gives whole. */
function refuseTwice(words: readonly SpecWord[]): void {
  for (const [at, word] of words.entries()) {
    const other = words
      .slice(0, at)
      .find(
        ({ path }) =>
          path.every((part, depth) => part === word.path[depth]) ||
          word.path.every((part, depth) => part === path[depth]),
      );
    if (other === undefined) continue;
    if (other.name === word.name) throw badWord(word.name, "is given twice", "Give it once.");
    throw badWord(`${other.name} and ${word.name}`, "are about one value", "Leave one of them out.");
  }
}
