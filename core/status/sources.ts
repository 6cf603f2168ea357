// Every source of status that the daemon runs, at most one for each part: a new one is one file and one line here.
import type { MakeAnySource } from "./hub.ts";

export const SOURCES: readonly MakeAnySource[] = [];
