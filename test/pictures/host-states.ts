// Every state of a host's screens, as the bytes that the program itself writes to a terminal of that size.
import { allHostStates } from "../../screens/demo/host/states.ts";
import { openHostAt } from "../screens/host-app.tsx";
import type { PictureState } from "./states.ts";

const SIZES = [
  { columns: 40, rows: 12 },
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
] as const;

/** With our own console font, in the eight colours of the Linux console. */
export async function* hostStates(only: ReadonlySet<string>): AsyncIterable<PictureState> {
  const states = allHostStates().filter(({ name }) => only.size === 0 || only.has(name));
  for (const size of SIZES) {
    for (const state of states) {
      const opened = await openHostAt(state, { ...size, glyphSet: "utf8", colours: 8 });
      const ansi = opened.app.written();
      await opened.close();
      yield { name: state.name, state: state.state, ...size, ansi };
    }
  }
}
