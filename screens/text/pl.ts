// The texts of the screens in Polish; what is missing comes in English.
import type { SameKeys } from "../../tui/text/catalogue.ts";
import type { en } from "./en.ts";

export const pl: Partial<SameKeys<typeof en>> = {};
