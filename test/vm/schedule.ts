// Runs several jobs at a time, each after those that it names; a job that fails does not hold up the others.

export interface Job {
  name: string;
  after: readonly string[];
  run(): Promise<void>;
}

/** Starts up to `atOnce` jobs at a time in the given order, as their predecessors end. Jobs must not throw. */
export async function schedule(jobs: readonly Job[], atOnce: number): Promise<void> {
  const known = new Set(jobs.map(({ name }) => name));
  const ended = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const waiting = [...jobs];
  while (waiting.length > 0 || running.size > 0) {
    const ready = waiting.findIndex(({ after }) => after.every((name) => ended.has(name) || !known.has(name)));
    const [job] = ready >= 0 && running.size < atOnce ? waiting.splice(ready, 1) : [];
    if (job !== undefined) {
      running.set(
        job.name,
        job.run().finally(() => {
          ended.add(job.name);
          running.delete(job.name);
        }),
      );
      continue;
    }
    if (running.size === 0) throw new Error(`jobs wait for each other: ${waiting.map(({ name }) => name).join(", ")}`);
    await Promise.race(running.values());
  }
}
