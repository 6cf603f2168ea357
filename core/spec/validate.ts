// Checks data against the spec's schema, and words every problem for a person: invalid apart from not yet.
import type { z } from "zod";
import { isAsk } from "./merge.ts";
import { isMap, type Path, pathKey, showPath, valueAt } from "./path.ts";
import { type Spec, specSchema } from "./schema.ts";
import { keysAt } from "./schema-at.ts";
import { nearest } from "./suggest.ts";

export interface Ask {
  path: Path;
  why: string;
}

export interface Problem {
  kind: "invalid" | "not-yet";
  path: Path;
  /** The problem is about the last key of the path, not its value. */
  aboutKey: boolean;
  message: string;
}

/** The spec with its {ask: …} taken out, what they were, and every problem; the spec may be used only when there are none. */
export function validateSpec(data: unknown): { spec: Spec; asks: Ask[]; problems: Problem[] } {
  const deep = tooDeep(data, []);
  if (deep !== null) return { spec: { version: 1 }, asks: [], problems: [deep] };
  const asks: Ask[] = [];
  const given = takeAsks(data, [], asks);
  return { spec: given as Spec, asks, problems: problemsOf(specSchema, "a spec", given, asks) };
}

/** The same for a file of another kind, called `what` in messages, where nothing is asked. */
export function validateData<Data>(
  schema: z.ZodType<Data>,
  data: unknown,
  what: string,
): { data: Data; problems: Problem[] } {
  return { data: data as Data, problems: problemsOf(schema, what, data, []) };
}

function problemsOf(schema: z.ZodType, what: string, given: unknown, asks: readonly Ask[]): Problem[] {
  const result = schema.safeParse(given);
  const asked = new Set(asks.map((ask) => pathKey(ask.path)));
  const issues = (result.error?.issues ?? []).flatMap((issue) => flatten(issue, []));
  const misspelt = new Set(
    issues.filter((issue) => issue.code === "unrecognized_keys").map((issue) => pathKey(issue.path)),
  );
  const problems = issues
    // What is wrong with a map as a whole may be only that its key is misspelt.
    .filter((issue) => issue.code !== "custom" || !misspelt.has(pathKey(issue.path)))
    .filter((issue) => !asked.has(pathKey(issue.path)) || valueAt(given, issue.path) !== undefined)
    .flatMap((issue) => toProblems(issue, given, { schema, what }));
  return firstOfEach(problems);
}

/** More than any spec needs: a selector may hold selectors, and the checker calls itself for each. */
const DEEPEST = 48;

function tooDeep(value: unknown, path: Path): Problem | null {
  if (typeof value !== "object" || value === null) return null;
  if (path.length >= DEEPEST) {
    const message = `\`${showPath(path.slice(0, 4))}.…\` is nested more than ${DEEPEST} deep`;
    return { kind: "invalid", path, aboutKey: false, message };
  }
  for (const [key, item] of Object.entries(value)) {
    const found = tooDeep(item, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found !== null) return found;
  }
  return null;
}

/** One problem a place: a size that is no size is not also "not whole bytes". */
function firstOfEach(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const place = pathKey(problem.path);
    return !seen.has(place) && seen.add(place);
  });
}

/** Where a value is an {ask: …}, a map loses the key, and a list holds undefined in its place. */
function takeAsks(value: unknown, path: Path, asks: Ask[]): unknown {
  if (isAsk(value)) {
    asks.push({ path, why: value.ask });
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item, at) => takeAsks(item, [...path, at], asks));
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    key,
    takeAsks(item, [...path, key], asks),
  ]);
  return Object.fromEntries(entries.filter(([key, item]) => item !== undefined || !isAsk(value[key])));
}

type Issue = z.core.$ZodIssue;

/** Replaces "none of the alternatives fits" by the problems of the alternative that was meant. */
function flatten(issue: Issue, above: readonly PropertyKey[]): (Issue & { path: (string | number)[] })[] {
  const path = [...above, ...issue.path] as (string | number)[];
  if (issue.code === "invalid_union") {
    const meant = meantBranch(issue.errors);
    if (meant !== undefined) return meant.flatMap((one) => flatten(one, path));
  }
  return [{ ...issue, path }];
}

/** The alternative whose form fits: a map is meant where a map stands; a word that is not in the list still means the list. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const atTop = (branch: readonly Issue[], code: Issue["code"]) =>
    branch.some((one) => one.code === code && one.path.length === 0);
  const rightKind = branches.filter((branch) => !atTop(branch, "invalid_type"));
  const fitting = rightKind.filter((branch) => !atTop(branch, "invalid_value"));
  return fitting.length === 1 ? fitting[0] : rightKind.length === 1 ? rightKind[0] : undefined;
}

interface Kind {
  schema: z.ZodType;
  what: string;
}

function toProblems(issue: Issue & { path: (string | number)[] }, data: unknown, kind: Kind): Problem[] {
  const { path } = issue;
  const problem = (message: string, aboutKey = false): Problem => ({
    kind: "invalid",
    path,
    aboutKey,
    message: `\`${showPath(path)}\` ${message}`,
  });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key, kind));
    case "invalid_key":
      return [problem(issue.issues[0]?.message ?? "is not a name that can stand here", true)];
    case "invalid_type":
      return [
        valueAt(data, path) === undefined
          ? missing(path)
          : problem(/^must/.test(issue.message) ? issue.message : wrongType(issue.expected, valueAt(data, path))),
      ];
    case "invalid_value":
      return [
        valueAt(data, path) === undefined ? missing(path) : problem(wrongWord(issue.values, valueAt(data, path))),
      ];
    case "invalid_union":
      return [problem("is none of the forms that can stand here")];
    case "too_small":
    case "too_big":
      return [problem(/^[a-z]/.test(issue.message) ? issue.message : outOfRange(issue))];
    case "custom":
      return [
        {
          ...problem(issue.message, issue.params?.notYet === true),
          kind: issue.params?.notYet === true ? "not-yet" : "invalid",
        },
      ];
    default:
      return [problem(issue.message)];
  }
}

function missing(path: Path): Problem {
  const message =
    path.length === 1 && path[0] === "version" ? "`version: 1` is missing" : `\`${showPath(path)}\` is missing`;
  return { kind: "invalid", path, aboutKey: false, message };
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function wrongType(expected: string, value: unknown): string {
  const is =
    value === null
      ? "empty"
      : Array.isArray(value)
        ? "a list"
        : isMap(value)
          ? "a map"
          : (KINDS[typeof value] ?? "something else");
  const quote =
    expected === "string" && (typeof value === "number" || typeof value === "boolean") ? "; put it in quotes" : "";
  return `must be ${KINDS[expected] ?? expected}, and is ${is}${quote}`;
}

function wrongWord(values: readonly unknown[], value: unknown): string {
  const words = values.map(String);
  const guess = typeof value === "string" ? nearest(value, words) : undefined;
  return `must be ${words.length === 1 ? words[0] : `one of ${words.join(", ")}`}${guess === undefined ? "" : `; did you mean ${guess}?`}`;
}

function outOfRange(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  return issue.code === "too_small" ? `must be at least ${issue.minimum}` : `must be at most ${issue.maximum}`;
}

function unknownKey(path: readonly (string | number)[], name: string, { schema, what }: Kind): Problem {
  const guess = nearest(name, keysAt(schema, path));
  return {
    kind: "invalid",
    path: [...path, name],
    aboutKey: true,
    message: `there is no key \`${name}\` ${path.length === 0 ? `in ${what}` : `under \`${showPath(path)}\``}${guess === undefined ? "" : `; did you mean \`${guess}\`?`}`,
  };
}
