// Where the spec comes from: the stick, an example, an address, or nowhere: then everything is asked.
import { type ReactNode, useState } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import { useHints } from "../../tui/shell/KeysHere.tsx";
import { ChoiceList } from "../parts/ChoiceList.tsx";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";

function SpecScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const [asking, setAsking] = useState(false);
  const files = wizard.specs ?? [];
  const choices = [
    { label: t("spec.none"), says: t("spec.none.says") },
    ...files.map((file) => ({
      label: file.name,
      says: `${t(file.from === "medium" ? "spec.medium" : "spec.profile")}${file.says === "" ? "" : ` · ${file.says}`}`,
    })),
    { label: t("spec.address"), says: t("spec.address.says") },
    { label: t("spec.template"), says: t("spec.template.says"), disabled: true },
  ];
  useKeys(
    "screen",
    (key) => {
      if (key.name !== "escape") return false;
      setAsking(false);
      return true;
    },
    asking,
  );
  useHints([ENTER(t), BACK(t)], asking);
  const above = room.height > 8 ? [EMPTY] : [];
  if (asking) {
    const check = (value: string) => (/^https?:\/\/\S+$/.test(value.trim()) ? null : t("spec.address.wrong"));
    return (
      <Column room={room} above={above}>
        {(rest) => (
          <Form
            room={rest}
            fields={[
              { name: "address", label: t("spec.address.ask"), kind: "text", note: t("spec.address.note"), check },
            ]}
            onSend={({ address = "" }) => onIntent({ want: "start-from-address", address: address.trim() })}
          />
        )}
      </Column>
    );
  }
  return (
    <Column room={room} above={above}>
      {(rest) => (
        <ChoiceList
          room={rest}
          choices={choices}
          onChoose={(index) => {
            const file = files[index - 1];
            if (index === files.length + 1) setAsking(true);
            else onIntent({ want: "start-from", spec: index === 0 || file === undefined ? "new" : file });
          }}
        />
      )}
    </Column>
  );
}

export const spec: Screen = {
  title: (_, t) => t("spec.title"),
  hints: (_, t) => [MOVE(t), ENTER(t), BACK(t)],
  help: (t) => [t("spec.help")],
  Component: SpecScreen,
};
