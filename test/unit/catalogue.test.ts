// Texts in three languages: plural forms, places for values, and English where something is missing.
import { describe, expect, test } from "vitest";
import { defineCatalogue, faultsOf, type SameKeys, translator } from "../../tui/text/catalogue.ts";

const en = {
  title: "Install",
  host: "The host is {name}",
  disks: { one: "one disk on {bus}", other: "{count} disks on {bus}" },
  later: "Later",
} as const;

const de: SameKeys<typeof en> = {
  title: "Installieren",
  host: "Der Rechner heißt {name}",
  disks: { one: "ein Datenträger an {bus}", other: "{count} Datenträger an {bus}" },
  later: "Später",
};

const pl = {
  title: "Zainstaluj",
  host: "Komputer {name}",
  disks: {
    one: "{count} dysk na {bus}",
    few: "{count} dyski na {bus}",
    many: "{count} dysków na {bus}",
    other: "{count} dysku na {bus}",
  },
};

describe("a catalogue", () => {
  const catalogue = defineCatalogue(en, { de, pl });

  test("Polish has its three plurals", () => {
    const t = translator(catalogue, "pl");
    const said = (count: number) => t("disks", { count, bus: "nvme" });
    expect([1, 2, 5, 12, 22, 25].map(said)).toEqual([
      ...["1 dysk na nvme", "2 dyski na nvme", "5 dysków na nvme"],
      ...["12 dysków na nvme", "22 dyski na nvme", "25 dysków na nvme"],
    ]);
  });

  test("what is missing comes in English, by English rules", () => {
    expect(translator(catalogue, "pl")("later")).toBe("Later");
    const without = defineCatalogue(en, { de: {}, pl: {} });
    expect(translator(without, "pl")("disks", { count: 2, bus: "usb" })).toBe("2 disks on usb");
    expect(translator(without, "de")("disks", { count: 1, bus: "usb" })).toBe("one disk on usb");
  });

  test("a value is put in as it is", () => {
    const t = translator(catalogue, "de");
    expect(t("host", { name: "{name} $& {x}" })).toBe("Der Rechner heißt {name} $& {x}");
    expect(t("title")).toBe("Installieren");
  });

  test("the types know the keys and their values", () => {
    const t = translator(catalogue, "en");
    // @ts-expect-error no such text
    expect(t("nothing")).toBe("nothing");
    // @ts-expect-error a value is missing
    expect(t("host", {})).toBe("The host is {name}");
    // @ts-expect-error a plural needs its count
    expect(t("disks", { bus: "sata" })).toBe("{count} disks on sata");
  });

  test("faults are found", () => {
    expect(faultsOf(defineCatalogue(en, { de, pl: { ...pl, later: "Później" } }))).toEqual([]);
    const wrong = defineCatalogue(en, {
      de: { ...de, host: "Der Rechner heißt {nmae}", title: " " },
      pl: { ...pl, disks: { one: "dysk na {bus}", other: "dysku na {bus}" } },
    });
    expect(faultsOf(wrong)).toEqual([
      "de: title is empty",
      "de: host has {nmae}, English {name}",
      "pl: later is missing",
      'pl: disks has no form "few"',
      'pl: disks has no form "many"',
    ]);
  });
});
