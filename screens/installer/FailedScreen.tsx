// What stopped the install, what was seen, what to try: nothing restarts by itself.
import { type ReactNode, useState } from "react";
import { EMPTY, type Line, line, paragraph } from "../../tui/line.ts";
import { Menu } from "../../tui/parts/Menu.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { Column } from "../parts/Column.tsx";
import { ShellPane } from "../parts/ShellPane.tsx";
import { MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";
import { EssentialsPage } from "./EssentialsPage.tsx";

const CHOICES = ["retry", "source", "shell", "report", "leave"] as const;

function FailedScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const [page, setPage] = useState<"code" | "shell" | null>(null);
  const { failure, run } = wizard;
  const width = room.width - 2;
  if (failure === null) return <Rows rows={[]} {...room} />;
  if (page === "code") return <EssentialsPage room={room} text={wizard.essentials} onClose={() => setPage(null)} />;
  if (page === "shell" && wizard.shell !== null)
    return <ShellPane room={room} shell={wizard.shell} onLeave={() => setPage(null)} />;
  const at = run?.at ?? null;
  const step = at === null ? undefined : run?.steps[at];
  const where =
    step === undefined || at === null
      ? []
      : paragraph(
          t("failed.at", { at: at + 1, of: run?.steps.length ?? 0, title: step.title }),
          ...([width, surface, "heading", 1] as const),
        );
  const roomy = room.height > 12;
  const before: Line[] = [
    ...(roomy ? [EMPTY] : []),
    ...where,
    ...paragraph(failure.message, width, surface, "bad", 1),
    ...(failure.hint === undefined ? [] : paragraph(failure.hint, width, surface, "strong", 1)),
  ];
  const after: Line[] = [
    // The error may say so itself, and better.
    ...(step === undefined || !roomy || /^Nothing is lost/.test(failure.hint ?? "")
      ? []
      : paragraph(t("failed.nothing-lost"), width, surface, "quiet", 1)),
    ...(roomy ? [EMPTY] : []),
  ];
  // What is to be done is never pushed out of sight by what was seen; of that, the end tells most.
  const seen = failure.evidence.flatMap((text) => paragraph(text, width, surface, undefined, 3));
  const left = Math.max(1, room.height - before.length - after.length - CHOICES.length);
  const said = seen.length > left ? [line(`   ${surface.glyphs.more}`), ...seen.slice(seen.length - left + 1)] : seen;
  const above = [...before, ...said, ...after];
  const durable = run?.durable !== false;
  const items = CHOICES.map((value) => ({
    value,
    label: t(`failed.${value}`),
    says: t(value === "leave" && !durable ? "failed.leave.volatile.says" : `failed.${value}.says`),
  }));
  return (
    <Column room={room} above={above} least={Math.min(items.length, room.height)}>
      {(rest) => (
        <Menu
          room={rest}
          items={items}
          onChoose={(value) => {
            if (value === "report") setPage("code");
            if (value === "shell" && wizard.shell !== null) setPage("shell");
            else if (value === "source") onIntent({ want: "another-source" });
            else onIntent(value === "report" ? { want: "save", what: "report" } : { want: value });
          }}
        />
      )}
    </Column>
  );
}

export const failed: Screen = {
  title: (_, t) => t("failed.title"),
  hints: (_, t) => [MOVE(t), { key: "Enter", does: t("key.choose") }],
  help: (t) => [t("failed.help")],
  Component: FailedScreen,
};
