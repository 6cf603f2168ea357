// While the machine is looked at and nothing can be asked yet; and what can be done when the spec found cannot be read.
import type { ReactNode } from "react";
import { EMPTY, paragraph } from "../../tui/line.ts";
import { Menu } from "../../tui/parts/Menu.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { Column } from "../parts/Column.tsx";
import { MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";

const CHOICES = ["without-spec", "shell"] as const;

function LookingScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  if (wizard.problem === null || wizard.busy !== null)
    return <Rows rows={[EMPTY, ...paragraph(t("busy.machine"), room.width - 2, surface, undefined, 1)]} {...room} />;
  const items = CHOICES.map((value) => ({
    value,
    label: t(`looking.${value}`),
    says: t(`looking.${value}.says`),
  }));
  return (
    <Column room={room} above={[EMPTY]} least={items.length}>
      {(rest) => <Menu room={rest} items={items} onChoose={(want) => onIntent({ want })} />}
    </Column>
  );
}

export const looking: Screen = {
  title: (_, t) => t("app.installer"),
  hints: ({ problem }, t) => (problem === null ? [] : [MOVE(t), { key: "Enter", does: t("key.choose") }]),
  help: (t) => [t("spec.help")],
  Component: LookingScreen,
};
