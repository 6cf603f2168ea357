// While the machine is looked at and nothing can be asked yet.
import type { ReactNode } from "react";
import { EMPTY, paragraph } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import type { Screen, ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";

function LookingScreen({ room, wizard }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const rows = [
    EMPTY,
    ...(wizard.problem === null ? paragraph(t("busy.machine"), room.width - 2, surface, undefined, 1) : []),
  ];
  return <Rows rows={rows} {...room} />;
}

export const looking: Screen = {
  title: (_, t) => t("app.installer"),
  hints: () => [],
  help: (t) => [t("spec.help")],
  Component: LookingScreen,
};
