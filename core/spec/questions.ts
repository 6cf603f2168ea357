// What a spec leaves open on a machine: the list that screens ask and that headless mode refuses with. Pure.
import { ActionableError } from "../errors.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { type DisksWanted, disksWanted, layoutChoices, rootDiskCount } from "./ask-layout.ts";
import { describeDisk } from "./describe-disk.ts";
import { confirmedIdentities } from "./disk-by-name.ts";
import type { LoadedSpec } from "./load.ts";
import { type Path, pathKey, showPath } from "./path.ts";
import { type KeyMeta, keyMeta, type QuestionClass } from "./question-meta.ts";
import { resolveExtras } from "./resolve-zfs.ts";
import { type Spec, specSchema } from "./schema.ts";
import { schemaAt } from "./schema-at.ts";
import type { DiskSpec } from "./schema-disks.ts";
import { selectDisks } from "./select-disks.ts";
import { rootDiskName, usedDiskNames } from "./used-disks.ts";

export interface Choice {
  value: string;
  label: string;
  /** Why it cannot be chosen; empty when it can. */
  unusable: string[];
}

export interface Question {
  /** Where the answer goes in the YAML, e.g. "disks.system"; "passphrase" goes nowhere: it is never in a file. */
  path: string;
  class: QuestionClass;
  kind: "text" | "choice" | "disk" | "users" | "confirm" | "secret";
  ask: string;
  why: string;
  /** What cannot go on without it: a plan needs values, an installation also secrets and confirmations. */
  for: "plan" | "install";
  default?: string;
  choices?: Choice[];
  /** Of a question for disks: how many, where it may be more than one. */
  wants?: DisksWanted;
}

/** Every open question at once, in the order in which a person would be asked. */
export function questions(loaded: LoadedSpec, inventory: Inventory): Question[] {
  const { spec } = loaded;
  const list: Question[] = [];
  const asked = new Map(loaded.asks.map((ask) => [pathKey(ask.path), ask.why]));
  const open = (path: Path, kind: Question["kind"], more: Partial<Question> = {}) => {
    const why = asked.get(pathKey(path));
    asked.delete(pathKey(path));
    list.push({
      ...wording(path),
      path: showPath(path),
      kind,
      for: "plan",
      ...(why === undefined ? {} : { why }),
      ...more,
    });
  };
  if (spec.host?.name === undefined) open(["host", "name"], "text");
  for (const name of usedDiskNames(spec)) {
    if (spec.disks?.[name] === undefined)
      open(["disks", name], "disk", {
        ...aboutUse(spec, name),
        ...several(spec, name),
        choices: diskChoices(inventory),
      });
    else askAboutRefusedDisk(loaded, name, inventory, open);
  }
  if (spec.root?.install === undefined && spec.root?.layout === undefined && rootDiskCount(spec) > 1)
    open(["root", "layout"], "choice", { choices: layoutChoices(rootDiskCount(spec)) });
  if (encryptionOf(spec) === null) open(encryptionPath(loaded), "choice", { choices: ENCRYPTION });
  if (!someoneCanLogIn(spec) && !asksForLogin(loaded)) open(["users"], "users");
  for (const ask of loaded.asks) if (asked.has(pathKey(ask.path))) open(ask.path, "text");
  list.push(...installQuestions(loaded, inventory));
  return list;
}

function several(spec: Spec, name: string): Pick<Question, "wants"> {
  const wants = disksWanted(spec, name);
  return wants.most === 1 ? {} : { wants };
}

/** Of a name that is not the root's: what its disks are for. */
function aboutUse(spec: Spec, name: string): Partial<Question> {
  const uses = Object.entries(resolveExtras(spec.root)).flatMap(([use, { on }]) => (on === name ? [use] : []));
  if (name === rootDiskName(spec) || uses.length === 0) return {};
  return {
    ask: `Which disks are for \`root.${uses.join("` and `root.")}\`?`,
    why: `They become part of the pool (${uses.join(", ")}), and everything on them is erased, so nobody guesses them.`,
  };
}

const ENCRYPTION: Choice[] = [
  { value: "passphrase", label: "encrypted; a passphrase is typed at every start", unusable: [] },
  { value: "none", label: "not encrypted; whoever holds the disk can read it", unusable: [] },
];

const SECRETS: Question[] = [
  {
    path: "passphrase",
    ...{ class: "deliberate", kind: "secret", for: "install" },
    ask: "Which passphrase opens the disk at every start?",
    why: "The disk is to be encrypted. The passphrase is never in a file: --passphrase-fd or --passphrase-file.",
  },
  {
    path: "recovery-passphrase",
    ...{ class: "deliberate", kind: "secret", for: "install" },
    ask: "Which other passphrase opens the recovery system?",
    why: "Recovery has a key of its own, so that one lost passphrase does not lose both: --recovery-passphrase-fd or --recovery-passphrase-file.",
  },
];

/** How the root is unlocked, or null when the spec does not say. */
export function encryptionOf(spec: Spec): "passphrase" | "none" | null {
  const stated = spec.root?.encryption;
  const unlock = typeof stated === "object" ? stated.unlock : stated;
  return unlock === "passphrase" || unlock === "none" ? unlock : null;
}

function encryptionPath(loaded: LoadedSpec): Path {
  const inner: Path = ["root", "encryption", "unlock"];
  return loaded.asks.some((ask) => pathKey(ask.path) === pathKey(inner)) ? inner : inner.slice(0, 2);
}

/** Whether some user has a password or a key. */
export function someoneCanLogIn(spec: Spec): boolean {
  return (spec.users ?? []).some((user) => user?.password !== undefined || (user?.["ssh-keys"] ?? []).length > 0);
}

/** A password or key that is asked for anyway will let someone in. */
function asksForLogin(loaded: LoadedSpec): boolean {
  return loaded.asks.some((ask) => ask.path[0] === "users" && ask.path.length > 1);
}

function diskChoices(inventory: Inventory): Choice[] {
  return inventory.disks.map((disk) => ({
    value: disk.id ?? disk.path,
    label: describeDisk(disk),
    unusable: disk.id === null ? [...disk.unusable, "has no name that stays"] : disk.unusable,
  }));
}

/** A selector that does not lead to one disk becomes a question: a person can choose where headless mode refuses. */
function askAboutRefusedDisk(
  loaded: LoadedSpec,
  name: string,
  inventory: Inventory,
  open: (path: Path, kind: "disk", more: Partial<Question>) => void,
): void {
  const path = ["disks", name];
  const stated = loaded.spec.disks?.[name];
  if (stated === undefined) return;
  try {
    selectDisks(stated, inventory, loaded.place(path));
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error;
    open(path, "disk", {
      ...several(loaded.spec, name),
      why: `${error.message} ${error.evidence[0] ?? ""}`.trim(),
      choices: diskChoices(inventory),
    });
  }
}

function installQuestions(loaded: LoadedSpec, inventory: Inventory): Question[] {
  const list: Question[] = [];
  if (encryptionOf(loaded.spec) === "passphrase") {
    list.push(...SECRETS);
  }
  for (const name of usedDiskNames(loaded.spec)) {
    const stated = loaded.spec.disks?.[name];
    if (stated !== undefined) list.push(...eraseQuestions(stated, loaded, inventory));
  }
  return list;
}

/** One for each disk that is not confirmed: a person agrees to each by what is on it. */
function eraseQuestions(stated: DiskSpec, { spec }: LoadedSpec, inventory: Inventory): Question[] {
  const confirmed = confirmedIdentities(spec.confirm?.erase ?? [], inventory);
  try {
    const disks = selectDisks(stated, inventory, "").filter(({ id }) => !confirmed.includes(id));
    return disks.map((disk) => ({
      ...wording(["confirm", "erase"]),
      path: "confirm.erase",
      kind: "confirm",
      for: "install",
      why: `${describeDisk(disk)} would be erased. ${disk.content.length === 0 ? "Nothing was found on it." : `It holds ${disk.content.join(", ")}, which would be lost for good.`}`,
    }));
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error;
    return [];
  }
}

/** The words of a question, from the schema. */
function wording(path: Path): Pick<Question, "class" | "ask" | "why"> {
  const schema = schemaAt(specSchema, path);
  const meta: KeyMeta | undefined = schema === null ? undefined : keyMeta.get(schema);
  return {
    class: meta?.class ?? "required",
    ask: meta?.ask ?? `What is \`${showPath(path)}\` to be?`,
    why: meta?.why ?? "The spec asks for it.",
  };
}
