import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderSchemas } from "../../bin/write-schemas.ts";
import { loadSpec } from "../../core/spec/load.ts";

const EXAMPLES = new URL("../../profiles/examples/", import.meta.url);
const MACHINES = new URL("../fixtures/machines/", import.meta.url);
const SCHEMAS = new URL("../../docs/schema/", import.meta.url);

const schema = (name: string): object => JSON.parse(readFileSync(new URL(name, SCHEMAS), "utf8")) as object;
const validates = (name: string) => new Ajv({ strict: true, allowUnionTypes: true }).compile(schema(name));

test("docs/schema is what `npm run schema` writes", () => {
  for (const [name, text] of renderSchemas()) expect(readFileSync(new URL(name, SCHEMAS), "utf8"), name).toBe(text);
  expect(readdirSync(SCHEMAS).filter((name) => renderSchemas().has(name))).toHaveLength(renderSchemas().size);
});

describe.each(readdirSync(EXAMPLES))("%s", (name) => {
  const file = new URL(name, EXAMPLES);
  const text = readFileSync(file, "utf8");

  test("says what it is for and names its schema at its head", () => {
    const head = text.slice(0, text.indexOf("\nversion:"));
    expect(head).toMatch(/^# \S/);
    expect(head).toMatch(/\n# yaml-language-server: \$schema=\.\.\/\.\.\/docs\/schema\/spec\.json$/);
  });

  test("is valid for us", async () => {
    expect((await loadSpec([file.pathname])).spec.version).toBe(1);
  });

  test("is valid for editors", () => {
    const validate = validates("spec.json");
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });
});

test.each([
  ["profiles/hosts/minimal.yml", "package-set.json"],
  ["rescue/packages.yml", "package-set.json"],
  ["rescue/kernel.yml", "kernel-pins.json"],
])("%s names its schema and keeps to it", (path, name) => {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  expect(text).toContain(`docs/schema/${name}\n`);
  const validate = validates(name);
  expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
});

test.each(readdirSync(MACHINES))("the recorded machine %s is valid for its schema", (name) => {
  const validate = validates("machine.json");
  expect(validate(JSON.parse(readFileSync(new URL(name, MACHINES), "utf8"))), JSON.stringify(validate.errors)).toBe(
    true,
  );
});

describe("the schema for editors agrees with us", () => {
  const validate = validates("spec.json");
  test.each([
    "{version: 1, hots: {}}",
    "{version: 2}",
    "{version: 1, hooks: x}",
    "{version: 1, root: {encryption: cik}}",
    "{version: {ask: x}}",
    "{version: 1, users: [{}]}",
  ])("refuses %s", (text) => {
    expect(validate(parse(text))).toBe(false);
  });
  test.each([
    "{version: 1, host: {ask: x}}",
    '{version: 1, host: {name: {ref: "o.yml#/x"}}}',
    "{version: 1, users: [{name: {ask: who}}]}",
    "{version: 1, root: {encryption: {unlock: {ask: x}}}}",
  ])("takes %s", (text) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  test("every key says what it is, and docs/writing-a-spec.md names it", () => {
    const guide = readFileSync(new URL("../../docs/writing-a-spec.md", import.meta.url), "utf8");
    const silent: string[] = [];
    const look = (part: unknown, path: string): void => {
      if (typeof part !== "object" || part === null) return;
      const { properties, anyOf, items, additionalProperties } = part as Record<string, unknown>;
      for (const [name, value] of Object.entries((properties ?? {}) as Record<string, { description?: string }>)) {
        const documented = "not" in value || new RegExp(`\\b${name}\\b`).test(guide);
        if (value.description === undefined || !documented) silent.push(`${path}.${name}`);
        look(value, `${path}.${name}`);
      }
      for (const inner of [items, additionalProperties, ...(Array.isArray(anyOf) ? anyOf : [])]) look(inner, path);
    };
    look(schema("spec.json"), "");
    expect(silent).toEqual([]);
  });
});
