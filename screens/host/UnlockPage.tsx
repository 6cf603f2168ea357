// How this seat is unlocked: the code that only somebody who stands here can read, and the line that an admin runs with it.
import type { ReactNode } from "react";
import { EMPTY, type Line, paragraph, span } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { rowsThatFit } from "../../tui/parts/rows-in-view.ts";
import type { SeatCode } from "../host-state/model.ts";
import { bigDigits } from "./big-digits.ts";
import type { Look } from "./look.ts";
import type { HostPageProps } from "./StatusPage.tsx";

export function UnlockPage({ room, look, code }: HostPageProps & { code: SeatCode }): ReactNode {
  return <Rows rows={rowsThatFit(unlockRows(code, look, room), room, look.surface)} {...room} />;
}

function unlockRows(code: SeatCode, look: Look, { width, height }: HostPageProps["room"]): Line[] {
  const { t, surface } = look;
  const said = (text: string, indent = 1): Line[] => paragraph(text, width - 2, surface, undefined, indent);
  switch (code.state) {
    case "asking":
      return [EMPTY, ...said(t("host.asking"))];
    case "none":
      return [EMPTY, ...said(t("host.unlock.none"))];
    case "known": {
      const roomy = height > 14;
      return [
        ...(roomy ? [EMPTY] : []),
        ...said(t("host.unlock.says")),
        ...(roomy ? [EMPTY] : []),
        ...codeRows(code.code, look, width),
        ...(roomy ? [EMPTY] : []),
        ...paragraph(code.line, width - 2, surface, "strong", roomy ? 3 : 1),
        ...(roomy ? [EMPTY, ...said(t("host.unlock.then"))] : []),
      ];
    }
    default:
      return code satisfies never;
  }
}

/** Large where there is room and nobody has it read out. */
function codeRows(code: string, { surface, say }: Look, width: number): Line[] {
  const large = surface.reader ? null : bigDigits(code, surface.glyphs.barFull, width - 4);
  if (large === null) return [[span("   "), span(say(code), "strong")]];
  return large.map((row) => [span("   "), span(row, "bar")]);
}
