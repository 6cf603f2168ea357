// One state that a screen can be in, and the keys that lead there from the wizard's state.
import type { KeyName } from "../../../tui/keys/key.ts";
import type { ScreenName, Wizard } from "../../wizard/model.ts";
import { type DemoOptions, demoWizard } from "../states.ts";

/** A key by its name, a letter with Ctrl, or letters that are typed. */
export type Typed = { press: Exclude<KeyName, "text" | "ctrl"> } | { ctrl: string } | { type: string };

export interface DemoState {
  /** Together they name the picture: lower case letters, digits and dashes. */
  name: string;
  state: string;
  wizard: Wizard;
  /** What leads there inside the screen: a page that is open, a form with errors. */
  keys: readonly Typed[];
}

export interface StateOptions extends DemoOptions {
  keys?: readonly Typed[];
  /** What differs from the wizard that the demo shows at this screen. */
  more?: Partial<Wizard> | ((wizard: Wizard) => Partial<Wizard>);
}

export async function stateOf(screen: ScreenName, state: string, options: StateOptions = {}): Promise<DemoState> {
  const { keys = [], more = {}, ...demo } = options;
  const wizard = await demoWizard(screen, demo);
  return {
    ...{ name: screen, state, keys },
    wizard: { ...wizard, ...(typeof more === "function" ? more(wizard) : more) },
  };
}

export const press = (...names: Exclude<KeyName, "text" | "ctrl">[]): Typed[] => names.map((name) => ({ press: name }));
export const type = (text: string): Typed => ({ type: text });
