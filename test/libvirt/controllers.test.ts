// Controllers against a real libvirt and real QEMU: frozen, killed, started, stopped, paused, switched, many.
import { rename } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConsoleRelay } from "../../core/controllers/console-relay.ts";
import { type ControllersSource, makeControllersSource } from "../../core/controllers/controllers-source.ts";
import { type ControllerOperations, makeControllerOperations } from "../../core/controllers/operations.ts";
import type { Controller } from "../../core/status/controller-facts.ts";
import type { Argv, Run, RunOptions } from "../../core/tools/run.ts";
import { type PrivateLibvirt, startLibvirt, until } from "./private-libvirt.ts";

let libvirt: PrivateLibvirt;
let source: ControllersSource;
let operations: ControllerOperations;
/** Added to the monotonic clock, so that nobody waits half a minute for a silence. */
let skipped = 0;
let programs = 0;
const context = { signal: new AbortController().signal, progress: () => {}, principal: "test" };

async function readAll(): Promise<Controller[]> {
  const counted = (argv: Argv, options?: RunOptions) => {
    programs++;
    return libvirt.run(argv, options);
  };
  const run: Run = Object.assign(counted, { pipe: libvirt.run.pipe });
  const nothing = { read: async () => null, list: async () => [], link: async () => null };
  const clocks = { monotonic: () => performance.now() + skipped, wall: () => Date.now() };
  return source.read({ run, ...nothing, ...clocks }, context.signal);
}

const read = async (name: string) => (await readAll()).find((controller) => controller.name === name);
const becomes = (name: string, state: Controller["state"]) =>
  until(
    () => read(name),
    (seen) => seen?.state === state,
  );

beforeAll(async () => {
  libvirt = await startLibvirt();
  const { uri, logFolder, run, folder } = libvirt;
  source = makeControllersSource({ uri, logFolder });
  operations = makeControllerOperations({
    ...{ run, uri, rest: (ms, signal) => rest(ms, undefined, { signal }) },
    console: createConsoleRelay({ folder: join(folder, "console"), group: null }),
  });
  for (const name of ["heard", "other"]) await libvirt.define(name, { heartbeat: true });
  await libvirt.define("plain", { heartbeat: false });
});

afterAll(async () => {
  source?.close();
  await libvirt?.end();
});

test("a start whose disk is missing is refused with libvirt's words, and is failed", async () => {
  const disk = join(libvirt.folder, "plain.img");
  await rename(disk, `${disk}.away`);
  const refused = operations.vmStart({ name: "plain" }, context);
  await expect(refused).rejects.toMatchObject({ code: "vm-refused" });
  await expect(refused).rejects.toMatchObject({ evidence: [expect.any(String), expect.stringContaining("plain.img")] });
  expect(await read("plain")).toMatchObject({
    state: "failed",
    reason: { text: expect.stringContaining("could not be started") },
  });
  await rename(`${disk}.away`, disk);
});

test("started: heard on its channel, its console told, one without a channel runs all the same", async () => {
  for (const name of ["heard", "other", "plain"]) await operations.vmStart({ name }, context);
  const heard = await becomes("heard", "running");
  expect(heard?.heartbeat?.by).toBe("virtio-serial");
  await becomes("other", "running");
  const plain = await until(
    () => read("plain"),
    (seen) => seen?.console.includes("tick") === true,
  );
  expect(plain).toMatchObject({ state: "running", cpu: { count: 1 }, memory: { bytes: 16 * 1024 * 1024 } });
});

test("its console can be opened", async () => {
  const { socket } = await operations.vmConsole({ name: "plain" }, context);
  const client = connect(String(socket));
  let said = "";
  await new Promise<void>((resolve) =>
    client.on("data", (bytes) => {
      said += String(bytes);
      if (said.includes("tick\r\n")) resolve();
    }),
  );
  client.destroy();
});

test("paused, let go on, switched to and from", async () => {
  await operations.vmPause({ name: "plain" }, context);
  expect((await read("plain"))?.state).toBe("paused");
  await operations.vmSwitch({ from: "other", to: "plain" }, context);
  expect([(await read("other"))?.state, (await read("plain"))?.state]).toEqual(["paused", "running"]);
  await operations.vmPause({ name: "other", resume: true }, context);
  await becomes("other", "running");
});

describe("a QEMU that is frozen", () => {
  test("is silent; the others are read on as before", async () => {
    process.kill(await libvirt.pidOf("heard"), "SIGSTOP");
    await readAll();
    skipped += 40_000;
    const seen = await until(readAll, (all) => {
      const states = Object.fromEntries(all.map(({ name, state }) => [name, state]));
      return states.heard === "silent" && states.other === "running";
    });
    expect(seen.find(({ name }) => name === "heard")?.reason?.text).toContain("on its heartbeat channel");
    expect(seen.find(({ name }) => name === "plain")?.state).toBe("running");
  });

  test("and then killed: failed, with the reason and the time", async () => {
    const before = Date.now();
    process.kill(await libvirt.pidOf("heard"), "SIGKILL");
    const seen = await becomes("heard", "failed");
    expect(seen).toMatchObject({ heartbeat: null, reason: { text: "Its QEMU process ended by itself" } });
    expect(seen?.reason?.at).toBeGreaterThanOrEqual(before - 1_000);
    expect((await read("other"))?.state).toBe("running");
  });
});

test("killed while it runs well: failed, until it is started again", async () => {
  process.kill(await libvirt.pidOf("other"), "SIGKILL");
  await becomes("other", "failed");
  await operations.vmStart({ name: "other" }, context);
  expect((await becomes("other", "running"))?.reason).toBeNull();
});

test("ended on purpose is off, not failed: by its own shutdown, by vm.kill", async () => {
  await becomes("plain", "running");
  expect(await operations.vmStop({ name: "plain" }, context)).toEqual({ name: "plain", state: "off" });
  expect(await read("plain")).toMatchObject({ state: "off", reason: null });
  await operations.vmKill({ name: "other" }, context);
  expect(await read("other")).toMatchObject({ state: "off", reason: null });
});

test("200 more domains cost no more programs", async () => {
  for (let number = 0; number < 200; number++) await libvirt.define(`guest-${number}`, { heartbeat: true });
  expect(await readAll()).toHaveLength(203);
  programs = 0;
  const began = performance.now();
  await readAll();
  console.log(`203 domains read by ${programs} programs in ${Math.round(performance.now() - began)} ms`);
  expect(programs).toBeLessThanOrEqual(3);
});
