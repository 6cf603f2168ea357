// What a person wants of a host, as its screens say it: the only way from a screen to anything that happens.
import type { Command, PanelName, ReadPage } from "./model.ts";

export type HostIntent =
  | { want: "command"; op: string; args: Command["args"] }
  /** The name was typed: the command of the page that asked for it. */
  | { want: "confirmed" }
  | {
      want: "open";
      page: { name: "menu" } | { name: "controller"; controller: string } | { name: "read"; what: ReadPage };
    }
  | { want: "back" }
  | { want: "panel"; panel: PanelName }
  | { want: "choose"; controller: string }
  | { want: "scroll"; panel: PanelName; top: number }
  /** Opens the page with the code that proves presence. */
  | { want: "unlock" }
  | { want: "lock" }
  /** Says why addresses are blank, or that they are not. */
  | { want: "addresses" }
  /** A login: on another virtual terminal, or in the place of this screen. */
  | { want: "login" }
  | { want: "redraw" }
  | { want: "leave" };

export type OnHostIntent = (intent: HostIntent) => void;
