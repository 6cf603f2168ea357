// A source that stops answering: recognised, told apart from other failures, and not read to its end.
import { describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { perform } from "../../core/execute/perform.ts";
import { kernelWords, sourceStopped } from "../../core/execute/source-stopped.ts";
import type { Argv, Run } from "../../core/tools/run.ts";
import { createRun } from "../../core/tools/run-real.ts";
import { sampleMediumPlan, samplePlan } from "./sample-host.ts";

const { evidence } = sampleMediumPlan();
const TAR: Argv = ["tar", "--create", "-C", evidence.sources.host, "."];
const SAID = "tar: ./usr/bin/x: Read error at byte 0, while reading 512 bytes: Input/output error\n";

/** A machine whose mount is of `device`, which is there or not. */
function machine(device: string, there: boolean, dmesg = ""): Run {
  return Object.assign(
    async (argv: Argv) => {
      if (argv[0] === "dmesg" && dmesg === "") throw new ProgramError(argv, "missing", null, "");
      const stdout = argv[0] === "findmnt" ? `${device}\n` : argv[0] === "dmesg" ? dmesg : "";
      return { argv, exit: argv[0] === "test" && !there ? 1 : 0, stdout, stderr: "" };
    },
    { pipe: () => Promise.reject(new Error("nothing is piped here")) },
  );
}

const nothing = (): never => {
  throw new Error("nothing was to be looked at");
};

test.each([
  ["another error", new Error("x")],
  ["a program that failed otherwise", new ProgramError(TAR, "exit", 2, "tar: ./x: Permission denied\n")],
  ["the target's own I/O error", new ProgramError(["tar", "--extract", "-C", "/mnt"], "exit", 2, SAID)],
])("%s is not the source's", async (_, error) => {
  const run = Object.assign(async () => nothing(), { pipe: async () => nothing() });
  expect(await sourceStopped(error, evidence, run)).toBeNull();
});

test("a medium that is still there cannot be read; that is not being pulled", async () => {
  const error = await sourceStopped(new ProgramError(TAR, "exit", 2, SAID), evidence, machine("/dev/sdb2", true));
  expect(error).toMatchObject({ code: "source-unreadable", exit: 5 });
  expect(error?.evidence).toEqual(["Kingston X, 29 GiB: /dev/sdb2 is still there", SAID.trim()]);
});

test("the running system's own medium is recognised as well, by what copies the kernel from it", async () => {
  const own = samplePlan().evidence;
  const error = new ProgramError(["cp", own.kernel.initrd, "/x"], "exit", 1, "cp: error reading: Input/output error\n");
  expect(await sourceStopped(error, own, machine("/dev/sda2", false))).toMatchObject({ code: "source-stopped" });
});

describe("the kernel's words", () => {
  const dmesg = [
    "EXT4-fs (sda1): mounted",
    "I/O error, dev sdb, sector 1 op 0x0:(READ)",
    "I/O error, dev vda, sector 9 op 0x0:(READ)",
    ...Array.from({ length: 50 }, (_, sector) => `I/O error, dev sdb, sector ${sector} op 0x0:(READ)`),
    "usb 2-1: USB disconnect, device number 3",
    "evil \u001b[2J offline sdb",
    ...Array.from({ length: 50 }, (_, at) => `SQUASHFS error: Unable to read block [${(at * 7919).toString(16)}]`),
    "I/O error, dev loop2, sector 1 op 0x0:(READ)",
  ].join("\n");

  test("are of the device, without repetitions, safe to show", () => {
    expect(kernelWords(dmesg, "/dev/sdb2")).toEqual([
      "I/O error, dev sdb, sector 49 op 0x0:(READ)",
      "usb 2-1: USB disconnect, device number 3",
      "evil ?[2J offline sdb",
      `SQUASHFS error: Unable to read block [${(49 * 7919).toString(16)}]`,
      "I/O error, dev loop2, sector 1 op 0x0:(READ)",
    ]);
  });

  test("are whatever there is where the device is not known", () => {
    expect(kernelWords("SQUASHFS error: Unable to read\nother", "")).toEqual(["SQUASHFS error: Unable to read"]);
    expect(kernelWords("", "/dev/sdb")).toEqual([]);
  });
});

test("a copy ends at the first failed read, however long its source would go on", async () => {
  const copy = perform(
    {
      do: "pipe",
      stages: [
        ["sh", "-c", "echo 'tar: ./x: Read error: Input/output error' >&2; exec cat /dev/zero"],
        ["sh", "-c", "exec cat >/dev/null"],
      ],
    },
    {
      ...{ run: createRun(), secrets: () => Buffer.from(""), signal: new AbortController().signal },
      ...{ onBytes: () => {}, onWarning: () => {} },
    },
  );
  await expect(copy).rejects.toMatchObject({ stderr: expect.stringContaining("Input/output error") });
});
