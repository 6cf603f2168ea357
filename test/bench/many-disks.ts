// A recorded machine with hundreds of disks: a real recording whose blank disk stands there many times.
import { readFile } from "node:fs/promises";
import { type MachineFile, parseMachine } from "../../core/inventory/record.ts";

const RECORDED = new URL("../fixtures/machines/rescue-guest.json", import.meta.url);
const LSBLK = "lsblk -J -b -O";
const UDEV = "udevadm info --export-db";

interface Block {
  name: string;
  [key: string]: unknown;
}

export async function machineWithDisks(count: number): Promise<MachineFile> {
  const machine = parseMachine("rescue-guest.json", await readFile(RECORDED, "utf8"));
  const lsblk = machine.outputs[LSBLK];
  const udev = machine.outputs[UDEV];
  if (lsblk === undefined || udev === undefined) throw new Error("the recording lacks what is multiplied");
  const { blockdevices } = JSON.parse(lsblk.stdout) as { blockdevices: Block[] };
  const blank = blockdevices.find(({ name }) => name === "vdc");
  const about = udev.stdout.split("\n\n").find((entry) => /^N: vdc$/m.test(entry));
  if (blank === undefined || about === undefined) throw new Error("the recording lacks its blank disk");
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const named = (text: string, at: number) =>
    text.replaceAll("vdc", `vd${letters(at)}`).replaceAll("MVTARGET01", `MVDISK${at}`);
  const more = numbers.map((at) => JSON.parse(named(JSON.stringify(blank), at)) as Block);
  const entries = numbers.map((at) =>
    named(about, at).replaceAll(
      "0000:00:08.0",
      `0000:${(at >> 5).toString(16).padStart(2, "0")}:${(at & 31).toString(16).padStart(2, "0")}.0`,
    ),
  );
  return {
    ...machine,
    outputs: {
      ...machine.outputs,
      [LSBLK]: { ...lsblk, stdout: JSON.stringify({ blockdevices: [...blockdevices, ...more] }) },
      [UDEV]: { ...udev, stdout: `${udev.stdout.trimEnd()}\n\n${entries.join("\n\n")}\n\n` },
    },
  };
}

/** "aaa", "aab", …: as the kernel names disks, and none that the recording has. */
function letters(at: number): string {
  return [at / 676, (at / 26) % 26, at % 26].map((digit) => String.fromCharCode(97 + Math.floor(digit))).join("");
}
