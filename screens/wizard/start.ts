// The wizard as it is before anything has happened.
import type { LanguageCode } from "../text/languages.ts";
import type { Draft, ScreenName, ShellProgram, Wizard } from "./model.ts";

export interface StartOptions {
  draft: Draft;
  screen: ScreenName;
  language?: LanguageCode;
  shell?: ShellProgram | null;
}

export const NEW_SPEC: Draft = { name: "new spec", text: "version: 1\n", from: "new", file: null };

export function startWizard({ draft, screen, language = "en", shell = null }: StartOptions): Wizard {
  return {
    ...{
      screen,
      back: [],
      changing: false,
      subject: null,
      language,
      inventory: null,
      draft,
      judged: null,
      answered: [],
    },
    secrets: { passphrase: null, recovery: null },
    ...{
      specs: null,
      preview: null,
      wifi: null,
      unfinished: [],
      adminKey: null,
      durable: null,
      busy: null,
      problem: null,
      toast: null,
      run: null,
      failure: null,
      essentials: null,
      shell,
    },
  };
}
