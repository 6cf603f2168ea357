import { describe, expect, test } from "vitest";
import { loadTexts, refusal } from "./spec-text.ts";

describe("references", () => {
  test("another file's value, relative to the file, through lists and further references", async () => {
    const { spec } = await loadTexts(
      { "d/a.yml": 'version: 1\nhost: {name: {ref: "../o.yml#/hosts/1/name"}}\nboot: {ref: "b.yml#/boot"}\n' },
      {
        "o.yml": 'hosts: [{name: x}, {name: {ref: "#/names/second"}}]\nnames: {second: io}\n',
        "d/b.yml": "boot: {timeout: 9}\n",
      },
    );
    expect(spec.host?.name).toBe("io");
    expect(spec.boot?.timeout).toBe(9);
  });

  test("a path that goes through a reference", async () => {
    const { spec } = await loadTexts(
      { "a.yml": 'version: 1\nhost: {name: {ref: "o.yml#/host/name"}}\n' },
      { "o.yml": 'host: {ref: "p.yml#/h"}\n', "p.yml": "h: {name: io}\n" },
    );
    expect(spec.host?.name).toBe("io");
  });

  test("a dangling one names both ends", async () => {
    const { exit, evidence } = await refusal(() =>
      loadTexts(
        { "a.yml": 'version: 1\nhost: {name: {ref: "o.yml#/host/nmae"}}\n' },
        { "o.yml": "\nhost:\n  name: x\n" },
      ),
    );
    expect(exit).toBe(2);
    expect(evidence).toEqual(["a.yml:2:14: there is no host.nmae in o.yml (looked from o.yml:3:3)"]);
  });

  test("a circle names both ends", async () => {
    const { evidence } = await refusal(() =>
      loadTexts(
        { "a.yml": 'version: 1\nhost: {name: {ref: "b.yml#/x"}}\n' },
        { "b.yml": 'x: {ref: "c.yml#/y"}\n', "c.yml": '\ny: {ref: "b.yml#/x"}\n' },
      ),
    );
    expect(evidence).toEqual([
      "c.yml:2:4: the reference goes in a circle: it leads to x at b.yml:1:4, which leads back here",
    ]);
  });

  test.each(['{ref: "#/"}', '{ref: "a.yml"}', '{ref: "#/host"}'])("%s around itself is a circle", async (ref) => {
    expect((await refusal(() => loadTexts({ "a.yml": `version: 1\nhost: {name: ${ref}}\n` }))).code).toBe(
      "bad-reference",
    );
  });

  test.each(["{ref: 5}", '{ref: ""}', '{ref: "o.yml#name"}'])("%s is no reference", async (ref) => {
    expect((await refusal(() => loadTexts({ "a.yml": `version: 1\nhost: {name: ${ref}}\n` }))).text).toMatch(
      /a\.yml:2:14: a reference must/,
    );
  });

  test("references that multiply end", async () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) =>
        `l${n}: [${Array(4)
          .fill(`{ref: "#/l${n + 1}"}`)
          .join(", ")}]\n`,
    ).join("");
    expect((await refusal(() => loadTexts({ "a.yml": `version: 1\n${levels}l12: x\n` }))).text).toMatch(
      /more than 1000 references/,
    );
  });

  test("a file that is not there", async () => {
    expect((await refusal(() => loadTexts({ "a.yml": 'version: 1\nhost: {ref: "gone.yml"}\n' }))).text).toMatch(
      /gone\.yml cannot be read/,
    );
  });

  test("a problem in a referenced value is shown where that value stands", async () => {
    const { evidence } = await refusal(() =>
      loadTexts({ "a.yml": 'version: 1\nhost: {ref: "o.yml#/h"}\n' }, { "o.yml": "\n\nh: {name: NOT}\n" }),
    );
    expect(evidence[0]).toMatch(/^o\.yml:3:11: `host.name` must be/);
  });
});
