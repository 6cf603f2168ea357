// Answers what an example leaves open, the same way each time, so that there is a plan of it to look at.
import type { Inventory } from "../../core/inventory/inventory.ts";
import { readKeyValue } from "../../core/spec/key-value.ts";
import { type LoadedSpec, loadSpec } from "../../core/spec/load.ts";
import { type Question, questions } from "../../core/spec/questions.ts";
import { readRegularFile } from "../../core/spec/read-file.ts";
import type { SpecWord } from "../../core/spec/spec-word.ts";

/** A hash and keys that open nothing: what they were made from was thrown away. */
const HASH = `$6$saltsalt$${"a".repeat(86)}`;
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl nobody";
const PSK = "a1".repeat(32);

export interface Answered {
  loaded: LoadedSpec;
  /** "host.name=jupiter.example.net": what was asked, and what was said. */
  words: string[];
}

/** One answer may raise the next question; more rounds than this are none that ends. */
const ROUNDS = 5;

/** A spec with its questions answered as far as they can be. */
export async function answered(file: string, inventory: Inventory): Promise<Answered> {
  const given = new Map<string, SpecWord>();
  const words: string[] = [];
  let loaded = await loadSpec([file]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const open = questions(loaded, inventory).filter(({ path, for: when }) => when === "plan" && !given.has(path));
    const fresh = open.flatMap((question) => answer(question, loaded, inventory));
    if (fresh.length === 0) break;
    for (const word of fresh) {
      given.set(word.slice(0, word.indexOf("=")), readKeyValue(word));
      words.push(word);
    }
    loaded = await loadSpec([file], readRegularFile, [...given.values()]);
  }
  return { loaded, words };
}

/** The largest disks that can be a target: also where what the spec says of its disk fits none of this machine's, or several. */
function disksFor(path: string, { spec }: LoadedSpec, { disks }: Inventory): string[] {
  const stated = spec.disks?.[path.replace(/^disks\./, "")];
  const count = typeof stated === "object" ? (Array.isArray(stated) ? stated.length : (stated.count ?? 1)) : 1;
  const usable = disks.filter(({ id, unusable }) => id !== null && unusable.length === 0);
  const largest = usable.toSorted((a, b) => b.size - a.size).slice(0, count);
  return largest.length < count ? [] : [`${path}=${largest.map(({ id }) => id).join(",")}`];
}

function answer(question: Question, loaded: LoadedSpec, inventory: Inventory): string[] {
  const { kind, path } = question;
  if (kind === "users") return [`users=[{name: ada, groups: [sudo], ssh-keys: ["${KEY}"]}]`];
  if (kind === "disk") return disksFor(path, loaded, inventory);
  if (kind === "choice") {
    const usable = question.choices?.find((choice) => choice.unusable.length === 0);
    return usable === undefined ? [] : [`${path}=${usable.value}`];
  }
  if (path === "host.name") return [`${path}=jupiter.example.net`];
  if (path.endsWith(".password")) return [`${path}=${HASH}`];
  if (path.endsWith(".psk")) return [`${path}=${PSK}`];
  return /encryption/.test(path) ? [`${path}=none`] : [];
}
