// The report of a failure: nothing secret in it, and its essentials fit a QR code.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import type { InstallEvent } from "../../core/execute/events.ts";
import { Journal } from "../../core/execute/journal.ts";
import { essentials, failureReport, type ReportParts } from "../../core/report/failure-report.ts";
import { gatherReport } from "../../core/report/gather.ts";
import { saveReport } from "../../core/report/save-report.ts";
import type { Argv, Run } from "../../core/tools/run.ts";
import { sampleDisk, sampleInventory, samplePlan } from "./sample-host.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "report-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const PASSPHRASE = 'otter "canvas" \\ seven';
const HASH = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7";
const KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\nAAAA\n-----END OPENSSH PRIVATE KEY-----";
const plan = samplePlan({ users: [{ name: "ada", password: HASH, groups: [], sshKeys: [] }] });

const failed: InstallEvent = {
  ...{ event: "failed", index: 10 },
  error: { code: "step-failed", message: "x", evidence: [], hint: "Go on." },
};

function parts(overrides: Partial<ReportParts> = {}): ReportParts {
  return {
    ...{
      when: "2026-11-20T12:03:00.000Z",
      version: "0.1.0",
      plan,
      inventory: sampleInventory(),
      journal: [],
      kernel: [],
    },
    error: {
      code: "source-stopped",
      message: "It stopped.",
      evidence: ["a", "kernel: I/O error, dev sdb"],
      hint: "Go on.",
    },
    events: [failed],
    ...overrides,
  };
}

describe("what must not be in it", () => {
  test("planted secrets are in none of its parts, wherever they were said", () => {
    const said = `${PASSPHRASE} and ${HASH} and ${KEY}`;
    const log: InstallEvent[] = [{ event: "log", line: `  ${said}` }, { event: "warning", message: said }, failed];
    const { text, essentials: short } = failureReport(
      parts({
        ...{ secrets: [PASSPHRASE], journal: [said], kernel: [said], events: log },
        error: { code: "x", message: said, evidence: [said], hint: said },
        inventory: sampleInventory({ notes: [said], disks: [sampleDisk({ model: said })] }),
      }),
    );
    for (const secret of ["otter", "canvas", "j9T", "9agCG9G317", "b3BlbnNzaC1rZXkt", "AAAA"]) {
      expect(text, secret).not.toContain(secret);
      expect(short, secret).not.toContain(secret);
    }
    expect(text).toContain("(a secret, taken out)");
  });

  test("the plan's users are not in it at all", () => {
    expect(failureReport(parts()).text).not.toMatch(/\$y\$|ada/);
  });

  test("no control characters, and no line that pretends to be another section", () => {
    const evil = "x\u001b[2Jy\u202e";
    const { text } = failureReport(parts({ kernel: [evil], error: { ...parts().error, evidence: [evil] } }));
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });
});

test("it says what failed, where, of which plan, on which machine", () => {
  const { text } = failureReport(parts({ journal: ['{"v":1,"state":"intent","step":"copy-system"}'] }));
  for (const wanted of [
    "version 0.1.0",
    "step 10 of 21: copy the system (copy-system)",
    "It stopped. [source-stopped]",
    `hash ${plan.hash}`,
    "erases virtio-MVTARGET01",
    "disk virtio-MVTARGET01",
    '"step":"copy-system"',
  ]) {
    expect(text).toContain(wanted);
  }
});

test("of progress the last of each run is kept", () => {
  const progress = (bytes: string): InstallEvent => ({
    ...{ event: "progress", index: 10, bytes, total: "9", rate: "1", left: null },
  });
  const { text } = failureReport(parts({ events: [progress("1"), progress("2"), failed] }));
  expect(text).not.toContain('"bytes":"1"');
  expect(text).toContain('"bytes":"2"');
});

test("its essentials are one line of at most 300 characters, whatever was said", () => {
  expect(essentials(parts())).toBe(
    `multiverse 0.1.0; plan ${plan.hash.slice(0, 4)}-${plan.hash.slice(4, 8)}-${plan.hash.slice(8, 12)}; step copy-system; source-stopped; kernel: I/O error, dev sdb`,
  );
  expect(essentials(parts({ plan: null, events: [] }))).toContain("plan none; step none; source-stopped");
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 1000 })), (evidence) => {
      const text = essentials(parts({ error: { ...parts().error, evidence } }));
      expect(text.length).toBeLessThanOrEqual(300);
      expect(text).not.toMatch(/[\u0000-\u001f]/);
    }),
  );
});

describe("gathering", () => {
  const silent: Run = Object.assign(
    async (argv: Argv) => {
      throw new ProgramError(argv, "missing", null, "");
    },
    { pipe: async () => {} },
  );

  test("a machine where nothing answers still gives a report", async () => {
    const { error } = parts();
    const found = await gatherReport({
      run: silent,
      version: "1",
      error,
      plan: null,
      eventsFile: join(directory, "none"),
    });
    expect(found).toMatchObject({ inventory: null, journal: [], events: [] });
    expect(failureReport(found).text).toContain("could not be looked at");
  });

  test("the journal's lines and the events' are in it", async () => {
    const journal = Journal.begin(directory, plan);
    journal.write("intent", "copy-system");
    const eventsFile = join(directory, "events.jsonl");
    writeFileSync(eventsFile, `${JSON.stringify(failed)}\nhalf`);
    const run: Run = Object.assign(async (argv: Argv) => ({ argv, exit: 0, stdout: "one\ntwo\n", stderr: "" }), {
      pipe: async () => {},
    });
    const found = await gatherReport({
      ...{ run, version: "1", error: parts().error, plan, journal: journal.directory, eventsFile },
      ...{ inventory: sampleInventory(), when: new Date(0) },
    });
    expect(found).toMatchObject({ kernel: ["one", "two"], events: [failed], when: "1970-01-01T00:00:00.000Z" });
    expect(found.journal).toEqual(['{"v":1,"state":"intent","step":"copy-system"}']);
  });
});

describe("saving", () => {
  const report = failureReport(parts());

  test("goes to the stick under a name that FAT takes", () => {
    const path = saveReport(report, { path: directory, durable: true }, new Date("2026-11-20T12:03:07.123Z"));
    expect(path).toBe(join(directory, "report-2026-11-20T120307Z.txt"));
    expect(readFileSync(path, "utf8")).toBe(report.text);
  });

  test("without a stick, or on one that was pulled, is an error that says so", () => {
    const attempt = (place: { path: string; durable: boolean }) => () => saveReport(report, place);
    expect(attempt({ path: directory, durable: false })).toThrow(
      expect.objectContaining({ code: "no-place-for-report" }),
    );
    writeFileSync(join(directory, "file"), "");
    expect(attempt({ path: join(directory, "file"), durable: true })).toThrow(
      expect.objectContaining({ code: "report-not-saved", exit: 5 }),
    );
  });
});
