// Language of the screens and the installed system, keyboard of the console; both applied at once.
import { Box } from "ink";
import { type ReactNode, useState } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, line, span } from "../../tui/line.ts";
import { ListView } from "../../tui/parts/ListView.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { clean } from "../../tui/text/clean.ts";
import { ENTER, MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { KEYBOARDS } from "../text/keyboards.ts";
import { LANGUAGES } from "../text/languages.ts";
import { translator } from "../text/translate.ts";
import type { Wizard } from "../wizard/model.ts";

function LanguageScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const { letters } = useSurface();
  const [at, setAt] = useState(() => LANGUAGES.findIndex(({ code }) => code === wizard.language));
  const [part, setPart] = useState<"language" | "keyboard">("language");
  const language = LANGUAGES[at] ?? LANGUAGES[0];
  // The words change with the language that the pointer is on, so that nobody must guess which is theirs.
  const words = translator(language.code);
  useKeys("screen", (key) => {
    if (key.name === "tab" || key.name === "back-tab") {
      setPart(part === "language" ? "keyboard" : "language");
      return true;
    }
    if (key.name !== "escape" || part === "language") return false;
    setPart("language");
    return true;
  });
  const heading = (text: string): Line[] => [EMPTY, line(` ${clean(text, letters)}`, "heading")];
  const tight = room.height < 14;
  const top = tight ? heading(words("language.language")).slice(1) : heading(words("language.language"));
  const middle = tight ? heading(words("language.keyboard")).slice(1) : heading(words("language.keyboard"));
  const listHeight = Math.max(1, room.height - top.length - LANGUAGES.length - middle.length);
  return (
    <Box flexDirection="column" width={room.width} height={room.height}>
      <Rows rows={top} width={room.width} />
      <ListView
        room={{ width: room.width, height: LANGUAGES.length }}
        length={LANGUAGES.length}
        initial={at}
        focused={part === "language"}
        row={(index) => line(clean(LANGUAGES[index]?.name ?? "", letters))}
        onMove={setAt}
        onChoose={() => setPart("keyboard")}
      />
      <Rows rows={middle} width={room.width} />
      <ListView
        key={language.code}
        room={{ width: room.width, height: listHeight }}
        length={KEYBOARDS.length}
        initial={Math.max(
          0,
          KEYBOARDS.findIndex(({ layout }) => layout === keyboardFor(language, wizard)),
        )}
        focused={part === "keyboard"}
        row={(index) => [
          span((KEYBOARDS[index]?.layout ?? "").padEnd(16)),
          span(clean(KEYBOARDS[index]?.name ?? "", letters)),
        ]}
        onChoose={(index) =>
          onIntent({ want: "language", language: language.code, keyboard: KEYBOARDS[index]?.layout ?? "us" })
        }
      />
    </Box>
  );
}

/** What was chosen before, as long as the language is the same; else the language's own. */
function keyboardFor({ code, keyboard }: (typeof LANGUAGES)[number], { language, judged }: Wizard): string {
  const chosen = judged?.loaded?.spec.host?.keyboard;
  return code === language && typeof chosen === "string" ? chosen : keyboard;
}

export const language: Screen = {
  title: (_, t) => t("language.title"),
  hints: (_, t) => [MOVE(t), ENTER(t), { key: "Tab", does: t("key.next-field") }],
  help: (t) => [t("language.help")],
  Component: LanguageScreen,
};
