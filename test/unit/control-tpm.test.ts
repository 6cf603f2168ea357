// The audit log and the TPM: what is found at a start, what is counted when, and what a TPM that fails or is gone does.
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuditHead } from "../../core/control/audit.ts";
import type { Gate } from "../../core/control/gate.ts";
import { INTERVAL_MS } from "../../core/control/tpm-anchor.ts";
import { judgeLog } from "../../core/control/tpm-judge.ts";
import { type Counted, type HeadCounter, TpmAbsent } from "../../core/control/tpm-nv.ts";
import { commander, type TestHost, testHost } from "./control-host.ts";

describe("judgeLog", () => {
  const head = (entries: number): AuditHead => ({ entries, hash: `h${entries}` });
  const log = (counter: number | null, lines = 9) => ({
    counter,
    hashAt: (entries: number) => (entries <= lines ? `h${entries}` : null),
  });

  test.each<[string, number | null, Counted | null]>([
    ["a first use", null, null],
    ["a first use that a power cut ended", 0, { counter: 4, head: null }],
    ["a first use before the counter was made", 0, null],
    ["what was counted last", 7, { counter: 7, head: head(5) }],
    ["a mark that was not counted yet", 8, { counter: 7, head: head(5) }],
    ["the first mark, not counted yet", 2, { counter: 1, head: null }],
  ])("takes %s", (_, counter, tpm) => {
    expect(judgeLog(log(counter), tpm)).toBeNull();
  });

  test.each<[string, number | null, Counted | null, string]>([
    ["an old log", 5, { counter: 7, head: head(5) }, "older than the TPM's counter says: it is at 5, the TPM at 7"],
    ["a log without its marks", null, { counter: 7, head: head(5) }, "removed, or this host was installed anew"],
    ["the same where only the counter is left", null, { counter: 7, head: null }, "removed, or this host"],
    ["a first use where there was one before", 0, { counter: 7, head: head(5) }, "older than the TPM's counter"],
    ["another TPM", 7, { counter: 3, head: head(5) }, "another TPM, or it was cleared"],
    ["a cleared TPM", 7, null, "another TPM, or it was cleared"],
    ["a TPM without its counter", 7, { counter: 0, head: head(5) }, "another TPM, or it was cleared"],
    ["an edited log", 7, { counter: 7, head: { entries: 5, hash: "other" } }, "not the one whose end the TPM keeps"],
    ["a log that is too short", 7, { counter: 7, head: head(12) }, "not the one whose end the TPM keeps"],
    ["an edited log before a mark", 8, { counter: 7, head: { entries: 5, hash: "x" } }, "not the one whose end"],
    ["a TPM without the head that was counted", 7, { counter: 7, head: null }, "not the one whose end the TPM keeps"],
  ])("finds %s", (_, counter, tpm, why) => {
    expect(judgeLog(log(counter), tpm)).toContain(why);
  });
});

interface StandIn extends HeadCounter {
  kept: Counted | null;
  /** What every call does instead. */
  fails: Error | null;
  /** Done after the head was kept and before the counter is raised. */
  cut: boolean;
  calls: string[];
}

function standIn(): StandIn {
  const tpm: StandIn = {
    ...{ kept: null, fails: null, cut: false, calls: [] },
    present: () => !(tpm.fails instanceof TpmAbsent),
    async read() {
      tpm.calls.push("read");
      if (tpm.fails) throw tpm.fails;
      return tpm.kept;
    },
    async define() {
      tpm.calls.push("define");
      if (tpm.fails) throw tpm.fails;
      tpm.kept = { head: null, ...tpm.kept, counter: 1 };
      return tpm.kept;
    },
    async anchor({ entries, hash }) {
      tpm.calls.push("anchor");
      if (tpm.fails) throw tpm.fails;
      tpm.kept = { counter: tpm.kept?.counter ?? 0, head: { entries, hash } };
      if (tpm.cut) throw new Error("the power is cut");
      tpm.kept.counter += 1;
      return tpm.kept.counter;
    },
  };
  return tpm;
}

describe("a gate with a TPM", () => {
  let host: TestHost;
  let tpm: StandIn;
  let gate: Gate | null;
  const settled = async () => {
    for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
  };
  let alive = { yes: true };
  const open = async () => {
    const power = { yes: true };
    alive = power;
    const after = (ms: number, then: () => void) => host.clock.after(ms, () => power.yes && then());
    gate = await host.gate({ tpm, clock: { ...host.clock, after } });
    await settled();
    return gate;
  };
  const stop = async () => {
    await gate?.close();
    gate = null;
  };
  /** As a power cut leaves it. */
  const cutPower = () => {
    alive.yes = false;
    gate = null;
  };
  const audit = () => gate?.facts().audit;
  const command = () => commander(host, gate as Gate, "ada", host.key("ada")).command("audit.acknowledge");
  const log = () => join(host.state, "audit.jsonl");
  const pass = async (seconds: number) => {
    host.clock.pass(seconds);
    await settled();
  };
  /** The log, its head and the file anchor, as they are now. */
  const copy = () => {
    rmSync(join(host.folder, "copy"), { recursive: true, force: true });
    cpSync(host.state, join(host.folder, "copy/state"), { recursive: true });
    cpSync(dirname(host.anchorPath), join(host.folder, "copy/anchor"), { recursive: true });
  };
  const putBack = () => {
    rmSync(host.state, { recursive: true });
    cpSync(join(host.folder, "copy/state"), host.state, { recursive: true });
    mkdirSync(dirname(host.anchorPath), { recursive: true });
    copyFileSync(join(host.folder, "copy/anchor/head.json"), host.anchorPath);
  };

  beforeEach(() => {
    host = testHost();
    host.enroll([`ada ${host.key("ada").line}`], "version: 1\nprincipals: {ada: {operations: all}}\n");
    tpm = standIn();
  });
  afterEach(async () => {
    tpm.fails = null;
    await stop();
    host.remove();
  });

  test("uses it from the first start on, and is whole after others", async () => {
    await open();
    expect(audit()).toMatchObject({ state: "whole", why: null, anchor: "tpm" });
    expect(tpm.kept?.counter).toBe(2);
    for (let start = 0; start < 3; start += 1) {
      await stop();
      await open();
      expect(audit()).toMatchObject({ state: "whole", anchor: "tpm" });
    }
    // Each stop but the first counted what the start had added.
    expect(tpm.kept?.counter).toBe(4);
  });

  test("nobody knows until the TPM has answered, and commands are taken meanwhile", async () => {
    const answer = Promise.withResolvers<Counted | null>();
    gate = await host.gate({ tpm: { ...tpm, read: () => answer.promise } });
    expect(audit()).toMatchObject({ state: "unknown", anchor: "tpm", why: expect.stringContaining("compared") });
    expect((await command()).said).toBe("done");
    let told = 0;
    gate.onChange(() => {
      told += 1;
    });
    answer.resolve(null);
    await settled();
    expect(audit()).toMatchObject({ state: "whole", anchor: "tpm" });
    expect(told).toBeGreaterThan(0);
  });

  test("a log put back with its head and its file is older than the counter, until it is acknowledged", async () => {
    await open();
    await command();
    await stop();
    copy();
    await open();
    await command();
    await stop();
    putBack();
    await open();
    expect(audit()).toMatchObject({
      ...{ state: "broken", anchor: "tpm" },
      why: expect.stringContaining("older than the TPM's counter says"),
    });
    expect(host.logged.join("\n")).toContain("The audit log is broken: The audit log is older");
    await stop();
    await open();
    expect(audit()?.state).toBe("broken");
    expect(readFileSync(log(), "utf8").match(/"event":"break"/g)?.length).toBe(1);
    await command();
    expect(audit()).toMatchObject({ state: "whole", why: null });
    await stop();
    await open();
    expect(audit()).toMatchObject({ state: "whole", anchor: "tpm" });
  });

  test("a log and a file that were both taken away are missed", async () => {
    await open();
    await stop();
    for (const path of [log(), host.anchorPath]) rmSync(path);
    await open();
    expect(audit()).toMatchObject({ state: "broken", why: expect.stringContaining("the log was removed") });
  });

  test("a log broken by its own chain is told once, with the TPM or without", async () => {
    await open();
    await stop();
    writeFileSync(log(), readFileSync(log(), "utf8").replace('"boot":"b1"', '"boot":"bX"'));
    await open();
    await stop();
    await open();
    expect(audit()).toMatchObject({ state: "broken", why: expect.stringContaining("not what was written") });
    expect(readFileSync(log(), "utf8").match(/"event":"break"/g)?.length).toBe(1);
    await command();
    await stop();
    await open();
    expect(audit()?.state).toBe("whole");
  });

  test("counts at most once in five minutes, and what is left at the end", async () => {
    await open();
    const counted = () => tpm.kept?.counter;
    expect(counted()).toBe(2);
    for (let turn = 0; turn < 4; turn += 1) {
      await command();
      await pass(60);
    }
    expect(counted()).toBe(2);
    await pass(60);
    expect(counted()).toBe(3);
    await pass(3600);
    expect(counted()).toBe(3);
    await command();
    await pass(5);
    expect(counted()).toBe(4);
    await command();
    // A daemon that ends and starts without a stop begins no new five minutes.
    cutPower();
    await open();
    await pass(5);
    expect(counted()).toBe(4);
    await pass(INTERVAL_MS / 1000);
    expect(counted()).toBe(5);
    await command();
    await stop();
    expect(counted()).toBe(6);
  });

  test("a clock that was set back holds nothing up for longer", async () => {
    await open();
    host.clock.set(-86_400);
    await command();
    await pass(INTERVAL_MS / 1000);
    expect(tpm.kept?.counter).toBe(3);
  });

  test("a power cut between the mark and the count breaks nothing", async () => {
    await open();
    await command();
    tpm.cut = true;
    await pass(INTERVAL_MS / 1000);
    expect(tpm.kept).toMatchObject({ counter: 2 });
    cutPower();
    tpm.cut = false;
    await open();
    expect(audit()).toMatchObject({ state: "whole", anchor: "tpm" });
    await pass(INTERVAL_MS / 1000);
    expect(tpm.kept?.counter).toBe(3);
    await stop();
    await open();
    expect(audit()?.state).toBe("whole");
  });

  test("a count that fails is tried again, told when it goes on failing, and then whole again", async () => {
    await open();
    await command();
    tpm.fails = new Error("the bus is stuck");
    await pass(INTERVAL_MS / 1000);
    expect(audit()).toMatchObject({ state: "whole", anchor: "tpm" });
    for (const wait of [5, 20, 60]) await pass(wait);
    expect(audit()).toMatchObject({ state: "unknown", anchor: "tpm", why: expect.stringContaining("bus is stuck") });
    expect((await command()).said).toBe("done");
    tpm.fails = null;
    await pass(INTERVAL_MS / 1000);
    expect(audit()).toMatchObject({ state: "whole", why: null });
    expect(tpm.kept?.counter).toBe(3);
  });

  test("a machine without one has the file, and never says otherwise", async () => {
    tpm.fails = new TpmAbsent("this machine has no TPM 2.0");
    await open();
    expect(audit()).toMatchObject({ state: "whole", anchor: "file" });
    for (const wait of [5, 20, 60, 3600]) await pass(wait);
    expect(audit()).toMatchObject({ state: "whole", why: null, anchor: "file" });
    expect(tpm.calls.length).toBe(3);
  });

  test("one that does not let itself be used is left alone, and the log says so", async () => {
    tpm.define = async () => {
      throw new Error("the owner has a password");
    };
    await open();
    for (const wait of [5, 20]) await pass(wait);
    expect(audit()).toMatchObject({ state: "whole", why: null, anchor: "file" });
    expect(host.logged.join("\n")).toContain("not anchored in a TPM: the owner has a password");
  });

  test("one that is gone is told, not silently the file", async () => {
    await open();
    await stop();
    tpm.fails = new TpmAbsent("this machine has no TPM 2.0");
    await open();
    expect(audit()).toMatchObject({ state: "unknown", why: expect.stringContaining("no TPM") });
    for (const wait of [5, 20]) await pass(wait);
    const why = "The audit log was anchored in a TPM (at 2), and now this machine has no TPM 2.0.";
    expect(audit()).toMatchObject({ state: "broken", anchor: "file", why });
    await command();
    await stop();
    await open();
    for (const wait of [5, 20]) await pass(wait);
    expect(audit()).toMatchObject({ state: "whole", anchor: "file" });
    // What was done without it was not counted: nobody can say that nothing was taken away.
    await stop();
    tpm.fails = null;
    tpm.kept = { counter: 9, head: null };
    await open();
    expect(audit()).toMatchObject({ state: "broken", anchor: "tpm" });
  });

  test("one that does not answer is not gone", async () => {
    await open();
    await stop();
    tpm.fails = new Error("tpm2_getcap did not finish in time");
    await open();
    for (const wait of [5, 20, 60, 300, 300]) await pass(wait);
    expect(audit()).toMatchObject({ state: "unknown", anchor: "tpm", why: expect.stringContaining("did not finish") });
    expect(readFileSync(log(), "utf8")).not.toContain('"event":"break"');
    tpm.fails = null;
    await pass(300);
    expect(audit()).toMatchObject({ state: "whole", anchor: "tpm" });
  });

  test("a break that cannot be written is told in the journal, and ends nothing", async () => {
    await open();
    await stop();
    copy();
    await open();
    await stop();
    putBack();
    const answer = Promise.withResolvers<void>();
    const read = tpm.read;
    tpm.read = async (signal) => {
      await answer.promise;
      return read(signal);
    };
    await open();
    const kept = readFileSync(log());
    rmSync(log());
    mkdirSync(log());
    answer.resolve();
    await settled();
    expect(audit()).toMatchObject({ state: "unknown", why: expect.stringContaining("not anchored in the TPM now") });
    rmSync(log(), { recursive: true });
    writeFileSync(log(), kept);
    await pass(5);
    expect(audit()).toMatchObject({ state: "broken", why: expect.stringContaining("older than the TPM") });
  });

  test("the signed head names the counter", async () => {
    await open();
    await stop();
    const { head } = JSON.parse(readFileSync(join(host.state, "audit-head.json"), "utf8"));
    expect(JSON.parse(head)).toMatchObject({ counter: 2, ...host.anchor.read() });
  });

  test("a TPM that hangs does not keep the daemon from ending", async () => {
    await open();
    await command();
    tpm.anchor = (_, signal) =>
      new Promise((_end, fail) => signal.addEventListener("abort", () => fail(new Error("given up"))));
    const closed = stop();
    await settled();
    host.clock.pass(8);
    await closed;
    expect(tpm.kept?.counter).toBe(2);
  });
});
