// What the verbs that read a spec have in common: files, key=value and the older words in any order.
import { type SpecWords, sortWords } from "../core/spec/bare-words.ts";
import { OLDER_KEYS } from "../core/spec/older-words/older-words.ts";
import { specKeys } from "../core/spec/spec-keys.ts";
import { usage } from "./parse-arguments.ts";
import type { Verb } from "./verb.ts";

export const OLDER: readonly string[] = OLDER_KEYS.map((key) => `${key}=`);
export const SPEC_KEYS: readonly string[] = specKeys().map((key) => `${key}=`);

/** Lines for the verbs' help. */
export const KEY_VALUE_HELP: readonly string[] = [
  "key=value sets a value of the spec over all files: host.name=io, swap.size=2GiB, users[0].groups=sudo,adm. Older words",
  "work too: work=live: or work=yaml:///FILE, and boot=zfs:///dev/sda:/POOL/SYSTEM. docs/writing-a-spec.md has them all.",
];

/** The words of a verb that does something with the spec other than print it. */
export function specWords(verb: Verb, bare: readonly string[]): SpecWords {
  const sorted = sortWords(bare);
  if (sorted.config)
    throw usage(verb, "The word `config` goes with `multiverse install`; a file of that name is ./config.");
  if (sorted.notYet !== null) throw sorted.notYet;
  return sorted;
}
