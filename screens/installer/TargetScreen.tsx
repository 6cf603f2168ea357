// This machine, a USB stick, machines on the network: what is not built says so.
import type { ReactNode } from "react";
import { EMPTY } from "../../tui/line.ts";
import { ChoiceList } from "../parts/ChoiceList.tsx";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";

function TargetScreen({ room, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const choices = [
    { label: t("target.host"), says: t("target.host.says") },
    { label: t("target.usb"), says: t("target.usb.says"), disabled: true },
    { label: t("target.network"), says: t("target.network.says"), disabled: true },
  ];
  return (
    <Column room={room} above={room.height > 8 ? [EMPTY] : []}>
      {(rest) => (
        <ChoiceList
          room={rest}
          choices={choices}
          onChoose={() => onIntent({ want: "answer", answers: [{ path: ["target"], value: "host" }] })}
        />
      )}
    </Column>
  );
}

export const target: Screen = {
  title: (_, t) => t("target.title"),
  hints: (_, t) => [MOVE(t), ENTER(t), BACK(t)],
  help: (t) => [t("target.help")],
  Component: TargetScreen,
};
