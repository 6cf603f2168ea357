// The door to programs, opened at its first use: the first frame of the screens does not wait for what starts programs.
import type { Run } from "../core/tools/run.ts";

export function lazyRun(): Run {
  let opened: Promise<Run> | undefined;
  const open = (): Promise<Run> => {
    opened ??= import("../core/tools/run-real.ts").then(({ createRun }) => createRun());
    return opened;
  };
  const run: Run = Object.assign(async (...[argv, options]: Parameters<Run>) => (await open())(argv, options), {
    pipe: async (...[stages, options]: Parameters<Run["pipe"]>) => (await open()).pipe(stages, options),
  });
  return run;
}
