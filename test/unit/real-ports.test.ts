// The real outside of the status sources: what it does not read, it says by null, and nothing makes it wait.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { realPorts } from "../../core/status/real-ports.ts";
import { NOTHING, portsOf } from "./recorded-ports.ts";

const directory = mkdtempSync(join(tmpdir(), "ports-"));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string) => join(directory, name);
const ports = realPorts(portsOf(NOTHING).run);

test("what is not there, a folder, a device and a pipe without a writer are null, and none of them is waited for", async () => {
  mkdirSync(at("folder"));
  execFileSync("mkfifo", [at("pipe")]);
  expect(await Promise.all([at("none"), at("folder"), "/dev/zero", at("pipe"), ""].map(ports.read))).toEqual(
    Array(5).fill(null),
  );
});

test("a file without an end is read up to 1 MiB", async () => {
  writeFileSync(at("most"), "m".repeat(1024 * 1024));
  writeFileSync(at("more"), "m".repeat(3 * 1024 * 1024));
  expect((await ports.read(at("most")))?.length).toBe(1024 * 1024);
  expect((await ports.read(at("more")))?.length).toBe(1024 * 1024);
});

test("files that say they are empty are read all the same (procfs)", async () => {
  expect(await ports.read("/proc/self/mounts")).toMatch(/^\S+ \/ /m);
});

test("a character is not cut apart between two chunks", async () => {
  const text = `${"m".repeat(16 * 1024 - 1)}ä`;
  writeFileSync(at("cut"), text);
  expect(await ports.read(at("cut"))).toBe(text);
});

test("folders are listed sorted, and where there is none, nothing", async () => {
  mkdirSync(at("names"));
  for (const name of ["b", "a", "c"]) writeFileSync(at(`names/${name}`), "");
  expect(await ports.list(at("names"))).toEqual(["a", "b", "c"]);
  expect(await ports.list(at("nowhere"))).toEqual([]);
});

test("links say where they point, also to what is not there; anything else is null", async () => {
  symlinkSync("../nowhere", at("link"));
  expect([await ports.link(at("link")), await ports.link(at("most")), await ports.link(at("none"))]).toEqual([
    ...["../nowhere", null, null],
  ]);
});

test("the monotonic clock is the machine's, and goes forward", async () => {
  const before = ports.monotonic();
  const uptime = Number((await ports.read("/proc/uptime"))?.split(" ")[0]) * 1_000;
  const after = ports.monotonic();
  expect(after).toBeGreaterThanOrEqual(before);
  // proc_uptime(5) counts sleep, too: it is never behind, but by its hundredths and our rounding.
  expect(uptime).toBeGreaterThanOrEqual(before - 20);
});
