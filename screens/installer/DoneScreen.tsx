// The host is installed: restart, power off, or keep the spec.
import { type ReactNode, useState } from "react";
import { EMPTY, paragraph } from "../../tui/line.ts";
import { Menu } from "../../tui/parts/Menu.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { Column } from "../parts/Column.tsx";
import { ShellPane } from "../parts/ShellPane.tsx";
import { timeInWords } from "../parts/time-in-words.ts";
import { MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";

const CHOICES = ["reboot", "power-off", "save", "shell"] as const;

function DoneScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const { run } = wizard;
  const [shell, setShell] = useState(false);
  const width = room.width - 2;
  if (shell && wizard.shell !== null)
    return <ShellPane room={room} shell={wizard.shell} onLeave={() => setShell(false)} />;
  const above = [
    EMPTY,
    ...paragraph(t("done.title", { host: run?.host ?? "" }), width, surface, "good", 1),
    ...(run === null
      ? []
      : paragraph(t("done.took", { time: timeInWords((run.now - run.since) / 1000) }), width, surface, undefined, 1)),
    ...(run?.warnings ?? []).flatMap((text) =>
      paragraph(`${surface.glyphs.warning} ${text}`, width, surface, "warning", 1),
    ),
    ...paragraph(t("done.says"), width, surface, undefined, 1),
    EMPTY,
  ];
  const items = CHOICES.map((value) => ({ value, label: t(`done.${value}`), says: t(`done.${value}.says`) }));
  return (
    <Column room={room} above={above} least={items.length}>
      {(rest) => (
        <Menu
          room={rest}
          items={items}
          onChoose={(value) => {
            if (value === "shell" && wizard.shell !== null) setShell(true);
            else onIntent(value === "save" ? { want: "save", what: "spec" } : { want: value });
          }}
        />
      )}
    </Column>
  );
}

export const done: Screen = {
  title: (_, t) => t("app.installer"),
  aside: () => "",
  hints: (_, t) => [MOVE(t), { key: "Enter", does: t("key.choose") }],
  help: (t) => [t("done.help")],
  Component: DoneScreen,
};
