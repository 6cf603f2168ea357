import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inWords, scoreOf } from "../../core/hardware/check.ts";
import { chooseTemplate, scoreInWords, scoreTemplates } from "../../core/hardware/choose.ts";
import { countHolds, patternHolds, sizeHolds } from "../../core/hardware/compare.ts";
import { hostFileAsYaml, makeHostFile } from "../../core/hardware/host-file.ts";
import { loadTemplate, loadTemplates, parseTemplate } from "../../core/hardware/load-template.ts";
import { requireHardware } from "../../core/hardware/require-hardware.ts";
import { verifyTemplate } from "../../core/hardware/verify.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import { inventoryOf, type MachineName } from "./recorded-machine.ts";
import { refusal } from "./spec-text.ts";

const FOLDER = new URL("../../profiles/hardware/", import.meta.url);
const template = (text: string) => parseTemplate("t.yml", `version: 1\ntemplate: t\n${text}`);
const reasons = (text: string, inventory: Inventory) =>
  verifyTemplate(template(text).template, inventory)
    .filter((one) => one.result !== "holds")
    .map(inWords);

const MACHINES = {
  "hw-dell-r730xd": "metal_dell_r730xd",
  "hw-dell-r630": "metal_dell_r630",
  "hw-dell-r930": "metal_dell_r930",
  "hw-laptop": "laptop",
  "hw-pc": "pc",
  "hw-board-raspberry-pi-4": "board_raspberry_pi_4",
  "rescue-guest-used-disks": "vm_qemu_q35",
} as const satisfies Partial<Record<MachineName, string>>;
const NAMES = Object.keys(MACHINES) as (keyof typeof MACHINES)[];

describe("a template that cannot be read", () => {
  test.each([
    ["", /t\.yml:1:1: .*a template is a map/],
    ["- x", /a template is a map/],
    ["version: 2\ntemplate: t", /t\.yml:1:10: `version` must be 1/],
    ["version: 1", /`template` is missing/],
    ["version: 1\ntemplate: A B", /t\.yml:2:11: `template` must be a word/],
    [
      "version: 1\ntemplate: t\nperipheral: {}",
      /t\.yml:3:1: there is no key `peripheral` in a template; did you mean `peripherals`/,
    ],
    ["version: 1\ntemplate: t\nram: {size: 64}", /t\.yml:3:13: `ram\.size` must be a size/],
    ["version: 1\ntemplate: t\nram: {size: 64 Gib}", /must be a size such as "4 TB" or a comparison/],
    ["version: 1\ntemplate: t\ncpu: [{sockets: 2}]", /there is no key `sockets` under `cpu\[0\]`/],
    ["version: 1\ntemplate: t\ncpu: []", /`cpu` must not be empty/],
    ["version: 1\ntemplate: t\nperipherals: {network: [{kind: sfp++}]}", /must be one of .*did you mean sfp\+/],
    ["version: 1\ntemplate: t\nperipherals: {storage: {bus-a: {disks: '>> 2'}}}", /must be a number or a comparison/],
    ["version: 1\ntemplate: t\nperipherals: {storage: {Bus A: {}}}", /must be a word of lower-case letters/],
    ["version: 1\ntemplate: t\nspec: {disks: {system: sda}}", /there is no key `disks` under `spec`/],
    ["version: 1\ntemplate: t\nspec: {boot: {timeout: soon}}", /`spec\.boot\.timeout` must be a (whole )?number/],
  ])("%j", async (text, says) => {
    const error = await refusal(() => parseTemplate("t.yml", text));
    expect(error.exit).toBe(2);
    expect(error.evidence.join("\n")).toMatch(says);
  });

  test("one that does not exist", async () => {
    expect((await refusal(() => loadTemplate("metal_del_r630"))).text).toMatch(/did you mean `metal_dell_r630`/);
    expect((await refusal(() => loadTemplate("./nowhere.yml"))).code).toBe("cannot-read");
    // A name is never a way out of the folder.
    expect((await refusal(() => loadTemplate("..", {}))).code).toBe("no-such-template");
  });
});

describe("a machine that differs", async () => {
  const r730 = await inventoryOf("hw-dell-r730xd");
  const r630 = await inventoryOf("hw-dell-r630");
  const r930 = await inventoryOf("hw-dell-r930");
  const pc = await inventoryOf("hw-pc");

  test.each([
    [
      "system: {model: PowerEdge R630}",
      "the model: the template says PowerEdge R630, the machine has PowerEdge R730xd",
    ],
    ["serial: ABC", "the machine's serial number: the template says ABC, the machine has 5XKJ8F2"],
    ["cpu: [{}]", "the number of processors: the template says 1, the machine has 2"],
    [
      "cpu: [{}, {caps: [vmx, svm, sha_ni]}]",
      "processor 2: the template says vmx, svm, sha_ni, the machine has none of svm, sha_ni",
    ],
    ["cpu: {sockets: '> 2', cores: 14}", "the number of processors: the template says > 2, the machine has 2"],
    ["cpu: {threads: '>= 32'}", "threads of the processor: the template says >= 32, the machine has 28"],
    ["ram: {size: '>= 256 GiB'}", "the memory: the template says >= 256 GiB, the machine has 128 GiB"],
    ["ram: {ecc: false}", "the memory: the template says no ECC, the machine has ECC"],
    [
      "ram: {modules: [{slot: A4, size: 16 GiB}, {slot: A5, size: 16 GiB}]}",
      "the memory module in A5: the template says 16 GiB, the machine has none: the slot is empty",
    ],
    [
      "ram: {modules: [{slot: A1, size: 32 GiB}]}",
      "the memory module in A1: the template says 32 GiB, the machine has 16 GiB DDR4 2400 MT/s M393A2G40EB1-CRC",
    ],
    [
      "peripherals: {network: [{kind: sfp+, count: 4}]}",
      "the network: the template says 4 × sfp+, the machine has 2 (all ports: 2 × sfp+ ixgbe, 2 × 1gbase-t igb)",
    ],
    [
      "peripherals: {network: [{kind: sfp+, count: 1}, {kind: sfp+, count: 2}]}",
      "the network: the template says 2 × sfp+, the machine has 1 (all ports: 2 × sfp+ ixgbe, 2 × 1gbase-t igb)",
    ],
    [
      "peripherals: {network: [{mac: 'a0:36:9f:*:09'}]}",
      "the adapter a0:36:9f:*:09: the template says 1 × a0:36:9f:*:09, the machine has 0 (all ports: 2 × sfp+ ixgbe, 2 × 1gbase-t igb)",
    ],
    [
      "peripherals: {storage: {bus-c: {kind: nvme, disks: 4}}}",
      "the bus bus-c: the template says a nvme bus with 4 disks, the machine has none (buses here: sata (2 disks), sas (12 disks), usb (0 disks))",
    ],
    [
      "peripherals: {storage: {bus-a: {kind: sas, disks: 24}}}",
      "the number of disks of bus-a: the template says 24, the machine has 12",
    ],
    [
      "peripherals: {storage: {bus-a: {kind: sas, disks: [{}, {}, {size: 4 TiB}]}}}",
      "disk 3 of bus-a: the template says 4 TiB, the machine has 3.6 TiB",
    ],
    [
      "peripherals: {storage: {bus-b: {kind: sata, removable: true}}}",
      "what the disks of bus-b are: the template says removable, the machine has /dev/sdm, /dev/sdn not removable",
    ],
    [
      "peripherals: {storage: {bus-b: {kind: sata, size: '> 1 TB'}}}",
      "the size of the disks of bus-b: the template says > 1 TB, the machine has 224 GiB for /dev/sdm, 224 GiB for /dev/sdn",
    ],
    [
      "peripherals: {pci: [{id: '10de:*', name: a graphics card}]}",
      "the PCI device a graphics card (10de:*): the template says one, the machine has none",
    ],
    [
      "peripherals: {pci: [{class: '0200', count: 2}]}",
      "the PCI device class 0200: the template says 2, the machine has 4",
    ],
    [
      "peripherals: {usb: [{id: '1050:0407'}]}",
      "the USB device 1050:0407: the template says one, the machine has none",
    ],
    ["ipmi: ilo", "the remote management: the template says ilo, the machine has idrac"],
  ])("%s", (text, reason) => {
    expect(reasons(text, r730)).toEqual([reason]);
  });

  test("a RAID card that hides the disks that are missed says so", () => {
    expect(reasons("peripherals: {storage: {front: {kind: sas, mode: hba, disks: 8}}}", r630)).toEqual([
      "the RAID card of front: the template says hba mode, the machine has in raid mode",
      "the number of disks of front: the template says 8, the machine has 1 (the card is in RAID mode and hides its disks)",
    ]);
  });

  test("what the machine does not tell is no difference, and no point either", () => {
    expect(reasons("ipmi: idrac", r930)).toEqual([
      "the remote management: the template says idrac, which this machine does not tell",
    ]);
    expect(reasons("serial: x", pc)).toEqual([
      "the machine's serial number: the template says x, which this machine does not tell",
    ]);
    const { points, of, differs, unknown } = scoreOf(
      verifyTemplate(template("ipmi: idrac\nram: {ecc: true}").template, r930),
    );
    expect({ points, of, differs: differs.length, unknown: unknown.length }).toEqual({
      points: 1,
      of: 2,
      differs: 0,
      unknown: 1,
    });
  });

  test("a bus that is missing takes all that is said of it along", () => {
    const score = (text: string) => scoreOf(verifyTemplate(template(text).template, r730));
    const text = "peripherals: {storage: {x: {kind: nvme, driver: nvme, disks: [{}, {}, {}]}, y: {kind: sas}}}";
    expect(score(text)).toMatchObject({ points: 1, of: 6 });
    expect(score(text).differs).toHaveLength(1);
  });

  test("it is refused with exit code 8, with the place of each", async () => {
    const text = "ram: {size: '>= 1 TiB'}\nperipherals:\n  network:\n    - {kind: qsfp28}\n";
    const error = await refusal(() => requireHardware(template(text), r730));
    expect(error).toMatchObject({ code: "hardware-differs", exit: 8 });
    expect(error.evidence).toEqual([
      "t.yml:3:13: the memory: the template says >= 1 TiB, the machine has 128 GiB",
      "t.yml:6:7: the network: the template says 1 × qsfp28, the machine has 0 (all ports: 2 × sfp+ ixgbe, 2 × 1gbase-t igb)",
    ]);
    expect(error.text).toMatch(/differs from the template t in 2 things \(0\/2\); nothing was written/);
  });
});

describe("which bus and which disk is meant", async () => {
  const pc = await inventoryOf("hw-pc");
  const r730 = await inventoryOf("hw-dell-r730xd");

  test("the names are the template's own: what fits best is found", () => {
    expect(reasons("peripherals: {storage: {x: {disks: 12}, y: {disks: 2}, usb: {}}}", r730)).toEqual([]);
    expect(reasons("peripherals: {storage: {y: {disks: 2}, x: {disks: 12}}}", r730)).toEqual([]);
    expect(reasons("peripherals: {storage: {a: {kind: sata}, b: {kind: nvme}, usb: {}}}", pc)).toEqual([]);
    expect(reasons("peripherals: {storage: {a: {kind: sata}, b: {kind: sata}}}", pc)).toHaveLength(1);
  });

  test("disks in any order; the one that is left over is compared", () => {
    const disks = (list: string) => reasons(`peripherals: {storage: {s: {kind: sata, disks: [${list}]}}}`, pc);
    expect(disks("{serial: WD-WCC7K1}, {serial: WD-WCC7K0}")).toEqual([]);
    expect(disks("{size: 4 TB}, {serial: WD-WCC7K0, size: 8 TB}")).toEqual(
      ["disk 2 of s: the template says serial WD-WCC7K0, 8 TB, the machine has serial WD-WCC7K1, 3.6 TiB"].map(
        (text) => text,
      ),
    );
  });

  test("a size in plain is within one per cent, a comparison exact", () => {
    expect(sizeHolds("4 TB", 4_000_787_030_016)).toBe(true);
    expect(sizeHolds("4 TiB", 4_000_787_030_016)).toBe(false);
    expect(sizeHolds("= 4 TB", 4_000_787_030_016)).toBe(false);
    expect(sizeHolds(">= 4 TB, < 5 TB", 4_000_787_030_016)).toBe(true);
    // Only known to lie between two values.
    expect(sizeHolds(">= 64 GiB", 62 * 2 ** 30, 67 * 2 ** 30)).toBe(true);
    expect(sizeHolds("<= 62 GiB", 62 * 2 ** 30, 67 * 2 ** 30)).toBe(true);
    expect(sizeHolds("> 67 GiB", 62 * 2 ** 30, 67 * 2 ** 30)).toBe(false);
  });

  test("counts and patterns", () => {
    expect([countHolds(2, 2), countHolds(2, 3), countHolds(">= 1, <= 2", 2), countHolds(">= 1, <= 2", 3)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(patternHolds(["*E5-26* v3*", "*E5-26* v4*"], ["Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz"])).toBe(true);
    expect(patternHolds("*E5-26* v3*", ["Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz"])).toBe(false);
  });
});

describe("which template", async () => {
  const templates = await loadTemplates();

  test.each(NAMES)("%s: the one that is clearly best", async (name) => {
    const choice = chooseTemplate(scoreTemplates(templates, await inventoryOf(name)));
    expect("chosen" in choice ? choice.chosen.template.template.template : choice.why).toBe(MACHINES[name]);
  });

  test("one that names the model is it, also where the machine differs from it", async () => {
    const broken = await inventoryOf("hw-dell-r630", (outputs) => {
      const udev = outputs["udevadm info --export-db"];
      if (udev !== undefined) udev.stdout = udev.stdout.replaceAll("PCI_CLASS=10400", "PCI_CLASS=20000");
    });
    const choice = chooseTemplate(scoreTemplates(templates, broken));
    expect("chosen" in choice && scoreInWords(choice.chosen)).toMatch(
      /^12\/14 metal_dell_r630: the bus front: the template says a sas bus, the machine has none \(/,
    );
  });

  test("none, where two fit equally well, where all differ, and where none is for such a machine", async () => {
    const pc = await inventoryOf("hw-pc");
    const of = (...texts: string[]) =>
      chooseTemplate(
        scoreTemplates(
          texts.map((text, at) => parseTemplate(`${at}.yml`, `version: 1\ntemplate: t${at}\n${text}`)),
          pc,
        ),
      );
    expect(of("ram: {ecc: false}", "cpu: [{}]")).toEqual({ why: "t0 and t1 fit equally well." });
    expect(of("ram: {ecc: true}", "ram: {slots: 9}")).toEqual({ why: "Every template differs from this machine." });
    expect(of("system: {model: x}", "system: {chassis: laptop}")).toEqual({
      why: "No template is for a machine like this.",
    });
    expect(of("ram: {ecc: false}", "ram: {ecc: false, slots: 4}")).toMatchObject({ chosen: { points: 2 } });
    expect(of("system: {model: MS-7C91}\nram: {ecc: true}", "ram: {slots: 4, ecc: false}")).toMatchObject({
      chosen: { points: 1, of: 2 },
    });
  });
});

describe("the program's own templates", () => {
  const ajv = new Ajv({ strict: false });
  const validate = ajv.compile(
    JSON.parse(readFileSync(new URL("../../docs/schema/hardware.json", import.meta.url), "utf8")) as object,
  );
  test.each(readdirSync(FOLDER))("%s is named like its file, and valid for us and for editors", async (file) => {
    const text = readFileSync(new URL(file, FOLDER), "utf8");
    const { template: data } = await loadTemplate(new URL(file, FOLDER).pathname);
    expect(`${data.template}.yml`).toBe(file);
    expect(text).toContain("docs/schema/hardware.json\n");
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe("a host file", async () => {
  const marks = (text: string, inventory: Inventory) =>
    scoreOf(verifyTemplate(parseTemplate("h.yml", text).template, inventory));

  test.each(NAMES)("made on %s verifies there with full marks, and nowhere else", async (name) => {
    const inventory = await inventoryOf(name);
    const loaded = await loadTemplate(MACHINES[name]);
    const file = makeHostFile(inventory, { host: "jupiter.example.net", template: loaded.template });
    const text = hostFileAsYaml(file);
    expect(parseTemplate("h.yml", text).template).toEqual(file);
    const { points, of, differs, unknown } = marks(text, inventory);
    expect({ points, differs, unknown }).toEqual({ points: of, differs: [], unknown: [] });
    expect(of).toBeGreaterThan(scoreOf(verifyTemplate(loaded.template, inventory)).of);
    for (const other of NAMES)
      if (other !== name) expect(marks(text, await inventoryOf(other)).differs.length).toBeGreaterThan(0);
  });

  test("what only is plugged in is not in it: sticks, and the medium that runs", async () => {
    const laptop = makeHostFile(await inventoryOf("hw-laptop"), { host: "h", template: template("").template });
    expect(laptop.peripherals?.storage).toMatchObject({ usb: { kind: "usb" } });
    expect(laptop.peripherals?.storage?.usb).not.toHaveProperty("disks");
    const rescue = makeHostFile(await inventoryOf("rescue-guest"), { host: "h", template: template("").template });
    expect(JSON.stringify(rescue)).not.toMatch(/multiverse-(live|state)/);
    expect(JSON.stringify(rescue)).toContain("virtio-MVTARGET01");
  });

  test("buses keep the template's names, and its values for the spec stay", async () => {
    const inventory = await inventoryOf("hw-dell-r730xd");
    const { template: of } = template(
      "peripherals: {storage: {bay: {kind: sas}, sata: {disks: 0}}}\nspec: {boot: {timeout: 9}}",
    );
    const file = makeHostFile(inventory, { host: "h", template: of });
    expect(Object.keys(file.peripherals?.storage ?? {}).toSorted()).toEqual(["bay", "sata", "usb"]);
    expect(file.spec).toEqual({ boot: { timeout: 9 } });
  });

  /** Machines as nobody builds them: texts, sizes and numbers of every kind in place of the recorded ones. */
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom("", "*", "a b", "1.0", "0", "true", "~", "[x]", "é"),
  );
  const machines = await Promise.all(NAMES.map(async (name) => ({ name, inventory: await inventoryOf(name) })));
  const odd = fc
    .record({
      at: fc.nat({ max: machines.length - 1 }),
      ...{ serial: word, product: word, model: word, driver: word, diskSerial: word, part: word },
      sizes: fc.array(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 4 }),
      ...{ sockets: fc.integer({ min: 1, max: 8 }), known: fc.boolean(), removable: fc.boolean() },
    })
    .map(({ at, serial, product, model, driver, diskSerial, part, sizes, sockets, known, removable }) => {
      const { name, inventory } = machines[at] ?? machines[0] ?? { name: NAMES[0], inventory: undefined };
      if (inventory === undefined || name === undefined) throw new Error("no machine");
      const clean = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "?").trim();
      const size = (index: number) => sizes[index % sizes.length] ?? 1;
      const { hardware } = inventory;
      return {
        name,
        inventory: {
          ...inventory,
          machine: { ...inventory.machine, serial: clean(serial), product: clean(product) },
          disks: inventory.disks.map((disk, index) => ({
            ...{ ...disk, removable, size: size(index), model: clean(model) },
            ...(index % 2 === 0 ? { serial: clean(diskSerial), id: null, aliases: [] } : {}),
          })),
          hardware: {
            ...hardware,
            processor: hardware.processor && { ...hardware.processor, sockets, model: clean(model) },
            memory: known
              ? hardware.memory && {
                  ...hardware.memory,
                  modules: hardware.memory.modules.map((one) => ({ ...one, part: clean(part) })),
                }
              : null,
            ports: hardware.ports.map((one) => ({
              ...one,
              driver: clean(driver) || null,
              kind: known ? one.kind : null,
            })),
          },
        } satisfies Inventory,
      };
    });

  test("made on any machine verifies there with full marks (100 odd ones)", async () => {
    const empty = template("").template;
    fc.assert(
      fc.property(odd, ({ inventory }) => {
        const text = hostFileAsYaml(makeHostFile(inventory, { host: "h.example.net", template: empty }));
        const { points, of, differs, unknown } = marks(text, inventory);
        expect([...differs, ...unknown].map(inWords)).toEqual([]);
        expect(points).toBe(of);
      }),
      { numRuns: 100 },
    );
  });
});
