// What a person wants, as a screen says it: the only way from a screen to anything that happens.
import type { Answer } from "../../core/spec/answers.ts";
import type { LanguageCode } from "../text/languages.ts";
import type { ScreenName, SpecFile, TypedSecrets } from "./model.ts";

export type Intent =
  | { want: "answer"; answers: readonly Answer[]; secrets?: Partial<TypedSecrets> }
  /** Language of the screens, keyboard of the console: both applied at once. */
  | { want: "language"; language: LanguageCode; keyboard: string }
  | { want: "identity"; host: string | null; user: string; password: string; key: string; admin: string }
  | { want: "start-from"; spec: SpecFile | "new" }
  | { want: "start-from-address"; address: string }
  | { want: "next" }
  | { want: "back" }
  /** Opens a screen from the review, and comes back to it. */
  | { want: "change"; screen: ScreenName; path?: string }
  | { want: "preview"; disk: string; among: readonly string[] }
  | { want: "scan-wifi" }
  | { want: "install" }
  | { want: "resume"; which: number; passphrase: string | null; recovery: string | null }
  | { want: "begin-anew" }
  /** Leaves a spec that cannot be read alone, and asks everything. */
  | { want: "without-spec" }
  | { want: "retry" }
  | { want: "another-source" }
  | { want: "save"; what: "spec" | "plan" | "script" | "report" }
  | { want: "toggle-log" }
  | { want: "stop" }
  | { want: "shell" }
  | { want: "reboot" }
  | { want: "power-off" }
  | { want: "leave" };

export type OnIntent = (intent: Intent) => void;
