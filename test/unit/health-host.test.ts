// What a host says of itself: which release runs and why, its firmware, its clock, its name.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBootNote, parseProperties, rootDataset } from "../../core/generations/running-root.ts";
import { parseTimeSpan, parseTimesyncStatus } from "../../core/health/clock.ts";
import { dumpVariable, variableByte } from "../../core/health/firmware.ts";
import { bootTime, fullName, makeSourceHost } from "../../core/health/host.ts";
import { commandLine } from "../../core/inventory/command-line.ts";
import { hostFacts } from "../../core/status/host-facts.ts";
import { everyOutput, jupiter, portsOf, type RecordedHost, words } from "./recorded-ports.ts";

async function hostWith(change: (host: RecordedHost) => void) {
  const source = makeSourceHost({ version: "0.1.0" })();
  return hostFacts.parse(await source.read(portsOf(jupiter(change)), new AbortController().signal));
}

const G3 = "saturn/jupiter/os/g3";
const G2 = "saturn/jupiter/os/g2";
const lines = (rows: string[][]) => words(rows.map((row) => `${row.join("\t")}\n`).join(""));

/** A start at which the hook left this note, and what zfs says now. */
const started = (note: string | null, now: { release?: string; current?: string; kernelOfWanted?: string }) => {
  return (host: RecordedHost) => {
    everyOutput(host, /^zfs /, words("", 1));
    if (note === null) delete host.files["/run/multiverse/boot/generation"];
    else host.files["/run/multiverse/boot/generation"] = note;
    const first = Object.keys(host.outputs).find((line) => line.startsWith("zfs ")) ?? "";
    host.outputs[first] = lines([
      [G3, "multiverse:release", now.release ?? "-"],
      [G2, "multiverse:current", now.current ?? "-"],
      [G2, "multiverse:tries", "3"],
    ]);
    const wanted = parseBootNote(note)?.current ?? "";
    const both = [...new Set([now.release ?? parseBootNote(note)?.taken ?? "", wanted])].filter((name) => name !== "");
    const asked = ["zfs", "get", "-H", "-o", "name,property,value", "multiverse:booted,multiverse:kernel"] as const;
    host.outputs[commandLine([...asked, ...both.map((name) => `${G2}@${name}`)])] = lines([
      [`${G2}@${now.release}`, "multiverse:booted", "yes"],
      ...(now.kernelOfWanted === undefined ? [] : [[`${G2}@${wanted}`, "multiverse:kernel", now.kernelOfWanted]]),
    ]);
  };
};

describe("which release runs", () => {
  test("a root that is none of ours, or no ZFS at all, is just that", async () => {
    for (const mounts of ["", "/dev/vda / ext4 rw 0 0\n", "rpool/ROOT/debian / zfs rw 0 0\n", "garbage"]) {
      const { root } = await hostWith((host) => {
        host.files["/proc/self/mounts"] = mounts;
      });
      expect(root).toEqual({
        ...{ generation: "other", release: null, current: null, safe: null, trial: null, fellBack: null },
      });
    }
  });

  test("without zfs, the note of the start still names the release", async () => {
    const { root } = await hostWith((host) => {
      for (const line of Object.keys(host.outputs)) if (line.startsWith("zfs ")) delete host.outputs[line];
    });
    expect(root).toMatchObject({ generation: "g3", release: "6740a1b2", current: null, trial: null, fellBack: null });
  });

  test("an update since the start is no falling back", async () => {
    const note = "asked=auto\ntaken=aa\ncurrent=aa\n";
    const { root } = await hostWith(started(note, { release: "aa", current: "bb" }));
    expect(root).toMatchObject({ release: "aa", current: "bb", trial: null, fellBack: null });
    expect((await hostWith(started(null, { release: "aa", current: "bb" }))).root.fellBack).toBe(null);
  });

  test.each([
    ["auto", "6.12.63", "it needs kernel 6.12.63, and 6.12.57+deb13-amd64 was started"],
    ["auto", undefined, "release bb is not there, or does not say which kernel it needs"],
    ["auto", "6.12.57+deb13-amd64", "the start chose another release"],
    ["safe", "6.12.63", "the safe release was chosen in the boot menu"],
    ["aa", "6.12.63", "release aa was chosen in the boot menu"],
  ])("asked for %s, the current one needs kernel %s: %s", async (asked, kernelOfWanted, why) => {
    const note = `asked=${asked}\ntaken=aa\ncurrent=bb\n`;
    const { root } = await hostWith(
      started(note, { release: "aa", current: "bb", ...(kernelOfWanted === undefined ? {} : { kernelOfWanted }) }),
    );
    expect(root).toMatchObject({ release: "aa", fellBack: { from: "bb", why } });
  });

  test.each([
    ["", null],
    ["taken=aa\ncurrent=aa\n", null],
    ["asked=auto\n", null],
    ["asked=auto\ntaken=aa\ncurrent=\n", { asked: "auto", taken: "aa", current: "" }],
  ])("the note %j", (text, expected) => {
    expect(parseBootNote(text)).toEqual(expected);
  });

  test.each([
    ["saturn/jupiter/os/g3", "g3", "saturn/jupiter/os/g2"],
    ["saturn/jupiter/os/g3.prev-7", "g3", "saturn/jupiter/os/g2"],
    ["saturn/jupiter/os/g2", "g2", "saturn/jupiter/os/g2"],
    ["saturn/jupiter/rec/g1", "g1", "saturn/jupiter/os/g2"],
    ["saturn/my\\040host/os/g3", "g3", "saturn/my host/os/g2"],
    ["saturn/os/g3x", "other", null],
  ])("%s is mounted at /", (source, generation, g2) => {
    // The former root of an initramfs is covered by the later one.
    expect(rootDataset(`rootfs / rootfs rw 0 0\n${source} / zfs rw 0 0\n`)).toMatchObject({ generation, g2 });
  });
});

describe("firmware", () => {
  const withVariables = (secureBoot: string | null, setupMode: string | null) => (host: RecordedHost) => {
    for (const [name, dump] of [
      ["SecureBoot", secureBoot],
      ["SetupMode", setupMode],
    ] as const) {
      const line = commandLine(dumpVariable(name));
      host.outputs[line] = dump === null ? words("", 1, "od: No such file or directory") : words(dump);
    }
  };

  test("no EFI folder: BIOS, which has no Secure Boot", async () => {
    const { firmware } = await hostWith((host) => {
      host.folders = {};
    });
    expect(firmware).toEqual({ kind: "bios", secureBoot: "off" });
  });

  test.each([
    [null, null, "unknown"],
    ["", "", "unknown"],
    [" 06 00 00\n", null, "unknown"],
    [" 06 00 00 00 00\n", null, "off"],
    [" 06 00 00 00 00\n", " 06 00 00 00 00\n", "off"],
    [" 06 00 00 00 00\n", " 06 00 00 00 01\n", "setup-mode"],
    [" 06 00 00 00 01\n", " 06 00 00 00 00\n", "on"],
  ])("SecureBoot %j, SetupMode %j: %s", async (secureBoot, setupMode, expected) => {
    expect((await hostWith(withVariables(secureBoot, setupMode))).firmware).toEqual({
      ...{ kind: "uefi", secureBoot: expected },
    });
  });

  test("a dump that is none has no value", () => {
    fc.assert(fc.property(fc.string(), (text) => void variableByte(text)));
    expect(variableByte("06 00 00 00 zz")).toBe(null);
  });
});

describe("clock", () => {
  test("without systemd's tools the zone comes from the link, and nothing is known of a server", async () => {
    const { clock } = await hostWith((host) =>
      everyOutput(host, /^timedatectl/, words("", 1, "Failed to connect to bus")),
    );
    expect(clock).toEqual({ timezone: "Europe/Berlin", synchronized: null, server: null, offsetMs: null });
  });

  test("no server has answered yet", () => {
    expect(parseTimesyncStatus("       Server: n/a (ntp.example.net)\n Packet count: 0\n")).toEqual({
      ...{ server: "ntp.example.net", offsetMs: null },
    });
    expect(parseTimesyncStatus("")).toEqual({ server: null, offsetMs: null });
    expect(parseTimesyncStatus("       Server: n/a\n")).toEqual({ server: null, offsetMs: null });
  });

  test.each([
    ["", null],
    ["n/a", null],
    ["12", null],
    ["3 s", null],
    ["0", 0],
    ["+316us", 0.316],
    ["-23.5ms", -23.5],
    ["+1min 2.5s", 62_500],
    ["-1h 1min 1s", -3_661_000],
  ])("the time span %j is %s ms", (text, ms) => {
    expect(parseTimeSpan(text)).toBe(ms);
  });
});

describe("name and start", () => {
  test.each([
    ["jupiter", "127.0.1.1 jupiter.example.net jupiter\n", "jupiter.example.net"],
    ["jupiter", "127.0.1.1 jupiterx.example.net jupiterx # jupiter\n", "jupiter"],
    ["jupiter", "", "jupiter"],
    ["jupiter.example.net", "127.0.1.1 jupiter.example.org jupiter.example.net", "jupiter.example.net"],
  ])("%s with /etc/hosts %j is %s", (name, hosts, full) => {
    expect(fullName(name, hosts)).toBe(full);
  });

  test("a machine whose maker filled in nothing has no name of its own", async () => {
    const { machine } = await hostWith((host) => {
      host.files["/sys/class/dmi/id/sys_vendor"] = "To Be Filled By O.E.M.\n";
      host.files["/sys/class/dmi/id/product_name"] = "Default string\n";
    });
    expect(machine).toBe(null);
  });

  test("no line btime: no time of start", () => {
    expect(bootTime("cpu 1 2\nbtime\n")).toBe(null);
  });
});

test("whatever mounts, zfs, the note and systemd say, it is read or passed over", () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "saturn/jupiter/os/g3 / zfs rw 0 0",
      "a\\04 / zfs",
      "x\tmultiverse:current\tbb",
      "asked=auto",
      "taken=",
    ),
    fc.constantFrom("       Server: n/a (a)", "       Offset: +1us", "+1min 2s", "127.0.0.1 a.b a"),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (made) => {
      const text = made.join("\n");
      const span = parseTimeSpan(made[0] ?? "");
      expect(span === null || Number.isFinite(span)).toBe(true);
      expect(fullName("a", text)).toMatch(/^a(\.|$)/);
      for (const properties of parseProperties(text).values()) expect([...properties.values()]).not.toContain("-");
      for (const read of [rootDataset, parseBootNote, parseTimesyncStatus]) expect(read(text)).not.toBe(undefined);
    }),
  );
});
