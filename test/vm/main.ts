// `npm run vm`: runs scenarios by name and ends with "N passed, M failed".
import { createRun, start } from "../../core/tools/run-real.ts";
import { parseVmArguments, USAGE } from "./arguments.ts";
import { endWell, runScenarios } from "./run-scenarios.ts";
import { SCENARIOS } from "./scenarios.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);

await endWell(async () => {
  const wanted = parseVmArguments(process.argv.slice(2), SCENARIOS);
  if (wanted.help) {
    print(USAGE.trimEnd());
    return 0;
  }
  if (wanted.list) {
    const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
    for (const { name, title, ci } of SCENARIOS) print(`${name.padEnd(width)}  ${title}${ci ? " (ci)" : ""}`);
    return 0;
  }
  const { passed, failed } = await runScenarios({ run: createRun(), start }, { ...wanted, print });
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
