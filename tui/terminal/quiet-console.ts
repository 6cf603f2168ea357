// Keeps what libraries write to the console away from the screen: a warning in the middle of a frame stays there.
import { format } from "node:util";

const METHODS = ["log", "info", "warn", "error", "debug", "trace"] as const;

/**
 * From now on console text goes to `log`, one message each; returns how to undo it. node-pty, React and others write
 * to console.error on their own, which on a console is the terminal that the frame is on.
 */
export function quietConsole(log: (message: string) => void): () => void {
  const before = METHODS.map((method) => console[method]);
  for (const method of METHODS) console[method] = (...parts: unknown[]) => log(format(...parts));
  return () => {
    for (const [at, method] of METHODS.entries()) {
      const own = before[at];
      if (own !== undefined) console[method] = own;
    }
  };
}
