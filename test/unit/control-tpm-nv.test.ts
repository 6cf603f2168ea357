// The TPM's own memory by tpm2-tools, against a real swtpm: what is made, counted, read back and refused.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { counterOf, type HeadCounter, headOf, TpmAbsent, tpmNv } from "../../core/control/tpm-nv.ts";
import { ProgramError } from "../../core/errors.ts";
import type { Run } from "../../core/tools/run.ts";
import { createRun } from "../../core/tools/run-real.ts";
import { testHost } from "./control-host.ts";

const signal = new AbortController().signal;
const HEAD = { entries: 214, hash: "ab".repeat(32) };

describe("what tpm2_nvread says", () => {
  test("is a counter, nothing yet, or an error", () => {
    expect(counterOf("counter: 7\n")).toBe(7);
    expect(counterOf("")).toBe(0);
    for (const text of ["counter: x\n", "7\n", "counter: 18446744073709551615\n"]) {
      expect(() => counterOf(text)).toThrow("could not be read");
    }
  });

  test("is a head only where it is one of ours", () => {
    expect(headOf(`214 ${HEAD.hash}`.padEnd(96))).toEqual(HEAD);
    for (const text of ["", " ".repeat(96), `214 ${HEAD.hash.toUpperCase()}`, `-1 ${HEAD.hash}`, `1e3 ${HEAD.hash}`]) {
      expect(headOf(text)).toBeNull();
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 120 }), (text) => {
        const head = headOf(text);
        expect(head === null || text.startsWith(`${head.entries} ${head.hash}`) || /^0\d/.test(text)).toBe(true);
      }),
    );
  });
});

test("a machine without a TPM, or without the programs, has none", async () => {
  const never: Run = Object.assign(() => Promise.reject(new Error("was run")), { pipe: () => Promise.reject() });
  const without = tpmNv({ run: never, device: "/nowhere/tpmrm0" });
  expect(without.present()).toBe(false);
  await expect(without.read(signal)).rejects.toBeInstanceOf(TpmAbsent);
  const missing: Run = Object.assign(
    (argv: readonly string[]) => Promise.reject(new ProgramError(argv, "missing", null, "")),
    { pipe: () => Promise.reject() },
  );
  await expect(tpmNv({ run: missing, device: null }).read(signal)).rejects.toBeInstanceOf(TpmAbsent);
});

const there = ["swtpm", "tpm2_nvread"].every(
  (program) => spawnSync("sh", ["-c", 'command -v "$1"', "sh", program]).status === 0,
);

describe.skipIf(!there)("with a real TPM (needs the packages swtpm and tpm2-tools)", () => {
  let folder: string;
  let tcti: string;
  let nv: HeadCounter;
  let swtpm: ReturnType<typeof spawn>;
  const tpm2 = (program: string, ...args: string[]) =>
    execFileSync(`tpm2_${program}`, ["-T", tcti, ...args], { stdio: ["ignore", "pipe", "ignore"] }).toString();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "mv-tpm-"));
    const [state, socket] = [join(folder, "state"), join(folder, "s")];
    mkdirSync(state);
    const sockets = ["--server", `type=unixio,path=${socket}`, "--ctrl", `type=unixio,path=${socket}.ctrl`];
    const flags = ["--flags", "not-need-init,startup-clear"];
    swtpm = spawn("swtpm", ["socket", "--tpm2", "--tpmstate", `dir=${state}`, ...sockets, ...flags], {
      stdio: "ignore",
    });
    while (!existsSync(socket) && swtpm.exitCode === null) await delay(10);
    tcti = `swtpm:path=${socket}`;
    nv = tpmNv({ run: createRun(), tcti, device: null });
  });
  afterEach(async () => {
    const ended = new Promise((resolve) => swtpm.once("exit", resolve));
    swtpm.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true });
  });

  test("nothing is there, then a counter that goes up with each head", async () => {
    expect(await nv.read(signal)).toBeNull();
    const first = await nv.define(signal);
    expect(first).toEqual({ counter: 1, head: null });
    expect(await nv.anchor(HEAD, signal)).toBe(2);
    expect(await nv.anchor({ ...HEAD, entries: 9_007_199_254 }, signal)).toBe(3);
    expect(await nv.read(signal)).toEqual({ counter: 3, head: { ...HEAD, entries: 9_007_199_254 } });
    expect(await nv.define(signal)).toMatchObject({ counter: 3 });
  });

  test("a first use that was cut off is gone on with", async () => {
    tpm2("nvdefine", "0x01804D56", "-C", "o", "-a", "ownerread|ownerwrite|authread|no_da|nt=counter");
    expect(await nv.read(signal)).toEqual({ counter: 0, head: null });
    expect(await nv.define(signal)).toEqual({ counter: 1, head: null });
  });

  test("a counter that was deleted and made anew does not begin again", async () => {
    await nv.define(signal);
    expect(await nv.anchor(HEAD, signal)).toBe(2);
    tpm2("nvundefine", "0x01804D56", "-C", "o");
    expect(await nv.read(signal)).toEqual({ counter: 0, head: HEAD });
    expect((await nv.define(signal)).counter).toBe(3);
  });

  test("a head that somebody else wrote is none", async () => {
    await nv.define(signal);
    execFileSync("tpm2_nvwrite", ["-T", tcti, "0x01804D57", "-C", "o", "-i", "-"], { input: "x".repeat(96) });
    expect(await nv.read(signal)).toEqual({ counter: 1, head: null });
  });

  test("an old log, its head and its file put back together are found by a gate", async () => {
    const host = testHost();
    try {
      /** Resolves when the log has been held against the TPM. */
      const compared = async () => {
        const gate = await host.gate({ tpm: nv });
        while (gate.facts().audit.state === "unknown") {
          const quiet = Promise.withResolvers<void>();
          const stop = gate.onChange(quiet.resolve);
          if (gate.facts().audit.state === "unknown") await quiet.promise;
          stop();
        }
        return gate;
      };
      await (await compared()).close();
      cpSync(host.state, join(folder, "old"), { recursive: true });
      cpSync(host.anchorPath, join(folder, "old-anchor"));
      const second = await compared();
      expect(second.facts().audit).toMatchObject({ state: "whole", anchor: "tpm" });
      await second.close();
      rmSync(host.state, { recursive: true });
      cpSync(join(folder, "old"), host.state, { recursive: true });
      cpSync(join(folder, "old-anchor"), host.anchorPath);
      const third = await compared();
      const why = expect.stringContaining("older than the TPM's counter says");
      expect(third.facts().audit).toMatchObject({ state: "broken", anchor: "tpm", why });
      await third.close();
    } finally {
      host.remove();
    }
  });

  test("with a password of its owner it is read, and not written", async () => {
    await nv.define(signal);
    await nv.anchor(HEAD, signal);
    tpm2("changeauth", "-c", "o", "planted");
    expect(await nv.read(signal)).toEqual({ counter: 2, head: HEAD });
    await expect(nv.anchor(HEAD, signal)).rejects.toBeInstanceOf(ProgramError);
    expect(await nv.read(signal)).toMatchObject({ counter: 2 });
  });
});
