// The file of events: whoever follows sees every event once, whenever they begin.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { InstallEvent } from "../../core/execute/events.ts";
import { eventsFile, followEvents } from "../../core/execute/events-file.ts";

let directory = "";
let path = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "events-"));
  path = join(directory, "install", "events.jsonl");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const warning = (message: string): InstallEvent => ({ event: "warning", message });
const begin = (host: string): InstallEvent => ({ event: "begin", v: 1, pid: process.pid, host });

/** Follows until so many events came. */
async function follow(count: number, meanwhile: (seen: InstallEvent[]) => void = () => {}): Promise<InstallEvent[]> {
  const stop = new AbortController();
  const seen: InstallEvent[] = [];
  await followEvents(
    path,
    (event) => {
      seen.push(event);
      meanwhile(seen);
      if (seen.length === count) stop.abort();
    },
    stop.signal,
  );
  return seen;
}

test("the first line says who installs what; what came before follows it", () => {
  const file = eventsFile(path);
  file.write(warning("early"));
  file.begin("jupiter");
  file.write(warning("late"));
  const lines = readFileSync(path, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    begin("jupiter"),
    warning("early"),
    warning("late"),
  ]);
});

test("a file that cannot be written is no reason to stop an install", () => {
  writeFileSync(join(directory, "install"), "a file where the folder should be");
  const file = eventsFile(path);
  file.begin("jupiter");
  expect(() => file.write(warning("x"))).not.toThrow();
});

test("a follower who comes late sees it all; one who came early sees it begin", async () => {
  const early = follow(3);
  const file = eventsFile(path);
  file.begin("jupiter");
  file.write(warning("one"));
  file.write(warning("two"));
  const all = [begin("jupiter"), warning("one"), warning("two")];
  expect(await follow(3)).toEqual(all);
  expect(await early).toEqual(all);
});

test("another install is followed from its own beginning, even when its file is longer", async () => {
  eventsFile(path).begin("jupiter");
  const seen = await follow(4, (sofar) => {
    if (sofar.length !== 1) return;
    const next = eventsFile(path);
    next.begin("saturn");
    next.write(warning("one"));
    next.write(warning("two"));
  });
  expect(seen).toEqual([begin("jupiter"), begin("saturn"), warning("one"), warning("two")]);
});

test("a line that is half written waits for its other half; one that is none is passed over", async () => {
  eventsFile(path).begin("ü");
  const whole = `${JSON.stringify(warning("grün"))}\n`;
  const bytes = Buffer.from(whole);
  const cut = bytes.indexOf(0xc3) + 1;
  appendFileSync(path, bytes.subarray(0, cut));
  const seen = await follow(2, (sofar) => {
    if (sofar.length === 1) appendFileSync(path, Buffer.concat([bytes.subarray(cut), Buffer.from("no json\n[1]\n")]));
  });
  expect(seen).toEqual([begin("ü"), warning("grün")]);
});
