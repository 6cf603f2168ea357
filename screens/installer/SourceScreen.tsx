// Where the system comes from, and which packages it gets besides its own.
import type { ReactNode } from "react";
import { EMPTY, type Line, paragraph } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";

function SourceScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const live = wizard.inventory?.live ?? null;
  const width = room.width - 2;
  const set: Line[] = [
    ...paragraph(`${t("source.set")}: ${t("source.set.minimal")}`, width, surface, undefined, 1),
    ...paragraph(t("source.set.hypervisor"), width, surface, "quiet", 1),
  ];
  if (live === null)
    return <Rows rows={[EMPTY, ...paragraph(t("source.none"), width, surface, "warning", 1)]} {...room} />;
  const from = t("source.live", { debian: live.debian, kernel: live.kernel.version });
  const above = [
    EMPTY,
    ...paragraph(`${t("source.source")}: ${from}`, width, surface, undefined, 1),
    EMPTY,
    ...set,
    EMPTY,
  ];
  const wrong = (value: string) => words(value).find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
  return (
    <Column room={room} above={above} least={4}>
      {(rest) => (
        <Form
          room={rest}
          fields={[
            {
              ...{ name: "add", label: t("source.add"), kind: "text" as const, note: t("source.add.note") },
              initial: (wizard.judged?.loaded?.spec.packages?.add ?? []).join(" "),
              check: (value) => {
                const name = wrong(value);
                return name === undefined ? null : t("source.add.wrong", { name });
              },
            },
          ]}
          onSend={({ add = "" }) =>
            onIntent({ want: "answer", answers: [{ path: ["packages", "add"], value: words(add) }] })
          }
        />
      )}
    </Column>
  );
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

export const source: Screen = {
  title: (_, t) => t("source.title"),
  hints: (_, t) => [ENTER(t), BACK(t)],
  help: (t) => [t("source.help")],
  Component: SourceScreen,
};
