// Counts what held and what did not, and writes each to the report as it happens.
import { scrub } from "../../core/vm/scrub.ts";

export interface Checks {
  check(title: string, holds: boolean, evidence?: string): void;
  same(title: string, actual: string, expected: string): void;
  readonly passed: number;
  readonly failed: number;
}

export function createChecks(print: (line: string) => void): Checks {
  let passed = 0;
  let failed = 0;
  const check: Checks["check"] = (title, holds, evidence) => {
    if (holds) passed += 1;
    else failed += 1;
    print(`${holds ? "ok    " : "FAILED"} ${title}`);
    if (!holds && evidence !== undefined) {
      for (const line of scrub(evidence).trimEnd().split("\n").slice(-20)) print(`         ${line}`);
    }
  };
  return {
    check,
    same: (title, actual, expected) => check(title, actual === expected, `is      ${actual}\nnot     ${expected}`),
    get passed() {
      return passed;
    },
    get failed() {
      return failed;
    },
  };
}
