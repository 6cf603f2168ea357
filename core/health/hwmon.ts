// Reads temperatures from /sys/class/hwmon (Documentation/hwmon/sysfs-interface.rst), through a program with a time limit.
import { scrub } from "../inventory/scrub.ts";
import type { SourcePorts } from "../status/source.ts";
import type { AskBriefly } from "./ask-briefly.ts";

const HWMON = "/sys/class/hwmon";
const READ_MS = 4_000;

export interface Chip {
  /** /sys/class/hwmon/hwmon3. */
  folder: string;
  /** The driver's name for it: coretemp, k10temp, nvme, drivetemp. */
  name: string;
  /** Numbers of its temperature inputs. */
  inputs: readonly number[];
}

export interface Temperature {
  input: number;
  label: string;
  celsius: number;
  criticalCelsius: number | null;
}

/** Chips that belong to a disk: what reads them asks the disk itself. */
export const isDisk = (chip: Chip): boolean => /^(nvme|drivetemp)$/.test(chip.name);

/** Asks no device: names and folders are the kernel's own. */
export async function chips(ports: SourcePorts): Promise<Chip[]> {
  const found: Chip[] = [];
  for (const entry of await ports.list(HWMON)) {
    const folder = `${HWMON}/${entry}`;
    const name = scrub(await ports.read(`${folder}/name`));
    const inputs = (await ports.list(folder)).flatMap((file) => {
      const number = /^temp([0-9]+)_input$/.exec(file)?.[1];
      return number === undefined ? [] : [Number(number)];
    });
    if (inputs.length > 0) found.push({ folder, name, inputs: inputs.sort((a, b) => a - b) });
  }
  return found;
}

/**
 * Null when the chip gave no answer in time. By grep and not by reading the files ourselves: a disk that hangs keeps its
 * reader waiting inside the kernel, and of the threads that read files for us there are four.
 */
export async function temperatures(
  chip: Chip,
  ports: SourcePorts,
  ask: AskBriefly,
  signal: AbortSignal,
): Promise<Temperature[] | null> {
  const files = chip.inputs.flatMap((n) => ["input", "crit", "label"].map((what) => `${chip.folder}/temp${n}_${what}`));
  // Files that are not there (-s) make it end with 2, after it has told of the others. -H: also where it is only one.
  const answer = await ask(ports.run, ["grep", "-s", "-H", "", ...files], READ_MS, signal);
  return answer.hung ? null : parseTemperatures(answer.stdout);
}

/** "…/temp1_input:38850" lines, in thousandths of a degree. */
export function parseTemperatures(output: string): Temperature[] {
  const values = new Map<string, string>();
  for (const line of output.split("\n")) {
    const [, file, value = ""] = /\/(temp[0-9]+_(?:input|crit|label)):(.*)$/.exec(line) ?? [];
    if (file !== undefined) values.set(file, value);
  }
  return [...values].flatMap(([file, value]) => {
    const input = Number(/^temp([0-9]+)_input$/.exec(file)?.[1] ?? Number.NaN);
    const celsius = degrees(value);
    if (!Number.isInteger(input) || celsius === null) return [];
    const label = scrub(values.get(`temp${input}_label`));
    return [{ input, label, celsius, criticalCelsius: degrees(values.get(`temp${input}_crit`) ?? "") }];
  });
}

/** Boards report inputs that nothing is connected to as -128, 0 or 255 degrees, and a limit that nobody set as 65261. */
function degrees(text: string): number | null {
  if (!/^-?[0-9]{1,9}$/.test(text.trim())) return null;
  const celsius = Number(text) / 1_000;
  return celsius > -40 && celsius < 200 && celsius !== 0 ? Math.round(celsius * 10) / 10 : null;
}
