// Any error as the screens show it.
import { ActionableError } from "../../core/errors.ts";
import { asReport, type ErrorReport } from "./model.ts";

/** No stack trace on a screen: what a person can act on, or that it is a bug. */
export function explain(error: unknown): ErrorReport {
  if (error instanceof ActionableError) return asReport(error);
  return {
    code: "bug",
    message: error instanceof Error ? error.message : String(error),
    evidence: [],
    hint: "This is a bug in multiverse: save a report, or run it with MULTIVERSE_DEBUG=1.",
  };
}
