// What screens ask of core: a plan from a spec's text after each answer, passphrases as values, unfinished installs.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Journal } from "../../core/execute/journal.ts";
import { readSecrets } from "../../core/execute/secrets.ts";
import { planDraft, planFor } from "../../core/install.ts";
import { replay } from "../../core/inventory/record.ts";
import { unfinishedInstalls } from "../../core/resume.ts";
import { inventoryOf, machineFile } from "./recorded-machine.ts";
import { samplePlan, sampleSpec } from "./sample-host.ts";
import { COMPLETE } from "./spec-text.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "draft-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const known = { now: 1, saveTo: "/s" };

describe("a draft", async () => {
  const inventory = await inventoryOf("qemu-blank-disk");
  const draft = (text: string) => planDraft({ name: join(directory, "jupiter.yml"), text }, inventory, known);

  test.each([
    ["host: {name", "invalid-yaml"],
    ["version: 1\nhots: {}\n", "invalid-spec"],
    ["version: 1\nhost: {ref: nowhere.yml#/host}\n", "cannot-read"],
    [`${COMPLETE}source: "live:/dev/disk/by-id/usb-None"\n`, "source-not-found"],
    [`${COMPLETE}swap: file\n`, "swap-file-on-zfs"],
    [`${COMPLETE}hardware: x\n`, "not-yet"],
  ])("that cannot be planned says why and throws nothing: %j", async (text, code) => {
    const { plan, error } = await draft(text);
    expect(plan).toBeNull();
    expect(error).toMatchObject({ code });
  });

  test("that is empty asks for what is missing", async () => {
    const { loaded, questions, spec, plan, error } = await draft("version: 1\n");
    expect(questions.map(({ path }) => path)).toEqual(["host.name", "disks.system", "root.encryption", "users"]);
    expect([spec, plan]).toEqual([null, null]);
    expect(loaded).not.toBeNull();
    expect(error).toMatchObject({ code: "values-missing" });
  });

  test("that is complete is the plan that its file gives, and the same each time", async () => {
    writeFileSync(join(directory, "names.yml"), "host: {name: jupiter.example.net}\n");
    const text = COMPLETE.replace("host: {name: jupiter.example.net}", 'host: {ref: "names.yml#/host"}');
    const { plan, spec, error, questions } = await draft(text);
    expect(error).toBeNull();
    expect(spec?.host.name).toBe("jupiter.example.net");
    expect(questions.map(({ path }) => path)).toEqual(["confirm.erase"]);
    writeFileSync(join(directory, "jupiter.yml"), text);
    const run = replay(machineFile("qemu-blank-disk"));
    const fromFile = await planFor({ files: [join(directory, "jupiter.yml")], run });
    const fromDraft = await planFor({ files: [], draft: { name: join(directory, "other.yml"), text }, run });
    expect([fromFile.plan.hash, fromDraft.plan.hash]).toEqual([plan?.hash, plan?.hash]);
  });
});

describe("a passphrase as a value", () => {
  test.each([["short"], ["x".repeat(513)], ["two\nlines"]])("%j is refused", (text) => {
    expect(() => readSecrets({ passphrase: { value: Buffer.from(text) } })).toThrow(
      expect.objectContaining({ code: "secret-unusable" }),
    );
  });

  test("is the one that programs get, also when its owner has wiped it", () => {
    const value = Buffer.from("zażółć gęślą");
    const secrets = readSecrets({ passphrase: { value } });
    value.fill(0);
    expect(Buffer.from(secrets("passphrase")).toString()).toBe("zażółć gęślą");
    expect(() => secrets("recovery-passphrase")).toThrow(expect.objectContaining({ code: "secret-missing" }));
  });
});

describe("unfinished installs", () => {
  const list = () => unfinishedInstalls({ path: directory, durable: true });

  test("are none where nothing was begun, or all was finished", () => {
    expect(list()).toEqual([]);
    Journal.begin(directory, samplePlan()).write("finished");
    expect(list()).toEqual([]);
  });

  test("say what they are, where they stand and what they will ask for", () => {
    const plan = samplePlan({ root: { ...sampleSpec().root, encryption: "passphrase" } });
    const journal = Journal.begin(directory, plan);
    for (const { id } of plan.steps.slice(0, 9)) journal.write("done", id);
    journal.write("intent", "copy-system");
    expect(list()).toEqual([
      {
        ...{
          host: "jupiter.example.net",
          disks: ["MVTARGET01, 12 GiB"],
          hash: plan.hash,
          directory: journal.directory,
        },
        ...{ step: 9 + 1, of: plan.steps.length, title: plan.steps[9]?.title, needsPassphrase: true, durable: true },
        when: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    ]);
  });
});
