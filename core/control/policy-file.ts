// /etc/multiverse/control/policy.yml, read; it brings YAML and zod, so it is loaded only to read that file.
import { parse } from "yaml";
import { z } from "zod";
import { PRINCIPAL } from "./envelope.ts";
import { OPERATION_NAMES, type OperationName } from "./operations.ts";
import type { Policy } from "./policy.ts";

const operation = z.enum(OPERATION_NAMES as [OperationName, ...OperationName[]]);

const policyFile = z.strictObject({
  version: z.literal(1),
  principals: z.record(
    z.string().regex(PRINCIPAL),
    z.strictObject({ operations: z.union([z.literal("all"), z.array(operation)]) }),
  ),
  "two-signers": z.array(operation).default(["key.rotate", "cik.make", "bootmenu.apply"]),
  "revert-after": z.int().min(5).max(3600).default(60),
});

/** Throws, with a sentence of why, what is not exactly a policy. */
export function parsePolicy(text: string): Policy {
  const file = policyFile.safeParse(parse(text, { uniqueKeys: true, maxAliasCount: 0 }));
  if (!file.success) throw new Error(z.prettifyError(file.error).replace(/\s+/g, " "));
  const { principals } = file.data;
  return {
    principals: new Map(
      Object.entries(principals).map(([name, { operations }]) => [
        name,
        operations === "all" ? ("all" as const) : new Set(operations),
      ]),
    ),
    twoSigners: new Set(file.data["two-signers"]),
    revertAfter: file.data["revert-after"],
  };
}
