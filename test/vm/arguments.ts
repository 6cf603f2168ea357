// The command line of `npm run vm`.
import { parseArgs } from "node:util";
import { ActionableError, EXIT } from "../../core/errors.ts";
import { nearest } from "../../core/spec/suggest.ts";
import type { Scenario } from "./scenario.ts";

export interface VmArguments {
  help: boolean;
  list: boolean;
  chosen: Scenario[];
  jobs: number;
  keep: boolean;
}

export const USAGE = `npm run vm -- NAME…          run these scenarios
npm run vm -- --all          run all of them, two at a time
npm run vm -- --ci           run those of npm test
npm run vm -- --list         one name at the start of each line
  --jobs N                   so many at a time (default: 2 with --all and --ci, else 1)
  --keep                     leave the disks of the machines in the cache until the next run
`;

/** Throws ActionableError with exit 2 for anything that is not understood. */
export function parseVmArguments(argv: readonly string[], scenarios: readonly Scenario[]): VmArguments {
  const { values, positionals } = readOptions(argv);
  const many = values.all === true || values.ci === true;
  const jobs = Number(values.jobs ?? (many ? "2" : "1"));
  if (!Number.isInteger(jobs) || jobs < 1) throw usageError(`--jobs ${values.jobs} is not a number of machines.`);
  const named = positionals.map((name) => {
    const scenario = scenarios.find((candidate) => candidate.name === name);
    if (scenario === undefined) throw unknownError(name, scenarios);
    return scenario;
  });
  const chosen = scenarios.filter(
    (scenario) => values.all === true || (values.ci === true && scenario.ci) || named.includes(scenario),
  );
  const asked = values.list === true || values.help === true;
  if (chosen.length === 0 && !asked) throw usageError("No scenario was named.");
  return { help: values.help === true, list: values.list === true, chosen, jobs, keep: values.keep === true };
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        list: { type: "boolean" },
        all: { type: "boolean" },
        ci: { type: "boolean" },
        keep: { type: "boolean" },
        jobs: { type: "string" },
      },
    });
  } catch (cause) {
    throw usageError(cause instanceof Error ? cause.message : String(cause));
  }
}

function usageError(message: string): ActionableError {
  return new ActionableError({ code: "vm-usage", exit: EXIT.usage, message, hint: `Usage:\n${USAGE}` });
}

function unknownError(name: string, scenarios: readonly Scenario[]): ActionableError {
  const names = scenarios.map((scenario) => scenario.name);
  const near = nearest(name, names);
  return new ActionableError({
    code: "vm-unknown-scenario",
    exit: EXIT.usage,
    message: `There is no scenario "${name}".`,
    hint:
      near === undefined ? `There are: ${names.join(", ")}` : `Did you mean ${near}? npm run vm -- --list shows all.`,
  });
}
