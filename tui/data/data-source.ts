// Where values on the screen come from, apart from drawing: started, stopped, and each value with the time it was read.

export interface Reading<Value> {
  value: Value;
  /** When it was read, in milliseconds since 1970. */
  at: number;
}

/** What is known now: the last value stays when reading fails, and grows old. */
export interface Known<Value> {
  reading: Reading<Value> | null;
  /** Why the last attempt brought nothing; null when it did, or none has ended. */
  failure: string | null;
}

export interface DataSource<Value> {
  /** Begins to read; each change of what is known is told. Starting twice is an error of the program. */
  start(onKnown: (known: Known<Value>) => void): void;
  /** Nothing is told any more, at once, also when a read is under way. */
  stop(): void;
}

export interface PollOptions<Value> {
  /** Reads once; gives up when the signal is aborted, and what it brings after that is not used. */
  read: (signal: AbortSignal) => Promise<Value>;
  /** Milliseconds between reads. */
  every: number;
  /** Milliseconds after which a read counts as hung and is given up; default ten times `every`. */
  patience?: number;
  /** What is said of a hung read. */
  hung: (seconds: number) => string;
}

/** A source that reads again and again; never two reads at once, however slow they are. */
export function pollSource<Value>({ read, every, patience = every * 10, hung }: PollOptions<Value>): DataSource<Value> {
  let known: Known<Value> = { reading: null, failure: null };
  let timer: ReturnType<typeof setInterval> | null = null;
  let current: { abort: AbortController; since: number } | null = null;

  const begin = (tell: (known: Known<Value>) => void) => {
    const mine = { abort: new AbortController(), since: Date.now() };
    current = mine;
    const settle = (next: Known<Value>) => {
      // Late: stopped, or given up and begun anew.
      if (current !== mine) return;
      current = null;
      known = next;
      tell(known);
    };
    // Also a reader that throws at once must not end the program.
    Promise.resolve()
      .then(() => read(mine.abort.signal))
      .then(
        (value) => settle({ reading: { value, at: Date.now() }, failure: null }),
        (error: unknown) => settle({ ...known, failure: error instanceof Error ? error.message : String(error) }),
      );
  };

  return {
    start(tell) {
      if (timer !== null) throw new Error("this source is running already");
      timer = setInterval(() => {
        if (current !== null) {
          const waited = Date.now() - current.since;
          if (waited < patience) return;
          current.abort.abort();
          current = null;
          known = { ...known, failure: hung(Math.round(waited / 1000)) };
          tell(known);
        }
        begin(tell);
      }, every);
      begin(tell);
    },
    stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      current?.abort.abort();
      current = null;
    },
  };
}
