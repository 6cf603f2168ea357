// Every screen of the installer in every state, as the bytes that the program itself writes to a terminal of that size.
import { allStates } from "../../screens/demo/states/all-states.ts";
import { openInstallerAt } from "../screens/installer-app.tsx";
import type { PictureState } from "./states.ts";

const SIZES = [
  { columns: 40, rows: 12 },
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
] as const;

/** With our own console font, in the eight colours of the Linux console. */
export async function* screenStates(only: ReadonlySet<string>): AsyncIterable<PictureState> {
  const states = (await allStates()).filter(({ name }) => only.size === 0 || only.has(name));
  for (const size of SIZES) {
    for (const state of states) {
      const opened = await openInstallerAt(state, { ...size, glyphSet: "utf8", colours: 8 });
      const ansi = opened.app.written();
      await opened.close();
      yield { name: state.name, state: state.state, ...size, ansi };
    }
  }
}
