// The languages of the screens, each in its own words, with the locale and the keyboard that go with it.

export const LANGUAGES = [
  { code: "en", name: "English", locale: "en_US.UTF-8", keyboard: "us" },
  { code: "de", name: "Deutsch", locale: "de_DE.UTF-8", keyboard: "de" },
  { code: "pl", name: "Polski", locale: "pl_PL.UTF-8", keyboard: "pl" },
] as const;

export type LanguageCode = (typeof LANGUAGES)[number]["code"];
