// Finds out what this machine has. Reads only; a part that cannot be read is noted, except the disks: without them nothing is safe.
import { ActionableError, EXIT } from "../errors.ts";
import type { Argv, Run } from "../tools/run.ts";
import { type Answer, ask, lastWords, outputOf } from "./ask-program.ts";
import { COMMANDS, OPTIONAL } from "./commands.ts";
import { makeDisks } from "./disks.ts";
import { parseDmi } from "./dmi.ts";
import { findHolders } from "./holders.ts";
import type { Inventory, LiveMedium } from "./inventory.ts";
import { parseManifest } from "./live.ts";
import { type BlockDevice, parseLsblk } from "./lsblk.ts";
import { parseConsoles, parseCpu, parseFirmware, parseMemory } from "./machine.ts";
import { findMedia } from "./media.ts";
import { parseNics } from "./network.ts";
import { findOperatingSystems } from "./operating-systems.ts";
import { parseImportable, parsePoolDevices, parsePoolList } from "./pools.ts";
import { scrub } from "./scrub.ts";
import { readStacks } from "./stacks/read-stacks.ts";
import { linksByNode, parseUdev } from "./udev.ts";

/**
 * The inventory of the machine that `run` runs on, or of a recorded one (record.ts).
 * @throws ActionableError `probe-failed` (exit 4) when the disks cannot be listed
 */
export async function probe(run: Run, signal?: AbortSignal): Promise<Inventory> {
  const [answered, optional] = await Promise.all([askAll(run, COMMANDS, signal), askAll(run, OPTIONAL, signal)]);
  const notes: string[] = [];
  /** The output, with a note when there is none that says what is not known because of it. */
  function output(name: keyof typeof COMMANDS, unknown?: string): string {
    const answer = answered[name];
    if (answer.exit !== 0 && unknown !== undefined)
      notes.push(`${unknown}: ${COMMANDS[name][0]}: ${scrub(lastWords(answer))}`);
    return outputOf(answer);
  }

  const devices = listDisks(answered.disks, COMMANDS.disks);
  const udev = parseUdev(output("udev", "the disks' stable names are not known"));
  const imported = parsePoolList(output("poolList", "whether pools are imported is not known"));
  const live = readLive(output("liveManifest"), notes);
  const use = {
    liveDevice: output("liveDevice").trim() || null,
    pools: imported,
    poolDevices: parsePoolDevices(output("poolStatus")),
    links: linksByNode(udev),
  };
  const media = await findMedia(devices, { links: use.links, run, notes }, signal);
  const stacks = readStacks(optional, { devices, udev, notes });
  const looked = await findOperatingSystems(devices, run, signal);
  const links = output("links", "the network adapters are not known");
  return {
    version: 1,
    // grep -s ends with 2 when one of the files is not there.
    machine: parseDmi(answered.dmi.stdout),
    firmware: parseFirmware({ efi: output("efi"), efivars: output("efivars"), secureBoot: output("secureBoot") }),
    cpu: parseCpu(output("cpu")),
    memory: parseMemory(output("memory", "the memory's size is not known")),
    consoles: parseConsoles(output("consoles")),
    disks: makeDisks(devices, use, looked, findHolders(devices, { udev, stacks })),
    nics: links === "" ? [] : parseNics(links, output("addresses"), udev),
    pools: { imported, importable: parseImportable(output("poolImport")) },
    stacks,
    live,
    media,
    notes,
  };
}

/** All of them at once: most wait for the kernel. */
async function askAll<Name extends string>(
  run: Run,
  commands: Readonly<Record<Name, Argv>>,
  signal?: AbortSignal,
): Promise<Record<Name, Answer>> {
  const names = Object.keys(commands) as Name[];
  const answers = await Promise.all(
    names.map(async (name): Promise<[Name, Answer]> => [name, await ask(run, commands[name], signal)]),
  );
  return Object.fromEntries(answers) as Record<Name, Answer>;
}

function listDisks(answer: Answer, argv: Argv): BlockDevice[] {
  try {
    if (answer.exit === 0) return parseLsblk(answer.stdout);
  } catch (cause) {
    throw probeFailed(
      `its output is not what was expected: ${cause instanceof Error ? scrub(cause.message) : ""}`,
      argv,
      cause,
    );
  }
  throw probeFailed(scrub(lastWords(answer)), argv);
}

function probeFailed(why: string, argv: Argv, cause?: unknown): ActionableError {
  return new ActionableError({
    code: "probe-failed",
    exit: EXIT.refused,
    message: "The disks of this machine cannot be listed.",
    evidence: [`${argv.join(" ")}: ${why}`],
    hint: "util-linux 2.38 or newer is needed; run this in the rescue system.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function readLive(manifest: string, notes: string[]): LiveMedium | null {
  if (manifest === "") return null;
  const parsed = parseManifest(manifest);
  if ("live" in parsed) return parsed.live;
  notes.push(`the live medium's manifest cannot be used: ${scrub(parsed.problem)}`);
  return null;
}
