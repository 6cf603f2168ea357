// Every screen of the installer in every language: as many rows as the terminal has, none wider, and the words that matter whole.
import { renderToString } from "ink";
import { describe, expect, test } from "vitest";
import { demoWizard } from "../../screens/demo/states.ts";
import { InstallerApp } from "../../screens/InstallerApp.tsx";
import { SCREENS } from "../../screens/list.ts";
import type { TextKey } from "../../screens/text/en.ts";
import { translator } from "../../screens/text/translate.ts";
import type { ScreenName, Wizard } from "../../screens/wizard/model.ts";
import { LANGUAGES, type Language } from "../../tui/text/catalogue.ts";
import { columnsOf } from "../../tui/text/width.ts";
import type { GlyphSet } from "../../tui/theme/glyphs.ts";
import { makeSurface } from "../../tui/theme/surface.ts";

const NAMES = Object.keys(SCREENS) as ScreenName[];
const SIZES = [
  { columns: 40, rows: 12 },
  { columns: 80, rows: 24 },
] as const;

async function frameOf(screen: ScreenName, language: Language, size: (typeof SIZES)[number], glyphSet: GlyphSet) {
  return drawn({ ...(await demoWizard(screen)), language }, size, glyphSet);
}

function drawn(wizard: Wizard, size: (typeof SIZES)[number], glyphSet: GlyphSet): string[] {
  const surface = makeSurface({ ...size, glyphSet });
  const frame = renderToString(
    <InstallerApp wizard={wizard} surface={surface} banner={null} keyboard={false} onIntent={() => {}} />,
    { columns: size.columns },
  );
  return frame.replace(/\u001b\[[0-9;]*m/g, "").split("\n");
}

/** The disks screen where no disk keeps a name. */
async function disksWithoutName(language: Language) {
  const wizard = await demoWizard("disks");
  const { inventory } = wizard;
  if (inventory === null) throw new Error("the demo has a machine");
  const disks = inventory.disks.map((disk) => ({ ...disk, id: null, unusable: [] }));
  return drawn({ ...wizard, language, inventory: { ...inventory, disks } }, SIZES[1], "utf8");
}

const every = LANGUAGES.flatMap((language) => NAMES.map((screen) => ({ language, screen })));

describe.each(SIZES)("at $columns×$rows", (size) => {
  test.each(every)("$screen in $language fills the terminal and no more", async ({ language, screen }) => {
    for (const glyphSet of ["vt", "utf8", "ascii"] as const) {
      const rows = await frameOf(screen, language, size, glyphSet);
      expect(rows, rows.join("\n")).toHaveLength(size.rows);
      expect(rows.filter((row) => columnsOf(row) > size.columns)).toEqual([]);
      // Where letters are typed, `?` is one of them.
      expect(rows.at(-1)).toMatch(new RegExp(`(\\?|Ctrl-G) ${translator(language)("key.help")}`));
    }
  });
});

/** Screens whose words are all the catalogue's or the demo's own short names, so that nothing need be cut. */
const MENUS = ["unfinished", "target", "spec", "storage", "failed", "done"] as const;
const TRANSLATED = (["de", "pl"] as const).flatMap((language) => MENUS.map((screen) => ({ language, screen })));

test.each(TRANSLATED)("$screen in $language says everything at 80×24", async ({ language, screen }) => {
  const rows = await frameOf(screen, language, SIZES[1], "utf8");
  expect(rows.filter((row) => row.includes("…"))).toEqual([]);
});

/** What is chosen must be told apart on the narrowest terminal: a list gives its labels 20 columns there. */
const LABELS = [
  ...["target.host", "target.usb", "target.network", "spec.none", "spec.address", "spec.template"],
  ...["storage.passphrase", "storage.none", "storage.cik", "storage.tpm2"],
  ...["unfinished.resume", "unfinished.anew", "unfinished.shell"],
] as TextKey[];

test.each(["de", "pl"] as const)("what can be chosen has its whole name in %s at 40×12", (language) => {
  const t = translator(language);
  expect(LABELS.map((key) => t(key)).filter((label) => columnsOf(label) > 19)).toEqual([]);
});

test("the review counts its steps", async () => {
  const counted = (language: Language) => frameOf("review", language, SIZES[1], "utf8").then((rows) => rows.join("\n"));
  expect(await counted("en")).toMatch(/^ {3}\d+ steps$/m);
  expect(await counted("pl")).toMatch(/^ {3}\d+ krok(i|ów)$/m);
});

test("a disk without a lasting name says so in the person's language", async () => {
  const rows = await disksWithoutName("de");
  expect(rows.join("\n")).toContain("nicht verwendbar: er hat keinen bleibenden Namen");
});
