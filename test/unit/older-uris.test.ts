// The URIs of the older command line: what is refused, what is read, and that writing is the inverse of reading.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Destination,
  FILE_SYSTEMS,
  formatDestination,
  meaningOf,
  parseDestination,
} from "../../core/spec/older-words/destination.ts";
import { parsePartitionNode, partitionNode } from "../../core/spec/older-words/partition-node.ts";
import { formatSource, parseSource, type WorkSource } from "../../core/spec/older-words/source.ts";
import { NotInGrammar } from "../../core/spec/older-words/uri-parts.ts";

describe("what is no source is refused, and told why", () => {
  test.each([
    ["", /is no source/],
    ["wSys/plasma", /is no source; there are live:, yaml:/],
    ["ZFS://a/b@c", /is no source/],
    ["ftp://a/b@c", /is no source/],
    ["zfs://a/../b@c", /has \.\. in it/],
    ["zfs://a/b@@c", /has @@ in it/],
    ["zfs://a/b c@d", /has white space/],
    ["zfs://a/b@c\u0000", /has control characters/],
    ["zfs://-a/b@c", /part that begins with -/],
    ["zfs://a/-b@c", /part that begins with -/],
    ["zfs://a/b@-c", /part that begins with -/],
    ["zfs://-o@host:/a/b@c", /has no host/],
    ["zfs://root@-host:/a/b@c", /has no host/],
    ["zfs://a/b", /has no @snapshot/],
    ["zfs://a@c", /has no dataset/],
    ["zfs://a//b@c", /has an empty part/],
    ["zfs://a/b/@c", /has an empty part/],
    ["zfs:///a/b@c", /has an empty part/],
    ["zfs://a/b@c/d", /has a \/ behind its @snapshot/],
    ["zfs://a/b@c@d", /is no name/],
    ["zfs://a/b:@c", /is no name/],
    ["zfs://a/./b@c", /is no name/],
    ["btrfs://LABEL", /has no subvolume/],
    ["ssh:///path", /has no host/],
    ["ssh://host/path", /has no host/],
    ["ssh://a@host:/-rf", /begins with -/],
    ["ssh://a@host:/a//b", /empty part in its path/],
    ["ext4:///path", /does not say on what/],
    ["xfs:///dev/:/path", /has no device/],
    ["yaml://relative.yml", /has no path/],
    ["yaml:///a/./b", /part \. in its path/],
    ["live:/dev/sdb", /names no medium/],
    [`zfs://a/${"b".repeat(1100)}@c`, /longer than 1024/],
  ])("%j", (text, why) => {
    expect(() => parseSource(text)).toThrow(NotInGrammar);
    expect(() => parseSource(text)).toThrow(why);
  });
});

describe("what is no destination is refused, and told why", () => {
  test.each([
    ["/dev/sda", /is no destination/],
    ["ntfs:///dev/sda:/a/b", /is no destination/],
    ["zfs:///dev/sda", /has nothing behind its device/],
    ["zfs:///sda:/a/b", /has no device/],
    ["zfs:///dev/-sda:/a/b", /has no device/],
    ["zfs:///dev/../etc:/a/b", /has \.\. in it/],
    ["zfs:///dev/sda:/", /has an empty part/],
    ["zfs:///dev/sda:/a/", /has an empty part/],
    ["zfs:///dev/sda:/a/b@c", /is no name/],
    ["zfs://", /is no destination/],
  ])("%j", (text, why) => {
    expect(() => parseDestination(text)).toThrow(NotInGrammar);
    expect(() => parseDestination(text)).toThrow(why);
  });

  test.each([
    ["zfs:///dev/sda:/saturn", /has nothing behind its pool/],
    ["zfs:///dev/sda:/saturn/a/b", /more than one name/],
    ["zfs:///dev/sda:/saturn/a/b/g2", /more than one name/],
  ])("%j has no meaning", (text, why) => {
    expect(() => meaningOf(parseDestination(text))).toThrow(why);
  });
});

describe("the examples of the format", () => {
  test.each<[string, WorkSource]>([
    ["zfs://wSys/hardened@safe", { kind: "zfs", remote: null, pool: "wSys", dataset: ["hardened"], snapshot: "safe" }],
    [
      "zfs://root@10.1.0.1:/wSys/gnome@safe",
      { kind: "zfs", remote: { user: "root", host: "10.1.0.1" }, pool: "wSys", dataset: ["gnome"], snapshot: "safe" },
    ],
    ["yaml:///path/to/spec.yml", { kind: "yaml", path: "/path/to/spec.yml" }],
    ["ssh://ada@jupiter:/srv/root", { kind: "ssh", remote: { user: "ada", host: "jupiter" }, path: "/srv/root" }],
    ["btrfs://ROOT/a/b", { kind: "btrfs", remote: null, label: "ROOT", subvolume: ["a", "b"] }],
    [
      "ext4:///dev/disk/by-id/usb-X-0:0-part1:/",
      { kind: "ext4", on: { device: "/dev/disk/by-id/usb-X-0:0-part1" }, path: "/" },
    ],
    ["xfs://DATA:/srv", { kind: "xfs", on: { label: "DATA" }, path: "/srv" }],
    ["xfs://root@[fe80::1]:/srv", { kind: "xfs", on: { remote: { user: "root", host: "[fe80::1]" } }, path: "/srv" }],
    ["live:", { kind: "live", device: null }],
  ])("%s", (text, source) => {
    expect(parseSource(text)).toEqual(source);
    expect(formatSource(source)).toBe(text);
  });

  test.each([
    ["zfs:///dev/sda:/usb/g1", "/dev/sda", { pool: "usb", system: null, role: "g1" }],
    ["zfs:///dev/nvme0n1:/saturn/g2", "/dev/nvme0n1", { pool: "saturn", system: null, role: "g2" }],
    ["zfs:///dev/nvme0n1:/saturn/plasma", "/dev/nvme0n1", { pool: "saturn", system: "plasma", role: null }],
    ["zfs:///dev/nvme0n1:/saturn/plasma/g2", "/dev/nvme0n1", { pool: "saturn", system: "plasma", role: "g2" }],
    ["zfs:///dev/sda3:/wSys/plasma", "/dev/sda3", { pool: "wSys", system: "plasma", role: null }],
    ["zfs://wSys/plasma", null, { pool: "wSys", system: "plasma", role: null }],
  ])("%s", (text, device, meaning) => {
    const destination = parseDestination(text);
    expect(destination.device).toBe(device);
    expect(meaningOf(destination)).toEqual(meaning);
    expect(formatDestination(destination)).toBe(text);
  });
});

const RUNS = { numRuns: 10_000 };
const word = (first: string, rest: string, max = 12) =>
  fc
    .tuple(fc.constantFrom(...first), fc.array(fc.constantFrom(...rest), { maxLength: max }))
    .map(([head, tail]) => head + tail.join(""))
    .filter((text) => !text.includes("..") && !text.endsWith(":") && text !== ".");
const LETTERS = "abcxyzABCXYZ0189";
const name = word(`${LETTERS}_.`, `${LETTERS}_.:-`);
const names = (minLength: number) => fc.array(name, { minLength, maxLength: 4 });
const host = fc.oneof(word(LETTERS, `${LETTERS}.-`), fc.constantFrom("[fe80::1]", "10.1.0.1"));
const remote = fc.record({ user: fc.option(word("abz_", "abz09_.-")), host });
const path = fc
  .array(word(`${LETTERS}_.+@=~`, `${LETTERS}_.:+@=~-`), { maxLength: 4 })
  .map((parts) => `/${parts.join("/")}`);
const device = fc
  .array(
    fc.tuple(word(LETTERS, `${LETTERS}_.:+@#=-`), fc.constantFrom("", "", ":")).map((parts) => parts.join("")),
    {
      ...{ minLength: 1, maxLength: 3 },
    },
  )
  .map((parts) => `/dev/${parts.join("/")}`);
const linked = word(LETTERS, `${LETTERS}#+.:=@_-`).map((link) => `/dev/disk/by-id/${link}`);
const usable = (text: string) => !text.includes("..") && !text.includes("@@");

const source: fc.Arbitrary<WorkSource> = fc.oneof(
  fc.record({ kind: fc.constant("live" as const), device: fc.option(linked) }),
  fc.record({ kind: fc.constant("yaml" as const), path }),
  fc.record({ kind: fc.constant("ssh" as const), remote, path }),
  fc.record({
    kind: fc.constant("zfs" as const),
    remote: fc.option(remote),
    pool: name,
    dataset: names(1),
    snapshot: name,
  }),
  fc.record({ kind: fc.constant("btrfs" as const), remote: fc.option(remote), label: name, subvolume: names(1) }),
  fc.record({
    kind: fc.constantFrom("ext4" as const, "xfs" as const),
    // Without a user a host's name reads as a label.
    on: fc.oneof(
      fc.record({ device }),
      fc.record({ label: name }),
      fc.record({ remote: fc.record({ user: word("abz_", "abz09_.-"), host }) }),
    ),
    path: path.filter((text) => !text.includes(":/")),
  }),
);
const destination: fc.Arbitrary<Destination> = fc.record({
  filesystem: fc.constantFrom(...FILE_SYSTEMS),
  device: fc.option(device),
  names: names(1),
});

test("every source that is written is read back as itself", () => {
  fc.assert(
    fc.property(source, (given) => {
      const text = formatSource(given);
      fc.pre(usable(text) && !("path" in given && given.kind === "ssh" && given.path.includes(":/")));
      expect(parseSource(text)).toEqual(given);
    }),
    RUNS,
  );
});

test("every destination that is written is read back as itself", () => {
  fc.assert(
    fc.property(destination, (given) => {
      const text = formatDestination(given);
      fc.pre(usable(text));
      expect(parseDestination(text)).toEqual(given);
    }),
    RUNS,
  );
});

test("whatever is read is written as it was, with nothing in it that a shell, ssh or ZFS would take for something else", () => {
  const start = fc.constantFrom("zfs://", "ssh://", "btrfs://", "ext4://", "live:", "yaml://", "zfs:///dev/sda:/", "");
  const piece = fc.constantFrom(
    ...["root@", "h", ":/", "/", "@", "a", "-", ".", " ", "/dev/sda", "g2", ":", "@safe", "\n", "[fe80::1]", "b"],
  );
  let read = 0;
  const judge = <Value>(text: string, parse: (text: string) => Value, format: (value: Value) => string) => {
    let value: Value;
    try {
      value = parse(text);
    } catch (error) {
      expect(error).toBeInstanceOf(NotInGrammar);
      return;
    }
    read += 1;
    expect(format(value)).toBe(text);
    expect(text).not.toMatch(/\s|\.\.|@@|\/-/);
  };
  fc.assert(
    fc.property(start, fc.array(piece, { minLength: 1, maxLength: 7 }), (scheme, pieces) => {
      const text = scheme + pieces.join("");
      judge(text, parseSource, formatSource);
      judge(text, parseDestination, formatDestination);
    }),
    RUNS,
  );
  expect(read).toBeGreaterThan(300);
});

describe("names of partitions", () => {
  test.each([
    ["/dev/sda3", "/dev/sda", 3],
    ["/dev/sdaa12", "/dev/sdaa", 12],
    ["/dev/vdb1", "/dev/vdb", 1],
    ["/dev/xvda1", "/dev/xvda", 1],
    ["/dev/nvme0n1p1", "/dev/nvme0n1", 1],
    ["/dev/nvme10n2p15", "/dev/nvme10n2", 15],
    ["/dev/mmcblk0p1", "/dev/mmcblk0", 1],
    ["/dev/loop0p1", "/dev/loop0", 1],
    ["/dev/disk/by-id/nvme-eui.0025385b11b2c3d4-part3", "/dev/disk/by-id/nvme-eui.0025385b11b2c3d4", 3],
  ])("%s", (path, disk, number) => {
    expect(parsePartitionNode(path)).toEqual({ disk, number });
    expect(partitionNode({ disk, number })).toBe(path);
  });

  test.each([
    ["/dev/sda"],
    ["/dev/nvme0n1"],
    ["/dev/nvme0"],
    ["/dev/mmcblk0"],
    ["/dev/loop0"],
    ["/dev/sda0"],
    ["/dev/sr0"],
    ["/dev/tty1"],
    ["/dev/disk/by-id/wwn-0x5000c500a0b1c2d3"],
    ["sda1"],
  ])("%s is none", (path) => {
    expect(parsePartitionNode(path)).toBeNull();
  });

  test("every name of a disk and a number is read back", () => {
    const letters = fc.array(fc.constantFrom(..."abcz"), { minLength: 1, maxLength: 2 }).map((all) => all.join(""));
    const digit = fc.integer({ min: 0, max: 31 });
    const disk = fc.oneof(
      fc.tuple(fc.constantFrom("sd", "vd", "xvd"), letters).map(([kind, which]) => `/dev/${kind}${which}`),
      fc.tuple(digit, fc.integer({ min: 1, max: 9 })).map(([at, space]) => `/dev/nvme${at}n${space}`),
      fc.tuple(fc.constantFrom("mmcblk", "loop"), digit).map(([kind, at]) => `/dev/${kind}${at}`),
    );
    fc.assert(
      fc.property(disk, fc.integer({ min: 1, max: 128 }), (path, number) => {
        expect(parsePartitionNode(partitionNode({ disk: path, number }))).toEqual({ disk: path, number });
        expect(parsePartitionNode(path)).toBeNull();
      }),
      RUNS,
    );
  });
});
