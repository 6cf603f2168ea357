// Files as the first version wrote them: every later version must still read these.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readHostArchive } from "../../core/boot/host-archive.ts";
import { followEvents } from "../../core/execute/events-file.ts";
import { Journal } from "../../core/execute/journal.ts";
import { scoreOf } from "../../core/hardware/check.ts";
import { loadTemplate } from "../../core/hardware/load-template.ts";
import { verifyTemplate } from "../../core/hardware/verify.ts";
import { hashOf } from "../../core/plan/make-plan.ts";
import { actionsOf } from "../../core/steps/kinds.ts";
import { inventoryOf } from "./recorded-machine.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;

test("the journal of version 1: what was done, what was begun, and a plan that can still be run", () => {
  const [journal] = Journal.unfinished(join(FIXTURES, "journal-v1"));
  if (journal === undefined) throw new Error("no journal was found");
  expect(journal.begun).toBe("copy-system");
  expect([...journal.done]).toEqual([
    ...["check-target", "save-table", "clear-disk", "partition"],
    ...["make-esp", "make-swap", "create-pool", "create-datasets"],
  ]);
  expect(hashOf(journal.plan)).toBe(journal.plan.hash);
  for (const step of journal.plan.steps) {
    expect(actionsOf(step, "actions", journal.plan.evidence).length, step.id).toBeGreaterThan(0);
  }
});

test("the host file of version 1 is read, and the machine it was made on verifies with full marks", async () => {
  const { template } = await loadTemplate(join(FIXTURES, "hardware-v1/jupiter.example.net.yml"));
  expect(template).toMatchObject({ host: "jupiter.example.net", template: "metal_dell_r730xd" });
  const { points, of, differs } = scoreOf(verifyTemplate(template, await inventoryOf("hw-dell-r730xd")));
  expect({ points, differs }).toEqual({ points: of, differs: [] });
});

test("the events of version 1", async () => {
  const stop = new AbortController();
  const kinds: string[] = [];
  await followEvents(
    join(FIXTURES, "events-v1/events.jsonl"),
    (event) => {
      kinds.push(event.event);
      if (event.event === "failed") stop.abort();
    },
    stop.signal,
  );
  expect(kinds).toEqual(["begin", "plan", "journal", "step", "log", "progress", "warning", "log", "failed"]);
});

test("the host archive of version 1", () => {
  const files = readHostArchive(readFileSync(join(FIXTURES, "host-archive-v1/archive.cpio")));
  expect(files.map(({ path }) => path)).toEqual(["etc/hostid", "etc/multiverse/host.conf"]);
  expect(Buffer.from(files[1]?.content ?? []).toString()).toContain("MULTIVERSE_KEEP='3'\n");
});
