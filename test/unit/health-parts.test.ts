// Disks, temperatures, units, updates and unfinished installs: what each sign means.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBlockDisks } from "../../core/health/block-disks.ts";
import { DISKS_CHANGED, judge, makeSourceDisks } from "../../core/health/disks.ts";
import { parseTemperatures } from "../../core/health/hwmon.ts";
import { busyBetween, parseCpuTime, parseMeminfo } from "../../core/health/load.ts";
import { makeSourcePools } from "../../core/health/pools.ts";
import { parseSmart } from "../../core/health/smart.ts";
import { hostOf, makeSourceUnfinished } from "../../core/health/unfinished.ts";
import { makeSourceUnits, parseFailed, parseSince } from "../../core/health/units.ts";
import { listsFrom, parseSimulation } from "../../core/health/update.ts";
import { UNFINISHED } from "../../core/plan/layout/partition-types.ts";
import { everyOutput, jupiter, portsOf, type RecordedHost, words } from "./recorded-ports.ts";

const signal = new AbortController().signal;
const SILENT = { passed: null, celsius: null, silent: false };

describe("a disk's state is the worst of its signs", () => {
  const signs = { kernel: "running", silent: false, temperature: undefined, smart: SILENT };
  const at = (celsius: number, criticalCelsius: number | null) => ({ input: 1, label: "", celsius, criticalCelsius });
  test.each([
    ["nothing is known", {}, "unknown", null],
    ["the kernel has given it up", { kernel: "offline" }, "failing", /given it up \(offline\)/],
    ["a dead controller", { kernel: "dead", smart: { ...SILENT, passed: true } }, "failing", /dead/],
    ["it says that it fails, and is cool", { smart: { ...SILENT, passed: false, celsius: 30 } }, "failing", /SMART/],
    ["it does not answer", { smart: { ...SILENT, silent: true } }, "warning", /does not answer/],
    ["its thermometer does not answer", { silent: true, smart: { ...SILENT, passed: true } }, "warning", /answer/],
    ["the kernel waits", { kernel: "resetting", smart: { ...SILENT, passed: true } }, "warning", /waiting/],
    ["at its own limit", { temperature: at(85, 85) }, "warning", /85 °C, of at most 85 °C/],
    ["below its own limit", { temperature: at(84.9, 85) }, "ok", null],
    ["hot without a limit", { smart: { ...SILENT, passed: true, celsius: 70 } }, "warning", /at most 70/],
    ["passed", { smart: { ...SILENT, passed: true } }, "ok", null],
  ])("%s", (_, given, state, why) => {
    const judged = judge({ ...signs, ...given });
    expect(judged.state).toBe(state);
    if (why === null) expect(judged.why).toBe(null);
    else expect(judged.why).toMatch(why);
  });

  test.each(["", "{", "[]", "null", '{"smart_status": {"passed": "yes"}, "temperature": {"current": 0}}'])(
    "smartctl that says %j says nothing",
    (text) => {
      expect(parseSmart(text)).toEqual(SILENT);
    },
  );

  test("the thermometer of a SATA disk is found by the disk below it", async () => {
    const host = jupiter((changed) => {
      changed.files["/sys/class/hwmon/hwmon0/name"] = "drivetemp\n";
      changed.folders["/sys/class/hwmon/hwmon0/device/block"] = ["sda"];
    });
    const disks = await makeSourceDisks().read(portsOf(host), signal);
    expect(disks).toMatchObject([
      { kname: "nvme0n1", celsius: 39 },
      { kname: "sda", celsius: 38.9, state: "ok" },
    ]);
  });
});

test.each([
  ["", []],
  ["/x/hwmon1/temp1_input:abc\n/x/hwmon1/temp2_input:\n", []],
  ["/x/hwmon1/temp1_crit:100000\n/x/hwmon1/temp1_label:CPU\n", []],
  // Nothing connected: boards say -128, 0 and 255 degrees.
  ["/x/temp1_input:-128000\n/x/temp2_input:0\n/x/temp3_input:255000\n", []],
  ["/x/temp1_input:-5500\n/x/temp1_crit:65261850\n", [{ input: 1, label: "", celsius: -5.5, criticalCelsius: null }]],
  [
    "/x/temp2_label:CPU: front\n/x/temp2_input:41250\n",
    [{ input: 2, label: "CPU: front", celsius: 41.3, criticalCelsius: null }],
  ],
])("temperatures in %j", (text, expected) => {
  expect(parseTemperatures(text)).toEqual(expected);
});

describe("units", () => {
  const read = (change: (host: RecordedHost) => void) => makeSourceUnits().read(portsOf(jupiter(change)), signal);
  const LIST = "systemctl list-units --failed --full --no-pager --output=json";

  test("a machine that systemd has not started has no units", async () => {
    const units = await read((host) => {
      host.outputs["systemctl is-system-running"] = words("offline\n", 1, "System has not been booted with systemd");
    });
    expect(units).toEqual({ state: "offline", failed: [] });
  });

  test("a bus that is not there is a failure with systemctl's words", async () => {
    const broken = read((host) =>
      everyOutput(host, /^systemctl/, words("", 1, "Failed to connect to bus: Host is down")),
    );
    await expect(broken).rejects.toThrow("systemctl: Failed to connect to bus: Host is down");
  });

  test("a list that is none does not look like no failed unit", async () => {
    await expect(
      read((host) => {
        host.outputs[LIST] = words("0 loaded units listed.\n");
      }),
    ).rejects.toThrow("systemctl");
  });

  test("of a thousand failed units, fifty are told, and times that are not known are null", async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ({ unit: `job@${n}.service`, description: "a\u001b[2Jb" }));
    const units = await read((host) => {
      host.outputs[LIST] = words(JSON.stringify(many));
    });
    expect(units.failed).toHaveLength(50);
    expect(units.failed[7]).toEqual({ unit: "job@7.service", description: "a?[2Jb", since: null });
  });

  test("a unit that never ran has no time", () => {
    expect(parseSince("Id=a.service\nInactiveEnterTimestamp=\n\nId=b.service\nInactiveEnterTimestamp=@5\n")).toEqual(
      new Map([["b.service", 5_000]]),
    );
    expect(parseSince("Id=a.service\nInactiveEnterTimestamp=Thu 2026-11-20 11:58:02 UTC\n").size).toBe(0);
  });
});

describe("updates", () => {
  test("a real list: packages, and those of them that come from the security archive", () => {
    const text = readFileSync(new URL("../fixtures/health/apt-simulation.txt", import.meta.url), "utf8");
    expect(parseSimulation(text)).toEqual({ packages: 7, security: 5, kernel: null });
  });

  test("of several kernels, the newest by number; no pointer, header or debug package is one", () => {
    const names = [
      ...["linux-image-amd64", "linux-image-6.9.3-amd64", "linux-image-6.12.57+deb13-amd64"],
      ...["linux-image-6.13.0-amd64-dbg", "linux-headers-6.14.0-amd64", "linux-image-6.12.9-amd64-unsigned"],
    ];
    const text = names.map((name) => `Inst ${name} (1-1 Debian:13/stable [amd64])\n`).join("");
    expect(parseSimulation(text)).toEqual({ packages: 6, security: 0, kernel: "6.12.57+deb13-amd64" });
  });

  test("without lists, nothing is said of their age", () => {
    expect(listsFrom("1795000000\n1795000001\n", ["lock", "partial"])).toBe(null);
    expect(listsFrom("", ["x_InRelease"])).toBe(null);
    expect(listsFrom("stat: error\n5\n", ["x_Packages.lz4"])).toBe(5_000);
  });

  test("what apt cannot work out is a failure with its own words", async () => {
    const host = jupiter((changed) => everyOutput(changed, /^nice /, words("", 100, "E: The package cache is broken")));
    const { makeSourceUpdate } = await import("../../core/health/update.ts");
    await expect(makeSourceUpdate().read(portsOf(host), signal)).rejects.toThrow(
      "apt-get: E: The package cache is broken",
    );
  });
});

describe("unfinished installs", () => {
  const withLabel = (partlabel: string, parttype: string) => (host: RecordedHost) => {
    everyOutput(
      host,
      /^lsblk /,
      words(
        JSON.stringify({
          blockdevices: [
            {
              ...{ name: "sda", kname: "sda", path: "/dev/sda", type: "disk", size: 5, model: null, serial: null },
              children: [{ name: "sda1", kname: "sda1", path: "/dev/sda1", type: "part", partlabel, parttype }],
            },
          ],
        }),
      ),
    );
  };
  const ESP = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
  const read = (change: (host: RecordedHost) => void) => makeSourceUnfinished().read(portsOf(jupiter(change)), signal);

  test("a finished disk, and a partition of another type with that name, are none", async () => {
    expect(await read(withLabel("EFI system partition", ESP))).toEqual([]);
    expect(await read(withLabel(UNFINISHED, "0fc63daf-8483-4772-8e79-3d69d8477de4"))).toEqual([]);
  });

  test("without mtools, or before boot files are there, the disk is told without a host", async () => {
    expect(
      await read((host) => {
        withLabel(UNFINISHED, ESP)(host);
        everyOutput(host, /^mdir /, words("", 1, "File not found"));
      }),
    ).toEqual([{ disk: "disk without a name (sda)", host: null }]);
  });

  test.each([
    ["", null],
    ["::/EFI/multiverse/a.example.net/\n", "a.example.net"],
    ["::/EFI/multiverse/a/\n::/EFI/multiverse/b/\n", null],
    ["::/EFI/multiverse/a/\r\n", "a"],
  ])("folders %j: host %s", (text, host) => {
    expect(hostOf(text)).toBe(host);
  });
});

describe("triggers", () => {
  test("udev's lines of disks count, its heading and the kernel's own do not", () => {
    const counts = (line: string) => DISKS_CHANGED.lines?.test(line);
    expect(counts("UDEV  [4711.322861] add      /devices/pci0000:00/0000:00:14.0/usb1/1-1/block/sdb (block)")).toBe(
      true,
    );
    expect(counts("UDEV - the event which udev sends out after rule processing")).toBe(false);
    expect(counts("KERNEL[4711.3] add      /devices/virtual/block/sdb (block)")).toBe(false);
    expect(counts("UDEV  [4711.3] bind     /devices/virtual/block/sdb (block)")).toBe(false);
  });

  test("of zpool's events a snapshot is none of ours, a scrub, a state and an error are", () => {
    const lines = makeSourcePools().triggers[0]?.lines;
    const counts = (name: string) => lines?.test(`Nov 20 2026 11:58:02.123456789\t${name}`);
    expect([counts("sysevent.fs.zfs.history_event"), counts("sysevent.fs.zfs.config_sync")]).toEqual([false, false]);
    for (const name of ["sysevent.fs.zfs.scrub_finish", "resource.fs.zfs.statechange", "ereport.fs.zfs.checksum"])
      expect(counts(name)).toBe(true);
  });
});

test("whatever the tools print, nothing throws and no number is none", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(
      "cpu  1 2 3 4",
      "cpu0 1",
      "MemTotal: 5 kB",
      "MemAvailable: 3 kB",
      "Id=a",
      "InactiveEnterTimestamp=@9",
    ),
    fc.constantFrom("Inst a (1 x [b])", "/a/temp1_input:5", '{"blockdevices": [{"kname": "sda", "type": "disk"}]}'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join("\n");
      const cpu = parseCpuTime(text);
      const all = [
        ...[parseBlockDisks(text), parseTemperatures(text), parseSmart(text), parseFailed(text), parseMeminfo(text)],
        ...[[...parseSince(text)], parseSimulation(text), hostOf(text), cpu, cpu && busyBetween(cpu, cpu)],
      ];
      // JSON has no NaN: it would become null where there was a number.
      expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    }),
  );
});
