// Properties of selectors over made-up machines. The predicate is written a second time here, in another way.
import fc from "fast-check";
import { expect, test } from "vitest";
import { ActionableError } from "../../core/errors.ts";
import type { Disk, Inventory } from "../../core/inventory/inventory.ts";
import { pinOf } from "../../core/spec/pins.ts";
import type { DiskSpec } from "../../core/spec/schema-disks.ts";
import type { Match } from "../../core/spec/schema-match.ts";
import { type IdentifiedDisk, selectDisks } from "../../core/spec/select-disks.ts";
import { leavingJust, singlesOut } from "../../core/spec/tell-apart.ts";
import { whyNot } from "../../core/spec/why-not.ts";
import { machine, selector } from "./arbitrary-disks.ts";

const RUNS = { numRuns: 2500 };
const count = fc.integer({ min: 1, max: 4 });
const CODES = ["no-disk-matches", "ambiguous-disk", "disk-in-use", "disk-without-identity"];

function select(stated: DiskSpec, inventory: Inventory): IdentifiedDisk[] | string {
  try {
    return selectDisks(stated, inventory, "a.yml:1:1");
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error;
    expect(CODES).toContain(error.code);
    return error.code;
  }
}

/** Whether the disk is like that, by regular expressions and tables; ranks aside. */
function isLike(match: Match, disk: Disk): boolean {
  const regex = (text: string) =>
    new RegExp(
      `^${text
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("?", ".")
        .replaceAll("*", ".*")}$`,
      "iu",
    );
  const like = (wanted: string | undefined, is: (string | null)[]) =>
    wanted === undefined || is.some((text) => text !== null && text !== "" && regex(wanted).test(text));
  const same = (wanted: unknown, is: unknown) => wanted === undefined || wanted === is;
  return (
    like(match.model, [disk.model]) &&
    like(match.vendor, [disk.vendor]) &&
    like(match.serial, [disk.serial]) &&
    like(match.wwn, [disk.wwn]) &&
    like(
      match["by-id"],
      disk.aliases.filter((name) => !name.startsWith("pci-")),
    ) &&
    like(
      match["by-path"],
      disk.aliases.filter((name) => name.startsWith("pci-")),
    ) &&
    like(match.driver, [disk.driver]) &&
    like(match.pci, disk.pci) &&
    like(match.holds, disk.content) &&
    same(match.bus, disk.bus) &&
    same(match.rotational, disk.rotational) &&
    same(match.removable, disk.removable) &&
    same(match["sector-size"], disk.sector) &&
    same(match.health, disk.health ?? "unknown") &&
    same(match.empty, disk.content.length === 0) &&
    (match.size === undefined ||
      (RANGES[match.size.replace(/(, )?(largest|smallest)$/, "")] ?? unknownSize)(disk.size / 10 ** 9)) &&
    (match.and ?? []).every((inner) => isLike(inner, disk)) &&
    (match.or === undefined || match.or.some((inner) => isLike(inner, disk))) &&
    (match.not === undefined || !isLike(match.not, disk))
  );
}

const unknownSize = (): boolean => {
  throw new Error("a size that this test does not know");
};

/** In GB. */
const RANGES: Record<string, (size: number) => boolean> = {
  "": () => true,
  "> 1 GB": (size) => size > 1,
  "< 2 TB": (size) => size < 2000,
  ">= 480 GB, <= 2 TB": (size) => size >= 480 && size <= 2000,
  "4 TB ± 1 %": (size) => size >= 3960 && size <= 4040,
  "4 TB +- 1 GB": (size) => size >= 3999 && size <= 4001,
  "= 1 TB": (size) => size === 1000,
  "1 TB ± 99 %": (size) => size >= 10 && size <= 1990,
};

test("a disk fits when an independent predicate says so, and a reason is given when it does not", () => {
  fc.assert(
    fc.property(machine, selector, (inventory, match) => {
      for (const disk of inventory.disks) {
        const reasons = whyNot(match, disk);
        if ((reasons.length === 0) !== isLike(match, disk)) throw new Error(`${disk.path}: ${reasons.join("; ")}`);
        if (reasons.some((reason) => !/^[^\n]{8,}$/.test(reason))) throw new Error(reasons.join("|"));
      }
    }),
    RUNS,
  );
});

test("what is selected is like that, usable, with a name that stays, exactly so many, and no disk twice", () => {
  fc.assert(
    fc.property(machine, fc.array(selector, { minLength: 1, maxLength: 3 }), count, (inventory, match, wanted) => {
      const disks = select({ match, count: wanted }, inventory);
      if (typeof disks === "string") return;
      expect(disks).toHaveLength(wanted);
      expect(new Set(disks.map(({ id }) => id)).size).toBe(wanted);
      for (const disk of disks) {
        if (!match.some((one) => isLike(one, disk))) throw new Error(`${disk.path} is not like that`);
        if (disk.unusable.length > 0 || !/^wwn-0x/.test(disk.id)) throw new Error(`${disk.path} cannot be used`);
      }
    }),
    RUNS,
  );
});

test("it is refused only when there is a reason: too few that can be used, or too many", () => {
  fc.assert(
    fc.property(machine, selector, count, (inventory, match, wanted) => {
      const rank = /(largest|smallest)$/.exec(match.size ?? "")?.[1];
      const fits = inventory.disks.filter((disk) => isLike(match, disk));
      const free = fits.filter((disk) => disk.unusable.length === 0);
      const sizes = free.map(({ size }) => size).sort((a, b) => (rank === "largest" ? b - a : a - b));
      const best =
        rank === undefined || free.length < wanted ? free : free.filter(({ size }) => sizes.indexOf(size) < wanted);
      const disks = select({ match, count: wanted }, inventory);
      if (best.length > wanted) expect(disks).toBe("ambiguous-disk");
      else if (best.length < wanted) expect(disks).toBe(fits.length === wanted ? "disk-in-use" : "no-disk-matches");
      else if (best.some(({ id }) => id === null)) expect(disks).toBe("disk-without-identity");
      else expect(disks).toEqual(best);
    }),
    RUNS,
  );
});

test("the pin that is written back selects the same disks, whatever the kernel calls them and whatever is on them then", () => {
  fc.assert(
    fc.property(machine, selector, count, fc.nat(), (inventory, match, wanted, seed) => {
      const stated: DiskSpec = { match, count: wanted };
      const disks = select(stated, inventory);
      if (typeof disks === "string") return;
      const pin = pinOf(
        "system",
        stated,
        disks.map(({ id }) => id),
      );
      expect(pin?.path).toEqual(["disks", "system", "pin"]);
      const order = inventory.disks.map((disk, at) => ({ disk, at: (seed >> at) % 7 }));
      const later = order
        .toSorted((a, b) => a.at - b.at)
        .map(({ disk }, at) => ({
          ...disk,
          kname: `sd${at}`,
          path: `/dev/sd${at}`,
          content: ["a new pool"],
          health: null,
        }));
      const pinned: DiskSpec = { ...stated, pin: pin?.value as string[] };
      const again = select(pinned, { ...inventory, disks: later });
      expect(typeof again === "string" ? again : again.map(({ id }) => id)).toEqual(disks.map(({ id }) => id));
      expect(
        pinOf(
          "system",
          pinned,
          disks.map(({ id }) => id),
        ),
      ).toBeNull();
      // And without the pin the order in which the kernel found them changes nothing.
      const shuffled = { ...inventory, disks: order.toSorted((a, b) => a.at - b.at).map(({ disk }) => disk) };
      expect(select(stated, shuffled)).toEqual(disks);
    }),
    RUNS,
  );
});

test("what is suggested where more fit leads to exactly the disks that it promises", () => {
  fc.assert(
    fc.property(machine, selector, count, (inventory, match, wanted) => {
      if (select({ match, count: wanted }, inventory) !== "ambiguous-disk") return;
      const rank = /(largest|smallest)$/.exec(match.size ?? "")?.[1];
      if (rank !== undefined) return;
      const free = inventory.disks.filter((disk) => isLike(match, disk) && disk.unusable.length === 0);
      const promised = [
        ...leavingJust(wanted, match, free),
        ...(wanted > 1 ? [] : free.flatMap((disk) => singlesOut(free)(disk).map((set) => ({ set, leaves: [disk] })))),
      ];
      for (const { set, leaves } of promised) {
        const disks = select({ match: { ...match, ...set }, count: wanted }, inventory);
        if (leaves.some(({ id }) => id === null)) expect(disks).toBe("disk-without-identity");
        else expect(disks).toEqual(leaves.toSorted((a, b) => ((a.id ?? "") < (b.id ?? "") ? -1 : 1)));
      }
    }),
    RUNS,
  );
});
