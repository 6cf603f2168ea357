// Exactly the plan, what it erases, and every value; typing the host's name is what starts it.
import { type ReactNode, useState } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, paragraph, span } from "../../tui/line.ts";
import { ListView } from "../../tui/parts/ListView.tsx";
import { inputLine, textInput, typeKey } from "../../tui/parts/text-input.ts";
import { useHints, useTyping } from "../../tui/shell/KeysHere.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { clean } from "../../tui/text/clean.ts";
import { columnsOf, cut } from "../../tui/text/width.ts";
import { Column } from "../parts/Column.tsx";
import { BACK, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";
import { erasedBox, hashInWords, reviewRows, whyNoPlan } from "./review-rows.ts";

/** What belongs together must not stand at two ends of a wide screen. */
const WIDEST = 100;

function ReviewScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const [typed, setTyped] = useState(textInput());
  const [confirming, setConfirming] = useState(false);
  const [wrong, setWrong] = useState(false);
  const plan = wizard.judged?.plan ?? null;
  const noPlan = whyNoPlan(wizard, room.width - 2, surface, t);
  const erased =
    plan === null ? null : erasedBox(plan, { ...room, width: Math.min(WIDEST + 4, room.width) }, surface, t);
  const rows = reviewRows(wizard, { width: Math.min(WIDEST, room.width - 4), boxed: erased !== null }, surface, t);
  const name = plan?.host ?? "";
  useTyping(confirming);
  useHints(
    [
      { key: "Enter", does: t("review.key.install") },
      { key: "Tab", does: t("review.key.steps") },
      { key: "Esc", does: t("key.back") },
    ],
    confirming,
  );
  useKeys("field", (key) => {
    if (key.name === "tab" || key.name === "back-tab") {
      if (plan !== null) setConfirming(!confirming);
      return true;
    }
    if (!confirming) return false;
    if (key.name === "escape" || key.name === "up") setConfirming(false);
    else if (key.name === "enter" && typed.text === name) onIntent({ want: "install" });
    else if (key.name === "enter") setWrong(true);
    else {
      const next = typeKey(typed, key);
      if (next === null) return false;
      setTyped(next);
      setWrong(false);
    }
    return true;
  });
  const ask = clean(t("review.type"), surface.letters);
  const tight = room.width < columnsOf(ask) + 26;
  const width = tight ? room.width - 6 : room.width - columnsOf(ask) - 7;
  const field = inputLine(typed, { width: Math.min(40, width), focused: confirming }, surface);
  const entry: Line = [
    span(confirming ? ` ${surface.glyphs.pointer} ` : "   ", "strong"),
    span("["),
    ...field,
    span("]"),
  ];
  const question: Line[] = tight
    ? [[span(` ${cut(ask, room.width - 2, surface.glyphs.more)}`)], entry]
    : [[span(` ${ask}`), ...entry]];
  const below: Line[] =
    plan === null
      ? []
      : [
          ...(room.height > 12 ? [EMPTY] : []),
          ...(wizard.durable === false ? paragraph(t("review.no-journal"), room.width - 2, surface, "warning", 1) : []),
          ...question,
          ...(wrong
            ? paragraph(t("review.type.mark", { typed: typed.text || "-", name }), room.width - 2, surface, "bad", 1)
            : []),
        ];
  return (
    <Column room={room} above={noPlan ?? erased ?? []} below={below} least={4}>
      {(rest) => (
        <ListView
          room={rest}
          length={rows.length}
          focused={!confirming}
          row={(index) => rows[index]?.row ?? EMPTY}
          choosable={(index) => rows[index]?.opens !== null || plan !== null}
          {...(plan === null ? {} : { initial: 0 })}
          onChoose={(index) => {
            const opens = rows[index]?.opens ?? null;
            const path = rows[index]?.path;
            if (opens !== null) onIntent({ want: "change", screen: opens, ...(path === undefined ? {} : { path }) });
            else if (plan !== null) setConfirming(true);
          }}
          onKey={(key) => {
            const what = ({ s: "spec", p: "plan", x: "script" } as const)[key.text];
            if (what === undefined) return false;
            onIntent({ want: "save", what });
            return true;
          }}
        />
      )}
    </Column>
  );
}

export const review: Screen = {
  title: (_, t) => t("review.title"),
  aside: (wizard, t) => hashInWords(wizard.judged?.plan, t),
  hints: ({ judged }, t) => [
    { key: "Enter", does: t("review.key.change") },
    ...(judged?.plan ? [{ key: "Tab", does: t("review.key.confirm") }] : []),
    { key: "s", does: t("review.key.spec") },
    ...(judged?.plan
      ? [
          { key: "p", does: t("review.key.plan") },
          { key: "x", does: t("review.key.script") },
        ]
      : []),
    BACK(t),
    { key: "↑↓", does: t("review.key.steps") },
  ],
  help: (t) => [t("review.help")],
  Component: ReviewScreen,
};
