// Keyboard layouts that can be chosen, by xkeyboard-config's names; any other can stand in the spec.

export interface Keyboard {
  layout: string;
  name: string;
}

export const KEYBOARDS: readonly Keyboard[] = [
  { layout: "us", name: "English (US)" },
  { layout: "gb", name: "English (UK)" },
  { layout: "us:intl", name: "English (US, international)" },
  { layout: "us:dvorak", name: "English (Dvorak)" },
  { layout: "us:colemak", name: "English (Colemak)" },
  { layout: "be", name: "Belgian" },
  { layout: "br", name: "Brazilian" },
  { layout: "ca", name: "Canadian (French)" },
  { layout: "hr", name: "Croatian" },
  { layout: "cz", name: "Czech" },
  { layout: "dk", name: "Danish" },
  { layout: "nl", name: "Dutch" },
  { layout: "ee", name: "Estonian" },
  { layout: "fi", name: "Finnish" },
  { layout: "fr", name: "French" },
  { layout: "ch:fr", name: "French (Switzerland)" },
  { layout: "de", name: "German" },
  { layout: "de:nodeadkeys", name: "German (no dead keys)" },
  { layout: "at", name: "German (Austria)" },
  { layout: "ch", name: "German (Switzerland)" },
  { layout: "hu", name: "Hungarian" },
  { layout: "is", name: "Icelandic" },
  { layout: "it", name: "Italian" },
  { layout: "lv", name: "Latvian" },
  { layout: "lt", name: "Lithuanian" },
  { layout: "no", name: "Norwegian" },
  { layout: "pl", name: "Polish" },
  { layout: "pt", name: "Portuguese" },
  { layout: "ro", name: "Romanian" },
  { layout: "sk", name: "Slovak" },
  { layout: "si", name: "Slovenian" },
  { layout: "es", name: "Spanish" },
  { layout: "latam", name: "Spanish (Latin America)" },
  { layout: "se", name: "Swedish" },
  { layout: "tr", name: "Turkish" },
];
