// Figures of this very machine, each compared with a second tool that reads it another way.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { briefAsker } from "../../core/health/ask-briefly.ts";
import { blockDisks, parseBlockDisks } from "../../core/health/block-disks.ts";
import { healthSources } from "../../core/health/sources.ts";
import { diskDevices } from "../../core/inventory/disk-devices.ts";
import { parseLsblk } from "../../core/inventory/lsblk.ts";
import { realPorts } from "../../core/status/real-ports.ts";
import { PART_VALUES, type PartName, type ValueOf } from "../../core/status/snapshot.ts";
import { createRun } from "../../core/tools/run-real.ts";
import { type MachineName, machineFile } from "./recorded-machine.ts";

const ports = realPorts(createRun());
const signal = new AbortController().signal;

async function read<Name extends PartName>(name: Name): Promise<ValueOf<Name>> {
  const source = healthSources({ version: "0.1.0" }).find(({ part }) => part === name);
  return PART_VALUES[name].parse(await source?.read(ports, signal)) as ValueOf<Name>;
}
const tool = (file: string, ...args: string[]) =>
  execFileSync(file, args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });

test("memory and swap are those of free, processors those of getconf", async () => {
  const load = await read("load");
  const table = tool("free", "-b");
  const [, total = ""] = /^Mem: +([0-9]+)/m.exec(table) ?? [];
  const [, swap = ""] = /^Swap: +([0-9]+)/m.exec(table) ?? [];
  expect(load.memory.total).toBe(Number(total));
  expect(load.swap.total).toBe(Number(swap));
  expect(load.memory.available).toBeLessThan(load.memory.total);
  expect(load.cores).toBe(Number(tool("getconf", "_NPROCESSORS_ONLN")));
});

test("kernel, name and the time of start are those of uname and of who", async () => {
  const host = await read("host");
  expect(host.kernel).toBe(tool("uname", "-r").trim());
  expect(host.name.split(".")[0]).toBe(tool("uname", "-n").trim().split(".")[0]);
  // uptime -s is by the second, and rounds: the clock minus how long the machine has been up.
  const since = Date.parse(tool("uptime", "-s").trim().replace(" ", "T"));
  expect(Math.abs(host.bootedAt - since)).toBeLessThanOrEqual(2_000);
});

test("disks are those of lsblk's own list", async () => {
  const disks = await blockDisks(ports, briefAsker(), signal);
  const rows = tool("lsblk", "-d", "-b", "-n", "-r", "-o", "KNAME,SIZE,TYPE").trim().split("\n");
  const expected = rows
    .map((row) => row.split(" "))
    .filter(([kname = "", size, type]) => type === "disk" && Number(size) > 0 && !/^(zram|ram|zd|fd)/.test(kname))
    .map(([kname, size]) => [kname, Number(size)]);
  expect(disks.map(({ kname, size }) => [kname, size])).toEqual(expected);
});

const MACHINES: MachineName[] = [
  ...(["qemu-blank-disk", "several-disks", "rescue-guest", "rescue-guest-used-disks"] as const),
];
test.each(MACHINES)("of the recorded machine %s, the daemon's reader sees what the probe's does", (name) => {
  const text = machineFile(name).outputs["lsblk -J -b -O"]?.stdout ?? "";
  const probed = diskDevices(parseLsblk(text)).map((disk) => ({
    ...{ kname: disk.kname, path: disk.path, size: disk.size },
    partitions: (disk.children ?? [])
      .filter(({ type }) => type === "part")
      .map((part) => ({ path: part.path, type: part.parttype ?? "", partlabel: part.partlabel ?? "" })),
  }));
  expect(parseBlockDisks(text)?.map(({ name: _, ...disk }) => disk)).toEqual(probed);
});
