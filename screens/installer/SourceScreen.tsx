// Where the system comes from, and which packages it gets besides its own.
import type { ReactNode } from "react";
import { availableSources } from "../../core/plan/sources.ts";
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
  const sources = wizard.inventory === null ? [] : availableSources(wizard.inventory);
  const width = room.width - 2;
  const sets = ["minimal", ...new Set(sources.flatMap(({ live }) => Object.keys(live.sets)))];
  const about: Line[] = [
    ...paragraph(t("source.set.minimal"), width, surface, "quiet", 1),
    ...paragraph(t("source.set.hypervisor"), width, surface, "quiet", 1),
  ];
  if (sources.length === 0)
    return <Rows rows={[EMPTY, ...paragraph(t("source.none"), width, surface, "warning", 1)]} {...room} />;
  const above = [EMPTY, ...about, EMPTY];
  const choices = sources.map(({ uri, name, live }) => ({
    value: uri,
    label: t("source.live", { name, debian: live.debian, kernel: live.kernel.version }),
  }));
  const wrong = (value: string) => words(value).find((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name));
  return (
    <Column room={room} above={above} least={4}>
      {(rest) => (
        <Form
          room={rest}
          fields={[
            {
              ...{ name: "source", label: t("source.source"), kind: "choice" as const, choices },
              initial: wizard.judged?.spec?.source.uri ?? choices[0]?.value ?? "",
            },
            {
              ...{ name: "set", label: t("source.set"), kind: "choice" as const },
              choices: sets.map((name) => ({ value: name, label: name })),
              initial: wizard.judged?.spec?.packages.set ?? sets.at(-1) ?? "minimal",
            },
            {
              ...{ name: "add", label: t("source.add"), kind: "text" as const, note: t("source.add.note") },
              initial: (wizard.judged?.loaded?.spec.packages?.add ?? []).join(" "),
              check: (value) => {
                const name = wrong(value);
                return name === undefined ? null : t("source.add.wrong", { name });
              },
            },
          ]}
          onSend={({ source: from = "live:", set = "minimal", add = "" }) =>
            onIntent({
              want: "answer",
              answers: [
                { path: ["source"], value: from },
                { path: ["packages", "set"], value: set },
                { path: ["packages", "add"], value: words(add) },
              ],
            })
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
  hints: (_, t) => [ENTER(t), { key: "←→", does: t("key.change-choice") }, BACK(t)],
  help: (t) => [t("source.help")],
  Component: SourceScreen,
};
