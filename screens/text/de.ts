// The texts of the screens in German; what is missing comes in English.
import type { SameKeys } from "../../tui/text/catalogue.ts";
import type { en } from "./en.ts";

export const de: Partial<SameKeys<typeof en>> = {};
