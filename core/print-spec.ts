// The spec that files and words make, printed as YAML for a person: `multiverse install … config`. Writes nothing.
import { replayMachine } from "./inventory/record.ts";
import { inventoryFor } from "./inventory-for.ts";
import type { SpecWords } from "./spec/bare-words.ts";
import { loadSpec, readRegularFile } from "./spec/load.ts";
import { configText } from "./spec/older-words/config-text.ts";
import { questions } from "./spec/questions.ts";
import { withWords } from "./spec/spec-word.ts";
import { stableNames } from "./spec/stable-names.ts";
import type { Run } from "./tools/run.ts";

export interface PrintRequest extends SpecWords {
  /** A recorded machine instead of this one. */
  machine?: string;
  run: Run;
}

/**
 * The text. A disk that is named by a name that can change is looked up on the machine and printed by the one that
 * stays. What is not supported yet as a source is printed as it is, with a note that says so.
 * @throws ActionableError what loading a spec and choosing a disk refuse
 */
export async function printSpec({ files, words, notYet, notes, machine, run }: PrintRequest): Promise<string> {
  // The source that is not there yet would be refused: the rest is judged without it.
  const judged = notYet === null ? words : words.filter(({ path }) => path[0] !== "source");
  const loaded = await loadSpec(files, readRegularFile, judged);
  const inventory = await inventoryFor(loaded, machine === undefined ? run : await replayMachine(machine));
  const open = questions(loaded, inventory).map(({ path, ask }) => `${path}: ${ask}`);
  const [file] = files;
  const text = file !== undefined && files.length === 1 ? Buffer.from(await readRegularFile(file)).toString() : null;
  const unsupported = notYet === null ? [] : [`NOT YET: ${notYet.message} ${notYet.hint ?? ""}`];
  return configText({
    ...{ loaded: { data: withWords(loaded.data, words) }, text, stable: stableNames(loaded, inventory), open },
    values: words.map(({ path, value }) => ({ path, value })),
    notes: [...unsupported, ...notes],
  });
}
