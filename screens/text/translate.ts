// Gives the texts of one language.
import { createContext, useContext } from "react";
import { defineCatalogue, type Texts, translator as translatorOf } from "../../tui/text/catalogue.ts";
import { de } from "./de.ts";
import { en, type TextKey } from "./en.ts";
import type { LanguageCode } from "./languages.ts";
import { pl } from "./pl.ts";

/** The values a text needs are checked by a test, not by types: many keys are put together (`failed.${choice}`). */
export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

export const CATALOGUE = defineCatalogue(en, { de, pl });

export function translator(language: LanguageCode): Translate {
  return translatorOf<Texts>(CATALOGUE, language);
}

export const TranslateContext = createContext<Translate>(translator("en"));

export function useText(): Translate {
  return useContext(TranslateContext);
}
