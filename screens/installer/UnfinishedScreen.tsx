// A power cut or an error stopped an install: go on with it, or begin anew.
import { type ReactNode, useState } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, paragraph } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import { useHints } from "../../tui/shell/KeysHere.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { ChoiceList } from "../parts/ChoiceList.tsx";
import { Column } from "../parts/Column.tsx";
import { ENTER, MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";

function UnfinishedScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const [typing, setTyping] = useState<number | null>(null);
  useKeys(
    "screen",
    (key) => {
      if (key.name !== "escape") return false;
      setTyping(null);
      return true;
    },
    typing !== null,
  );
  useHints([ENTER(t), { key: "Tab", does: t("key.next-field") }, { key: "Esc", does: t("key.back") }], typing !== null);
  const { unfinished } = wizard;
  const width = room.width - 2;
  const above = [
    EMPTY,
    ...unfinished.flatMap(({ host, step, plan, title }) => [
      ...paragraph(
        t("unfinished.says", { host, done: step - 1, of: plan.steps.length, title }),
        width,
        surface,
        "strong",
        1,
      ),
      ...plan.erases.flatMap(({ name, id }) =>
        [name, ...(room.height > 12 ? [id] : [])].flatMap((text) => paragraph(text, width, surface, "quiet", 3)),
      ),
    ]),
    EMPTY,
  ];
  if (typing !== null) {
    const note = t("unfinished.note");
    const twoKeys = unfinished[typing]?.secrets.includes("recovery-passphrase") === true;
    return (
      <Column room={room} above={above} least={5}>
        {(rest) => (
          <Form
            room={rest}
            fields={[
              { name: "passphrase", label: t("unfinished.passphrase"), kind: "secret", note },
              ...(twoKeys
                ? [{ name: "recovery", label: t("unfinished.recovery"), kind: "secret" as const, note }]
                : []),
            ]}
            onSend={({ passphrase = "", recovery = null }) =>
              onIntent({ want: "resume", which: typing, passphrase, recovery })
            }
          />
        )}
      </Column>
    );
  }
  const choices = [
    ...unfinished.map(({ host }) => ({
      label: unfinished.length === 1 ? t("unfinished.resume") : `${t("unfinished.resume")}: ${host}`,
      says: t("unfinished.resume.says"),
    })),
    { label: t("unfinished.anew"), says: t("unfinished.anew.says") },
    { label: t("unfinished.shell"), says: t("unfinished.shell.says") },
  ];
  return (
    <Column room={room} above={above} least={choices.length}>
      {(rest) => (
        <ChoiceList
          room={rest}
          choices={choices}
          onChoose={(index) => {
            const chosen = unfinished[index];
            if (chosen !== undefined && chosen.secrets.length > 0) setTyping(index);
            else if (chosen !== undefined) onIntent({ want: "resume", which: index, passphrase: null, recovery: null });
            else onIntent(index === unfinished.length ? { want: "begin-anew" } : { want: "shell" });
          }}
        />
      )}
    </Column>
  );
}

export const unfinished: Screen = {
  title: (_, t) => t("unfinished.title"),
  hints: (_, t) => [MOVE(t), ENTER(t)],
  help: (t) => [t("unfinished.help")],
  Component: UnfinishedScreen,
};
