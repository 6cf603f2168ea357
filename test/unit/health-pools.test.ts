// What is said of pools: from `zpool list` and `zpool status` in every state that a pool comes into.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeSourcePools, parseZpoolList } from "../../core/health/pools.ts";
import { parseScan, parseZpoolStatus } from "../../core/health/zpool-status.ts";
import { pool } from "../../core/status/health-facts.ts";
import { machineFile } from "./recorded-machine.ts";
import { jupiter, portsOf, words } from "./recorded-ports.ts";

const LIST = "zpool list -H -p -o name,guid,health,size,free,capacity";
const STATUS = "zpool status -p";
const recorded = (file: string) => readFileSync(new URL(`../fixtures/health/zpool/${file}`, import.meta.url), "utf8");
const local = (...[year, month, day, h, m, s]: [number, number, number, number, number, number]) =>
  new Date(year, month - 1, day, h, m, s).getTime();

async function pools(list: ReturnType<typeof words> | undefined, status: ReturnType<typeof words> | undefined) {
  const host = jupiter((changed) => {
    delete changed.outputs[LIST];
    delete changed.outputs[STATUS];
    if (list !== undefined) changed.outputs[LIST] = list;
    if (status !== undefined) changed.outputs[STATUS] = status;
  });
  return await makeSourcePools().read(portsOf(host), new AbortController().signal);
}
const poolsIn = (state: string) => pools(words(recorded(`${state}.list`)), words(recorded(`${state}.status`)));

describe("without an answer", () => {
  test("no zpool, no module and no pool are no pools, not a failure", async () => {
    expect(await pools(undefined, undefined)).toEqual([]);
    expect(await pools(words("", 1, "The ZFS modules are not loaded.\nTry running 'modprobe zfs'"), undefined)).toEqual(
      [],
    );
    expect(await pools(words("", 1, "The ZFS modules cannot be auto-loaded.\n"), undefined)).toEqual([]);
    expect(await pools(words(""), words("", 0, "no pools available"))).toEqual([]);
  });

  test("a zpool that fails is a failure with its own words", async () => {
    const denied = "Permission denied the ZFS utilities must be run as root.\n";
    await expect(pools(words("", 1, denied), undefined)).rejects.toThrow(`zpool: ${denied.trim()}`);
    const list = words(recorded("healthy.list"));
    await expect(pools(list, words("", 1, "internal error: out of memory"))).rejects.toThrow("out of memory");
    await expect(pools(list, words(""))).rejects.toThrow("zpool ended with status 0.");
  });

  test("a list that is none is not taken for a machine without pools", async () => {
    await expect(pools(words("no such option"), undefined)).rejects.toThrow("not what was expected");
  });

  test("a pool that only the list knows is shown with what the list says", async () => {
    const both = `${recorded("healthy.list")}late\t42\tONLINE\t100\t50\t50\n`;
    expect((await pools(words(both), words(recorded("healthy.status"))))[1]).toMatchObject({
      ...{ name: "late", state: "ONLINE", errors: 0, scrub: { state: "never" }, advice: null },
    });
  });
});

test("suspended: no sizes, the device that is gone, and what to do", async () => {
  expect(await poolsIn("suspended")).toEqual([
    {
      ...{ name: "saturn", guid: "17275350002733178732", state: "SUSPENDED", size: "0", free: "0", capacityPercent: 0 },
      errors: 5,
      scrub: {
        ...{ state: "done", what: "resilver", percent: null, errors: 0 },
        endedAt: local(2026, 11, 20, 11, 58, 2),
      },
      trouble: [{ device: "usb-Kingston_DT_0014-part2", state: "REMOVED" }],
      advice:
        "One or more devices are faulted in response to IO failures. Make sure the affected devices are connected, then run 'zpool clear'.",
    },
  ]);
});

test("degraded mirror: the device by the name that it had, the log that is off, and no spare; the other pool is well", async () => {
  const [saturn, tank] = await poolsIn("degraded-mirror");
  expect(saturn).toMatchObject({
    state: "DEGRADED",
    errors: 0,
    trouble: [
      { device: "nvme-Samsung_SSD_990_PRO_1TB_S7KGNU0X00116X-part2", state: "UNAVAIL" },
      { device: "ata-INTEL_SSDSC2KB480G8_PHYF0001480BGN-part1", state: "OFFLINE" },
    ],
    scrub: { state: "cancelled", what: "scrub", endedAt: local(2026, 11, 8, 0, 27, 13) },
    advice: expect.stringMatching(
      /^One or more devices could not be used .* Replace the device using 'zpool replace'\.$/,
    ),
  });
  // Features that are not enabled are no trouble.
  expect(tank).toMatchObject({ state: "ONLINE", advice: null, trouble: [], scrub: { state: "never", what: null } });
});

test("data errors: those of the disks are summed, and the scrub says its own", async () => {
  expect(await poolsIn("errors")).toMatchObject([
    {
      ...{ state: "ONLINE", errors: 16, trouble: [] },
      scrub: { state: "done", errors: 3, endedAt: local(2026, 1, 7, 15, 42, 23) },
      advice: expect.stringContaining("Restore the file in question if possible."),
    },
  ]);
});

test("resilver and scrub that run: how far", async () => {
  expect(await poolsIn("resilver")).toMatchObject([
    {
      ...{ state: "DEGRADED", errors: 95, trouble: [{ device: "sdb2", state: "FAULTED" }] },
      scrub: { state: "running", what: "resilver", percent: 14.42, endedAt: null },
    },
  ]);
  expect(await poolsIn("scrub-running")).toMatchObject([
    { state: "ONLINE", trouble: [], advice: null, scrub: { state: "running", what: "scrub", percent: 23.18 } },
  ]);
});

test.each([
  ["none requested", { state: "never", what: null }],
  [
    "scrub paused since Sun Nov  8 00:24:01 2026\nscrub started on Sat Nov  7 23:00:00 2026\n1T / 2T scanned, 50.00% done",
    { state: "running", what: "scrub", percent: 50 },
  ],
  [
    "resilver (mirror-0) in progress since Sun Nov  8 00:24:01 2026\nno estimated completion time",
    { state: "running", what: "resilver", percent: null },
  ],
  ["scrub repaired 0B in 00:00:01 with 0 errors on some day", { state: "done", endedAt: null }],
  ["scrub repaired 0B in 02:00:01 with 12 errors on Sun Nov  8 02:24:02 2026", { state: "done", errors: 12 }],
])("scan: %s", (scan, expected) => {
  expect(parseScan(scan)).toMatchObject(expected);
});

test("the real outputs of OpenZFS 2.3.9 are read", () => {
  const { outputs } = machineFile("rescue-guest-used-disks");
  expect(parseZpoolStatus(outputs["zpool status -P -L"]?.stdout ?? "")).toEqual([
    {
      ...{ name: "tank", state: "ONLINE", errors: 0, trouble: [], advice: null },
      scrub: { state: "never", what: null, endedAt: null, percent: null, errors: 0 },
    },
  ]);
});

test("names that a pool or a device gives itself are scrubbed", () => {
  const text = recorded("suspended.status").replaceAll("saturn", "sat\u001b[2Jn").replace("usb-K", "usb\u009bK");
  expect(JSON.stringify(parseZpoolStatus(text))).not.toMatch(/\\u001b|\u009b/);
});

test("whatever zpool prints, what is said of it has the right shape", () => {
  const lines = fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...["  pool: a", " state: ONLINE", "status: x", "\tmore", "config:", "\ta  ONLINE  0 0 0", "\t  b FAULTED 1 2 x"],
      ...["  scan: scrub in progress since now", "\t1% done", "errors: No", "\tlogs", "a\t1\tONLINE\t-\t-\t-", "a\t1"],
    ),
  );
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 20 }), (made) => {
      const text = made.join("\n");
      const status = parseZpoolStatus(text);
      const shape = pool.pick({ name: true, state: true, errors: true, scrub: true, trouble: true, advice: true });
      for (const one of status) expect(shape.safeParse(one).error).toBe(undefined);
      for (const one of parseZpoolList(text)) expect(one.size).toMatch(/^[0-9]+$/);
    }),
  );
});
