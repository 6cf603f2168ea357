// One catalogue of all texts: English is complete and says which texts there are; where another language has none, English is shown.

/** Forms by Unicode's plural rules: English and German need one and other, Polish also few (2–4) and many. */
export interface Plural {
  one: string;
  few?: string;
  many?: string;
  other: string;
}

/** Places for values are written "{name}". A plural is chosen by the value "count". */
export type Text = string | Plural;

export const LANGUAGES = ["en", "de", "pl"] as const;
export type Language = (typeof LANGUAGES)[number];

export type Texts = Readonly<Record<string, Text>>;

/** The type of a complete translation: the keys of English, a plural where English has one. */
export type SameKeys<English extends Texts> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Plural;
};

export interface Catalogue<English extends Texts> {
  en: English;
  de: Partial<SameKeys<English>>;
  pl: Partial<SameKeys<English>>;
}

type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type FormsOf<Each extends Text> = Each extends string ? Each : Extract<Each[keyof Each], string>;
type NamesOf<Each extends Text> = NamesIn<FormsOf<Each>> | (Each extends string ? never : "count");
type Value<Name extends string> = Name extends "count" ? number : string | number;
type ValuesOf<Each extends Text> =
  string extends FormsOf<Each>
    ? [values?: Readonly<Record<string, string | number>>]
    : [NamesOf<Each>] extends [never]
      ? []
      : [values: { readonly [Name in NamesOf<Each>]: Value<Name> }];

/** Gives the text of a key; which values it needs is known from the English text. */
export type Translate<English extends Texts> = <Key extends keyof English & string>(
  key: Key,
  ...values: ValuesOf<English[Key]>
) => string;

/** English must be `as const`, for its places for values to be known to the types. */
export function defineCatalogue<const English extends Texts>(
  en: English,
  translations: { de: Partial<SameKeys<English>>; pl: Partial<SameKeys<English>> },
): Catalogue<English> {
  return { en, ...translations };
}

export function translator<English extends Texts>(
  catalogue: Catalogue<English>,
  language: Language,
): Translate<English> {
  const texts: Partial<Texts> = catalogue[language];
  const rules = { own: new Intl.PluralRules(language), english: new Intl.PluralRules("en") };
  return (key, ...[values]) => {
    const given: Readonly<Record<string, string | number>> = values ?? {};
    const own = texts[key];
    const text = own ?? catalogue.en[key] ?? key;
    const template =
      typeof text === "string" ? text : formOf(text, own === undefined ? rules.english : rules.own, given);
    // In one go: a value that looks like a place for a value is left alone.
    return template.replace(PLACE, (place, name: string) => String(given[name] ?? place));
  };
}

const PLACE = /\{([\w-]+)\}/g;

function formOf(plural: Plural, rules: Intl.PluralRules, { count }: Readonly<Record<string, string | number>>): string {
  const category = rules.select(Number(count ?? 0));
  return (
    (category === "one" || category === "few" || category === "many" ? plural[category] : undefined) ?? plural.other
  );
}

/** What is wrong with a catalogue, for a test: texts that are missing or too many, other places for values, missing plural forms. */
export function faultsOf<English extends Texts>(catalogue: Catalogue<English>): string[] {
  const faults: string[] = [];
  for (const language of LANGUAGES) {
    const texts: Partial<Texts> = catalogue[language];
    for (const key of Object.keys(catalogue.en))
      if (texts[key] === undefined) faults.push(`${language}: ${key} is missing`);
    for (const [key, text = ""] of Object.entries(texts)) {
      const english = catalogue.en[key];
      if (english === undefined) faults.push(`${language}: ${key} is not in English`);
      else if (typeof english !== typeof text) faults.push(`${language}: ${key} is a plural in one language only`);
      else if (String(placesOf(text)) !== String(placesOf(english))) {
        faults.push(
          `${language}: ${key} has {${placesOf(text).join("}, {")}}, English {${placesOf(english).join("}, {")}}`,
        );
      }
      for (const form of formsNeeded(language)) {
        if (typeof text !== "string" && text[form] === undefined)
          faults.push(`${language}: ${key} has no form "${form}"`);
      }
      if (formTexts(text).some((form) => form.trim() === "")) faults.push(`${language}: ${key} is empty`);
    }
  }
  return faults;
}

function formsNeeded(language: Language): (keyof Plural)[] {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return categories.filter((each): each is keyof Plural => ["one", "few", "many", "other"].includes(each));
}

function formTexts(text: Text): string[] {
  return typeof text === "string" ? [text] : Object.values(text).filter((form) => form !== undefined);
}

/** In a plural, "count" may be left out of a form ("one disk"), so it does not count. */
function placesOf(text: Text): string[] {
  const names = formTexts(text).flatMap((form) => [...form.matchAll(PLACE)].map(([, name = ""]) => name));
  return [...new Set(names)].filter((name) => typeof text === "string" || name !== "count").sort();
}
