// Options that mean the same on several verbs.
import type { Option } from "./verb.ts";

export const MACHINE: Option = {
  value: "FILE",
  says: "a recorded machine (multiverse probe --output) instead of this one",
};

export const FORMAT: Option = {
  value: "text|json",
  says: "for people or for programs; default text",
  words: ["text", "json"],
};
