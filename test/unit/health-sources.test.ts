// The sources of health over a recorded host: whole, and with everything missing, empty, garbled or hanging.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { healthSources } from "../../core/health/sources.ts";
import { PART_VALUES, type PartName } from "../../core/status/snapshot.ts";
import type { SourcePorts, StatusSource } from "../../core/status/source.ts";
import { everyOutput, jupiter, NOTHING, portsOf, type RecordedHost, words } from "./recorded-ports.ts";

const NAMES = ["host", "pools", "disks", "sensors", "load", "units", "update", "unfinished"] as const;
type Name = (typeof NAMES)[number];

const sourceOf = (part: Name): StatusSource => {
  const found = healthSources({ version: "0.1.0" }).find((source) => source.part === part);
  if (found === undefined) throw new Error(`no source of ${part}`);
  return found;
};

const never = new AbortController().signal;

/** What the part would say: a value of its shape, or a failure. */
async function readWith(ports: SourcePorts, source: StatusSource): Promise<{ value: unknown } | { failure: string }> {
  try {
    const value = await source.read(ports, never);
    return { value: PART_VALUES[source.part as PartName].parse(value) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
const read = (part: Name, host: RecordedHost) => readWith(portsOf(host), sourceOf(part));

test("each part has one source, and each time new ones", () => {
  expect(healthSources({ version: "0.1.0" }).map(({ part }) => part)).toEqual([...NAMES]);
  expect(sourceOf("load")).not.toBe(sourceOf("load"));
});

describe("a machine on which nothing is there", () => {
  test.each([
    ["host", { failure: "/proc does not say which kernel runs, and since when." }],
    ["pools", { value: [] }],
    ["disks", { failure: "lsblk is not installed." }],
    ["sensors", { value: [] }],
    ["load", { failure: "/proc/stat and /proc/meminfo cannot be read." }],
    ["units", { failure: "systemctl is not installed." }],
    ["update", { failure: "apt-get is not installed." }],
    ["unfinished", { failure: "lsblk is not installed." }],
  ] as const)("%s", async (part, expected) => {
    expect(await read(part, NOTHING)).toEqual(expected);
  });
});

describe.each([
  ["empty", ""],
  ["zeros", "\0".repeat(3_000)],
  ["JSON of another shape", '{"blockdevices": 7, "x": [null, {"unit": 3}]}'],
  ["an empty list", "[]"],
  ["a list of anything", '[null, 3, [], {"unit": null}, {"kname": {}}]'],
  ["tabs and escapes", "\t\t\u001b[2J\tpool: \n\tstate\nInst [ (\ntemp1_input:x\n@auto=\n"],
])("every program and every file says something else: %s", (_, text) => {
  test.each(NAMES)("%s says a value of its shape, or one sentence of why not", async (part) => {
    const host = jupiter((changed) => {
      everyOutput(changed, /./, words(text));
      for (const file of Object.keys(changed.files)) changed.files[file] = text;
      for (const link of Object.keys(changed.links)) changed.links[link] = text;
    });
    const said = await read(part, host);
    if ("failure" in said) expect(said.failure).toMatch(/^[^\n\u001b]{5,300}$/);
    else expect(JSON.stringify(said.value)).not.toMatch(/\\u001b|NaN/);
  });

  test.each(NAMES)("%s also where every program fails with it", async (part) => {
    const host = jupiter((changed) => everyOutput(changed, /./, words("", 1, text)));
    const said = await read(part, host);
    if ("failure" in said) expect(said.failure).toMatch(/^[^\n\u001b]{5,300}$/);
  });
});

describe("programs that hang and cannot be killed", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const readHanging = async (part: Name, program: RegExp) => {
    const ports = portsOf(jupiter((host) => everyOutput(host, program, "hangs")));
    const source = sourceOf(part);
    const reading = readWith(ports, source);
    await vi.advanceTimersByTimeAsync(source.patience);
    return { said: await reading, ports, source };
  };

  test.each(NAMES)("%s ends within its patience whatever hangs", async (part) => {
    const { said } = await readHanging(part, /./);
    expect(Object.keys(said)).toHaveLength(1);
  });

  test("a hung zfs costs the host its releases, and neither its name nor its generation", async () => {
    const { said } = await readHanging("host", /^zfs /);
    expect(said).toMatchObject({
      value: {
        name: "jupiter.example.net",
        root: { generation: "g3", release: "6740a1b2", current: null, trial: null, fellBack: null },
        clock: { synchronized: true },
      },
    });
  });

  test("a disk that hangs is said to be silent, and the other one is told all the same", async () => {
    const { said } = await readHanging("disks", /^smartctl .* \/dev\/sda$/);
    expect(said).toMatchObject({
      value: [
        { kname: "nvme0n1", state: "ok", celsius: 38.9 },
        { kname: "sda", state: "warning", why: "It does not answer.", celsius: null },
      ],
    });
  });

  test("a thermometer that hangs costs its own disk only", async () => {
    const { said } = await readHanging("disks", /hwmon0/);
    expect(said).toMatchObject({ value: [{ kname: "nvme0n1", state: "warning", celsius: 39 }, { kname: "sda" }] });
  });

  test("what hangs is not started a second time", async () => {
    const { said, ports, source } = await readHanging("pools", /^zpool /);
    expect(said).toEqual({ failure: "zpool does not answer." });
    expect(await readWith(ports, source)).toEqual({ failure: "zpool does not answer." });
    expect(ports.started).toHaveLength(1);
  });
});

test.each(NAMES)("%s is given up at once when its signal is aborted", async (part) => {
  const ports = portsOf(jupiter((host) => everyOutput(host, /./, "hangs")));
  const giveUp = new AbortController();
  const reading = Promise.resolve(sourceOf(part).read(ports, giveUp.signal)).then(
    () => "read",
    (error: unknown) => String(error),
  );
  giveUp.abort(new Error("given up"));
  // Load reads files only, and has read them.
  expect(await reading).toBe(part === "load" ? "read" : "Error: given up");
});

/** What jupiter says, by part. */
const JUPITER: Record<Name, unknown> = {
  host: {
    ...{ name: "jupiter.example.net", version: "0.1.0", kernel: "6.12.57+deb13-amd64", hostKey: null },
    machine: { vendor: "LENOVO", model: "20UES0GQ00" },
    root: {
      ...{ generation: "g3", release: "6740a1b2", current: "6740a1b2", safe: "673f5028" },
      ...{ trial: { tries: 1 }, fellBack: null },
    },
    firmware: { kind: "uefi", secureBoot: "on" },
    bootedAt: 1_794_900_000_000,
    clock: { timezone: "Europe/Berlin", synchronized: true, server: "ntp.example.net", offsetMs: -1.132 },
  },
  pools: [
    {
      ...{ name: "saturn", guid: "17275350002733178732", state: "ONLINE", errors: 0, trouble: [], advice: null },
      ...{ size: "498216206336", free: "293947561738", capacityPercent: 41 },
      // zpool prints the time of the machine's own zone.
      scrub: {
        ...{ state: "done", what: "scrub", percent: null, errors: 0 },
        endedAt: new Date(2026, 10, 8, 0, 27, 13).getTime(),
      },
    },
  ],
  disks: [
    {
      ...{ name: "Samsung SSD 990 PRO 1TB S7KGNU0X00114P", kname: "nvme0n1", bytes: 500_107_862_016 },
      ...{ state: "ok", why: null, celsius: 38.9 },
    },
    {
      ...{ name: "DT 101 G2 0014780D8CEBC0", kname: "sda", bytes: 31_457_280_000 },
      ...{ state: "unknown", why: null, celsius: null },
    },
  ],
  sensors: [
    { name: "coretemp Package id 0", celsius: 47, criticalCelsius: 100 },
    { name: "coretemp Core 0", celsius: 44, criticalCelsius: 100 },
    { name: "acpitz 1", celsius: 27.8, criticalCelsius: null },
  ],
  load: {
    ...{ cores: 2, busyPercent: null, memory: { total: 67_352_473_600, available: 51_539_607_552 } },
    swap: { total: 8_589_930_496, free: 8_589_930_496 },
  },
  units: {
    state: "degraded",
    failed: [
      { unit: "wg-quick@wg0.service", description: "WireGuard via wg-quick(8) for wg0", since: 1_795_175_882_000 },
    ],
  },
  update: { packages: 3, security: 2, kernel: "6.12.63+deb13-amd64", listsFrom: 1_795_100_000_000 },
  unfinished: [{ disk: "DT 101 G2 0014780D8CEBC0 (sda)", host: "venus.example.net" }],
};

test.each(NAMES)("jupiter, whole: %s", async (part) => {
  expect(await read(part, jupiter())).toEqual({ value: JUPITER[part] });
});

describe("what a source remembers", () => {
  test("load is that between two readings", async () => {
    const host = jupiter();
    const ports = portsOf(host);
    const source = sourceOf("load");
    expect(await readWith(ports, source)).toMatchObject({ value: { cores: 2, busyPercent: null } });
    expect(await readWith(ports, source)).toMatchObject({ value: { busyPercent: null } });
    // 300 of 400 ticks more were busy.
    host.files["/proc/stat"] = "cpu 1200 10 550 8080 420 0 140 0 480 0\ncpu0 1 1\ncpu1 1 1\n";
    expect(await readWith(ports, source)).toMatchObject({ value: { busyPercent: 75 } });
    // The counter of waiting for disks may go back.
    host.files["/proc/stat"] = "cpu 1200 10 550 8080 400 0 140 0 480 0\ncpu0 1 1\ncpu1 1 1\n";
    expect(await readWith(ports, source)).toMatchObject({ value: { busyPercent: null } });
  });

  test("packages are counted when the lists have changed, or after six hours", async () => {
    const host = jupiter();
    const ports = portsOf(host);
    const source = sourceOf("update");
    const counted = () => ports.started.filter((line) => line.startsWith("nice ")).length;
    const first = await readWith(ports, source);
    expect(await readWith(ports, source)).toEqual(first);
    expect(counted()).toBe(1);
    host.outputs["stat -c %Y /var/lib/apt/lists /var/lib/apt/lists/partial /var/lib/dpkg/status"] = words(
      "1795000000\n1795170000\n1794900000\n",
    );
    expect(await readWith(ports, source)).toMatchObject({ value: { packages: 3, listsFrom: 1_795_170_000_000 } });
    expect(counted()).toBe(2);
    ports.later(6 * 3_600_000);
    await readWith(ports, source);
    expect(counted()).toBe(3);
  });

  test("a disk is asked of its health twice an hour at most, and one that sleeps keeps what it said", async () => {
    const host = jupiter();
    const ports = portsOf(host);
    const source = sourceOf("disks");
    const asked = () => ports.started.filter((line) => line.startsWith("smartctl ")).length;
    await readWith(ports, source);
    await readWith(ports, source);
    expect(asked()).toBe(2);
    ports.later(31 * 60_000);
    everyOutput(host, /^smartctl /, words('{"smartctl": {"messages": [{"string": "Device is in STANDBY mode"}]}}'));
    everyOutput(host, /hwmon0/, words("", 2));
    expect(await readWith(ports, source)).toMatchObject({
      value: [{ state: "ok", celsius: 39 }, { state: "unknown" }],
    });
    expect(asked()).toBe(4);
  });
});
