// Gives the texts of one language; what a language lacks comes in English.
import { createContext, useContext } from "react";
import { en, type TextKey } from "./en.ts";
import type { LanguageCode } from "./languages.ts";

export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

const CATALOGUES: Readonly<Record<LanguageCode, Partial<Record<TextKey, string>>>> = { en, de: {}, pl: {} };

export function translator(language: LanguageCode): Translate {
  const catalogue = CATALOGUES[language];
  return (key, values = {}) =>
    (catalogue[key] ?? en[key]).replace(/\{([a-z-]+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const TranslateContext = createContext<Translate>(translator("en"));

export function useText(): Translate {
  return useContext(TranslateContext);
}
