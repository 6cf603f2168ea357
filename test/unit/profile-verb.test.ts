import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dispatch } from "../../bin/dispatch.ts";
import { reportError } from "../../bin/report-error.ts";
import { ProgramError } from "../../core/errors.ts";
import { commandLine } from "../../core/inventory/command-line.ts";
import { replay } from "../../core/inventory/record.ts";
import type { Run, RunOptions } from "../../core/tools/run.ts";
import { type MachineName, machineFile, machinePath } from "./recorded-machine.ts";
import { COMPLETE } from "./spec-text.ts";

const NO_RUN: Run = Object.assign(
  async () => {
    throw new Error("this must not start a program");
  },
  { pipe: async () => {} },
);

async function cli(words: readonly string[], run = NO_RUN): Promise<{ exit: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const say = (text: string) => {
    err += text;
  };
  const put = (text: string) => {
    out += text;
  };
  try {
    const exit = await dispatch(words, { run, signal: new AbortController().signal, out: put, say });
    return { exit, out, err };
  } catch (error) {
    const report = reportError(error, false);
    return { exit: report.exit, out, err: err + report.text };
  }
}

const on = (name: MachineName, ...words: string[]) => cli([...words, "--machine", machinePath(name)]);

let folder = "";
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "profile-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("what is refused", () => {
  test.each([
    [["profile", "hots"], 2, /knows host, storage, pci, usb, network, kernel, vms, not `hots`/],
    [["profile", "pci", "--benchmark"], 2, /with `storage --benchmark` only/],
    [["profile", "storage", "/dev/sda"], 2, /with `storage --benchmark` only/],
    [["profile", "pci", "--template", "auto"], 2, /--template goes with `host`/],
    [["profile", "pci", "--benchmark-write", "/"], 2, /--benchmark-write goes with `storage`/],
    [["profile", "host", "--output", "x.yml"], 2, /none is named/],
    [["profile", "host", "--template", "laptop"], 8, /differs from the template laptop in \d+ things/],
    [["profile", "host", "--template", "latop"], 2, /did you mean `laptop`/],
    [["profile", "host", "--template", "auto", "--name", "A B"], 2, /--name must be a host name/],
    [["profile", "storage", "--benchmark"], 2, /A recorded machine cannot be measured/],
  ])("%j", async (words, exit, says) => {
    const result = await on("hw-pc", ...words);
    expect(result).toMatchObject({ exit, out: "" });
    expect(result.err).toMatch(says);
  });

  test("auto where no template is clearly the one: the scores of all", async () => {
    const file = machineFile("hw-pc");
    const udev = file.outputs["udevadm info --export-db"];
    if (udev !== undefined) udev.stdout = udev.stdout.replace(":ct3:", ":ct1:");
    await writeFile(at("odd.json"), JSON.stringify(file));
    const result = await cli(["profile", "host", "--template", "auto", "--machine", at("odd.json")]);
    expect(result.exit).toBe(4);
    expect(result.err).toMatch(
      /No template is for a machine like this\.\n {2}6\/7 pc: the chassis: the template says desktop/,
    );
  });

  test("a host file that somebody has changed is not replaced; the very same is no error", async () => {
    const words = ["profile", "host", "--template", "auto", "--output", at("jupiter.example.net.yml")];
    expect(await on("hw-pc", ...words)).toMatchObject({ exit: 0, out: "" });
    expect(await on("hw-pc", ...words)).toMatchObject({ exit: 0 });
    const text = await readFile(at("jupiter.example.net.yml"), "utf8");
    await writeFile(at("jupiter.example.net.yml"), `${text}# mine\n`);
    expect(await on("hw-pc", ...words)).toMatchObject({ exit: 4 });
    expect(await readFile(at("jupiter.example.net.yml"), "utf8")).toBe(`${text}# mine\n`);
    expect(await on("hw-pc", ...words.slice(0, -1), at("no/where.yml"))).toMatchObject({ exit: 2 });
  });
});

describe("multiverse profile host", () => {
  test("scores", async () => {
    const { exit, out } = await on("hw-laptop", "profile", "host");
    expect(exit).toBe(0);
    expect(out.split("\n")[0]).toBe("7/7 laptop");
    expect(out).toMatch(/\n\nThis is laptop \(A laptop\)\.\n$/);
    const { out: json } = await on("hw-laptop", "profile", "host", "--format", "json");
    expect(JSON.parse(json)).toMatchObject({
      auto: "laptop",
      templates: [{ template: "laptop", points: 7, of: 7 }, {}, {}, {}, {}, {}, {}],
    });
  });

  test("names the host after the file, the option, or what the machine is called", async () => {
    const name = async (...words: string[]) =>
      /^host: (.*)$/m.exec((await on("hw-pc", "profile", "host", "--template", "pc", ...words)).out)?.[1];
    expect(await name()).toBe("pc");
    expect(await name("--name", "mars.example.net")).toBe("mars.example.net");
    await on("hw-pc", "profile", "host", "--template", "pc", "--output", at("venus.example.net.yml"));
    expect(await readFile(at("venus.example.net.yml"), "utf8")).toMatch(/^host: venus\.example\.net$/m);
  });

  test("a host file holds the machine against it; another machine differs in its serial number first", async () => {
    await on("hw-dell-r730xd", "profile", "host", "--template", "auto", "--output", at("r.example.net.yml"));
    const same = await on("hw-dell-r730xd", "profile", "host", "--template", at("r.example.net.yml"));
    expect(same.err).toMatch(/^metal_dell_r730xd: (\d+)\/\1\n$/);
    const other = await on("hw-dell-r630", "profile", "host", "--template", at("r.example.net.yml"));
    expect(other.exit).toBe(8);
    expect(other.err).toMatch(/differs from the host file of r\.example\.net in \d+ things/);
    expect(other.err).toMatch(/r\.example\.net\.yml:6:9: the machine's serial number: the template says 5XKJ8F2/);
  });
});

describe("hardware: in a spec", () => {
  const spec = async (more: string, name = "a.yml") => {
    await writeFile(at(name), `${COMPLETE}${more}`);
    return at(name);
  };
  test("a machine that differs is refused with exit code 8 before anything else is", async () => {
    const file = await spec("hardware: metal_dell_r630\n");
    for (const words of [
      ["plan", file],
      ["spec", "show", file, "--resolved"],
    ]) {
      const { exit, err } = await on("qemu-blank-disk", ...words);
      expect(exit).toBe(8);
      expect(err).toMatch(/metal_dell_r630\.yml:7:18: the maker: the template says Dell\*, the machine has QEMU/);
    }
    await writeFile(at("b.yml"), "version: 1\nhost: {name: x}\nhardware: metal_dell_r630\n");
    expect(await on("qemu-blank-disk", "plan", at("b.yml"))).toMatchObject({ exit: 8 });
  });

  test("a file is looked for beside the spec that names it; its values fill what the spec leaves out", async () => {
    await writeFile(
      at("box.yml"),
      "version: 1\ntemplate: box\nsystem: {vendor: QEMU}\nspec: {boot: {timeout: 9, options: iommu=pt}, swap: none}\n",
    );
    const { exit, out } = await on(
      "qemu-blank-disk",
      "spec",
      "show",
      await spec("hardware: ./box.yml\nboot: {timeout: 3}\n"),
      "--resolved",
    );
    expect(exit).toBe(0);
    expect(out).toMatch(/timeout: 3\n/);
    expect(out).toMatch(/options: iommu=pt\n/);
    expect(out).toMatch(/^swap: none$/m);
    expect(out).toMatch(/boot\.options: template\n/);
    expect(out).toMatch(/boot\.timeout: spec\n/);
    expect(out).toMatch(/swap: template\n/);
  });

  test.each([
    ["hardware: ../../etc\n", 2, /`hardware` must be the name of a hardware template/],
    ["hardware: [x]\n", 2, /`hardware` must be text/],
    ["hardware: ./nowhere.yml\n", 2, /nowhere\.yml cannot be read: there is no such file/],
    ["hardware: ./a.yml\n", 2, /there is no key `disks` in a template/],
    ['hardware: {ask: "which machine?"}\n', 3, /hardware: .*which machine\?/],
  ])("%j", async (more, exit, says) => {
    const result = await on("qemu-blank-disk", "plan", await spec(more));
    expect(result.exit).toBe(exit);
    expect(result.err).toMatch(says);
  });
});

describe("sections", () => {
  test("all of them, and each as data", async () => {
    const { out } = await on("hw-dell-r630", "profile");
    for (const word of ["STORAGE", "PCI", "USB", "NETWORK", "KERNEL", "VMS"])
      expect(out).toMatch(new RegExp(`^${word}$`, "m"));
    expect(out).toMatch(/! the RAID card at 0000:03:00\.0/);
    expect(out).toMatch(/No IOMMU groups: .*intel_iommu=on/);
    const { out: json } = await on("hw-dell-r630", "profile", "--format", "json");
    expect(Object.keys(JSON.parse(json) as object)).toEqual(["storage", "pci", "usb", "network", "kernel", "vms"]);
  });

  test("storage: buses, classes, stacks, file systems", async () => {
    const { out } = await on("hw-dell-r730xd", "profile", "storage");
    expect(out).toMatch(/^wwn-0x5000c500a1b2c000 +\/dev\/sda +ST4000NM0025 +3\.6 TiB +sas 0000:03:00\.0 +disk\?$/m);
    expect(out).toMatch(/^\/dev\/sdm2 +ext4 +\/ +234 GiB +12 GiB +210 GiB$/m);
    const { out: virtual } = await on("qemu-blank-disk", "profile", "storage");
    expect(virtual).toMatch(/^virtio-MVTARGET01 .* unknown\?$/m);
  });
});

describe("--benchmark", () => {
  /** The recorded machine, with a dd that says so many bytes took so long. */
  function withDd(seconds: (argv: readonly string[]) => string | ProgramError): { run: Run; asked: string[] } {
    const machine = replay(machineFile("hw-pc"));
    const asked: string[] = [];
    const run = Object.assign(
      async (argv: Parameters<Run>[0], options?: RunOptions) => {
        if (argv[0] !== "dd") return machine(argv, options);
        asked.push(commandLine(argv));
        const took = seconds(argv);
        if (took instanceof ProgramError) throw took;
        const size = (name: string) => Number(argv.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1));
        const bytes = size("bs") * size("count");
        return {
          argv,
          exit: 0,
          stdout: "",
          stderr: `1+0 records in\n1+0 records out\n${bytes} bytes (x) copied, ${took} s, 1 MB/s\n`,
        };
      },
      { pipe: machine.pipe },
    );
    return { run, asked };
  }

  test("a disk that cannot be read is said to be so, and the others are measured", async () => {
    const { run } = withDd((argv) =>
      argv.includes("if=/dev/sda")
        ? new ProgramError(argv, "exit", 1, "dd: failed to open '/dev/sda': Permission denied\n")
        : argv.includes("bs=4096")
          ? "8.9e-05"
          : "0.01",
    );
    const { exit, out, err } = await cli(["profile", "storage", "--benchmark"], run);
    expect(exit).toBe(0);
    expect(out).toMatch(/\/dev\/sda .* disk\? +not measured: dd: failed to open '\/dev\/sda': Permission denied$/m);
    expect(out).toMatch(/\/dev\/nvme0n1 .* nvme +1678 MB\/s +0\.09 ms$/m);
    expect(err).toMatch(/\/dev\/sdb \(3 of 3\): 100 % read/);
  });

  test("only reads, past the cache, of the named disk, so much and no more, spread over all of it", async () => {
    const { run, asked } = withDd((argv) => (argv.includes("bs=4096") ? "0.012" : "0.1"));
    const { out } = await cli(["profile", "storage", "--benchmark", "/dev/sda", "--format", "json"], run);
    const [, sda] = (JSON.parse(out) as { disks: { class: string; from: string; measured?: object }[] }).disks;
    expect(sda).toMatchObject({ class: "disk", from: "measured", measured: { latency: 12 } });
    const reads = asked.map((line) =>
      /^dd if=\/dev\/sda of=\/dev\/null bs=(\d+) count=(\d+) skip=(\d+) iflag=direct,fullblock$/.exec(line),
    );
    expect(reads.every((read) => read !== null)).toBe(true);
    const size = 4_000_787_030_016;
    let bytes = 0;
    let last = 0;
    for (const [, block, count, skip] of reads.map((read) => (read ?? []).map(Number))) {
      bytes += (block ?? 0) * (count ?? 0);
      last = Math.max(last, ((skip ?? 0) + (count ?? 0)) * (block ?? 0));
    }
    expect(bytes).toBe(256 * 2 ** 20 + 64 * 4096);
    expect(last).toBeLessThanOrEqual(size);
    expect(last).toBeGreaterThan(size * 0.99);
  });

  test("a disk that is not there, and one that answers nonsense", async () => {
    const { run } = withDd(() => "x");
    expect(await cli(["profile", "storage", "--benchmark", "/dev/sdz"], run)).toMatchObject({ exit: 4 });
    const { out } = await cli(["profile", "storage", "--benchmark", "/dev/sda"], run);
    expect(out).toMatch(/not measured: dd did not say how long it took/);
  });

  test("writing: one new file in the named folder, which is removed also when it fails", async () => {
    const asked: string[] = [];
    const machine = replay(machineFile("hw-pc"));
    let full = false;
    const run = Object.assign(
      async (argv: Parameters<Run>[0], options?: RunOptions) => {
        if (argv[0] !== "dd" && argv[0] !== "rm") return machine(argv, options);
        asked.push(commandLine(argv));
        if (argv[0] === "dd" && full)
          throw new ProgramError(argv, "exit", 1, "dd: error writing: No space left on device\n");
        return { argv, exit: 0, stdout: "", stderr: "67108864 bytes (67 MB, 64 MiB) copied, 0.5 s, 134 MB/s\n" };
      },
      { pipe: machine.pipe },
    );
    const { err } = await cli(["profile", "storage", "--benchmark-write", "/srv/"], run);
    expect(err).toMatch(/134 MB\/s written/);
    expect(asked[0]).toMatch(
      /^dd if=\/dev\/urandom of=\/srv\/\.multiverse-profile-\d+ bs=4194304 count=16 iflag=fullblock conv=excl,fsync$/,
    );
    expect(asked[1]).toMatch(/^rm -f \/srv\/\.multiverse-profile-\d+$/);
    full = true;
    expect(await cli(["profile", "storage", "--benchmark-write", "/srv"], run)).toMatchObject({ exit: 5 });
    expect(asked).toHaveLength(4);
  });
});
