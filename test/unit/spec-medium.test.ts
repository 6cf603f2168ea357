import { describe, expect, test } from "vitest";
import { replay } from "../../core/inventory/record.ts";
import { chooseSpec, findSpecs } from "../../core/spec/find-on-medium.ts";
import { machineFile } from "./recorded-machine.ts";
import { refusal } from "./spec-text.ts";

const MEDIUM = "/run/multiverse/state/multiverse.yml";

describe("which spec is meant", () => {
  test("the one on the medium that was booted from", () => {
    expect(chooseSpec({ medium: MEDIUM, others: [] })).toBe(MEDIUM);
  });
  test.each([
    [{ medium: MEDIUM, others: ["/dev/sdx1"] }, "two-specs", [MEDIUM, "/dev/sdx1"]],
    [{ medium: null, others: ["/dev/sdx1", "/dev/sdy1"] }, "two-specs", ["/dev/sdx1", "/dev/sdy1"]],
    [{ medium: null, others: ["/dev/sdx1"] }, "untrusted-spec", ["/dev/sdx1"]],
    [{ medium: null, others: [] }, "no-spec-found", [MEDIUM]],
  ])("%j is refused as %s", async (found, code, named) => {
    const error = await refusal(() => chooseSpec(found));
    expect(error).toMatchObject({ code, exit: 4 });
    for (const name of named) expect(error.text).toContain(name);
  });
});

describe("looking for specs", () => {
  /** The machine with several disks, and one more stick labelled MULTIVERSE; `answer` is mdir's. */
  function machine(answer: { stdout: string; stderr: string; exit: number }) {
    const file = machineFile("several-disks");
    const lsblk = file.outputs["lsblk -J -b -O"];
    if (lsblk === undefined) throw new Error("no lsblk in the fixture");
    const tree = JSON.parse(lsblk.stdout) as { blockdevices: object[] };
    tree.blockdevices.push({
      name: "sdx",
      kname: "sdx",
      path: "/dev/sdx",
      type: "disk",
      size: 1000,
      children: [
        {
          name: "sdx1",
          kname: "sdx1",
          path: "/dev/sdx1",
          type: "part",
          size: 900,
          fstype: "vfat",
          label: "MULTIVERSE",
        },
      ],
    });
    lsblk.stdout = JSON.stringify(tree);
    file.outputs["mdir -b -i /dev/sdx1 ::/multiverse.yml"] = answer;
    return replay(file);
  }

  test("finds one on another stick, and leaves the medium's own partition alone", async () => {
    expect(await findSpecs(machine({ stdout: "::/multiverse.yml\n", stderr: "", exit: 0 }))).toEqual({
      medium: null,
      others: ["/dev/sdx1"],
    });
  });
  test("a stick without one is no second spec", async () => {
    expect(await findSpecs(machine({ stdout: "", stderr: "File not found", exit: 1 }))).toEqual({
      medium: null,
      others: [],
    });
  });
  test("not being able to look is not the same as nothing there", async () => {
    const error = await refusal(() => findSpecs(machine({ stdout: "", stderr: "", exit: 127 })));
    expect(error).toMatchObject({ code: "program-missing", exit: 4 });
  });
});
