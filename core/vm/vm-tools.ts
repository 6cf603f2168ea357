// What the machines need from outside: the door to programs and its long-running sibling.
import type { Run, Start } from "../tools/run.ts";

export interface VmTools {
  run: Run;
  start: Start;
}
