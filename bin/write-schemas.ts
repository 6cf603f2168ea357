// Writes the JSON Schema of every YAML and JSON format into docs/schema/, from the zod schemas: `npm run schema`.
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { templateSchema } from "../core/hardware/schema.ts";
import { machineSchema } from "../core/inventory/record.ts";
import { laterMeta } from "../core/spec/question-meta.ts";
import { specSchema } from "../core/spec/schema.ts";
import { listSchema } from "../rescue/package-list.ts";
import { pinsSchema } from "../rescue/pins.ts";

type Json = Record<string, unknown>;

const ASK = {
  type: "object",
  description: "Always ask for this value; the text says why.",
  properties: { ask: { type: "string" } },
  required: ["ask"],
  additionalProperties: false,
};

const REF = {
  type: "object",
  description: "Take the value from another place.",
  properties: { ref: { type: "string", description: 'A file and a path in it, such as "other.yml#/host/name".' } },
  required: ["ref"],
  additionalProperties: false,
};

/** Every published schema by file name, as text. */
export function renderSchemas(): ReadonlyMap<string, string> {
  const spec = toJsonSchema(specSchema, "What to install where: a spec of multiverse.");
  const open = { ...withAskAndRef(spec), definitions: { ask: ASK, ref: REF } };
  return new Map([
    ["spec.json", render(open)],
    ["package-set.json", render(toJsonSchema(listSchema, "A set of Debian packages that an image is built from."))],
    ["kernel-pins.json", render(toJsonSchema(pinsSchema, "The kernel and ZFS that the images are pinned to."))],
    ["hardware.json", render(toJsonSchema(templateSchema, "A hardware template, or the host file of one machine."))],
    ["machine.json", render(toJsonSchema(machineSchema, "A machine recorded by `multiverse probe --output`."))],
  ]);
}

function toJsonSchema(schema: z.ZodType, title: string): Json {
  // draft-07 is what editors' YAML support knows best.
  const made = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    reused: "inline",
    override: ({ zodSchema, jsonSchema }) => {
      const later = laterMeta.get(zodSchema);
      if (later?.now === null) jsonSchema.not = {};
      else if (later !== undefined) jsonSchema.enum = [...later.now];
    },
  });
  return { title, ...made };
}

/** Any value below the top may be {ask: …} or {ref: …}; the version may not, or nobody could tell what the file is. */
function withAskAndRef(schema: Json): Json {
  return mapParts(schema, (part, name) => (name === "version" || "not" in part ? part : open(part)));
}

function open(part: Json): Json {
  const inner = withAskAndRef(part);
  const { description, ...rest } = inner;
  const alternatives = Array.isArray(rest.anyOf) && Object.keys(rest).length === 1 ? rest.anyOf : [rest];
  return {
    ...(description === undefined ? {} : { description }),
    anyOf: [...alternatives, { $ref: "#/definitions/ask" }, { $ref: "#/definitions/ref" }],
  };
}

/** Applies a change to the values of maps and lists, also inside alternatives. */
function mapParts(schema: Json, change: (part: Json, name: string) => Json): Json {
  const result: Json = { ...schema };
  if (isJson(schema.properties)) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, part]) => [name, isJson(part) ? change(part, name) : part]),
    );
  }
  for (const name of ["additionalProperties", "items"]) {
    const part = schema[name];
    if (isJson(part)) result[name] = change(part, name);
  }
  if (Array.isArray(schema.anyOf))
    result.anyOf = schema.anyOf.map((part: unknown) => (isJson(part) ? mapParts(part, change) : part));
  return result;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function render(schema: Json): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  for (const [name, text] of renderSchemas()) writeFileSync(new URL(`../docs/schema/${name}`, import.meta.url), text);
}
