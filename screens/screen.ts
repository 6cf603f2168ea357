// What each screen of the installer is: its title, its keys, its help, and how it is drawn.
import type { ComponentType } from "react";
import type { Room } from "../tui/shell/AppShell.tsx";
import type { Hint } from "../tui/shell/hints.ts";
import type { Translate } from "./text/translate.ts";
import type { OnIntent } from "./wizard/intent.ts";
import type { Wizard } from "./wizard/model.ts";

export interface ScreenProps {
  room: Room;
  wizard: Wizard;
  onIntent: OnIntent;
}

export interface Screen {
  title(wizard: Wizard, t: Translate): string;
  /** At the right end of the title line; default the host's name. */
  aside?(wizard: Wizard, t: Translate): string;
  hints(wizard: Wizard, t: Translate): Hint[];
  help(t: Translate): string[];
  Component: ComponentType<ScreenProps>;
}

export const MOVE = (t: Translate): Hint => ({ key: "↑↓", does: t("key.move") });
export const BACK = (t: Translate): Hint => ({ key: "Esc", does: t("key.back") });
export const ENTER = (t: Translate): Hint => ({ key: "Enter", does: t("key.enter") });
