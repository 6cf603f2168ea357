// The essentials of a failure for a telephone's camera: a QR code where the console has half blocks, else its text.
import type { ReactNode } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { beside, EMPTY, type Line, line, paragraph } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { rowsThatFit } from "../../tui/parts/rows-in-view.ts";
import { qrCode } from "../../tui/qr-code.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { useHints } from "../../tui/shell/KeysHere.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { columnsOf } from "../../tui/text/width.ts";
import type { Surface } from "../../tui/theme/surface.ts";
import { useText } from "../text/translate.ts";

export interface EssentialsPageProps {
  room: Room;
  text: string | null;
  onClose: () => void;
}

export function EssentialsPage({ room, text, onClose }: EssentialsPageProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  useHints([{ key: "Esc", does: t("key.close") }]);
  useKeys("field", (key) => {
    if (key.text === "?" || key.name === "ctrl") return false;
    onClose();
    return true;
  });
  const words = (width: number): Line[] => [
    EMPTY,
    ...paragraph(text ?? t("failed.code.gathering"), width - 2, surface, undefined, 1),
    EMPTY,
    ...paragraph(t("failed.code.close"), width - 2, surface, "quiet", 1),
  ];
  const code = text === null ? null : codeFor(text, room, surface);
  const taken = columnsOf(code?.[0] ?? "") + 2;
  const rows =
    code === null
      ? words(room.width)
      : room.width - taken < LEAST_BESIDE
        ? code.map((row) => line(row))
        : beside(
            code.map((row) => line(row)),
            taken,
            words(room.width - taken),
            surface.glyphs.more,
          );
  return <Rows rows={rowsThatFit(rows, room, surface)} {...room} />;
}

/** Text in less columns than this is no help beside the code. */
const LEAST_BESIDE = 20;

/** How much of the text is tried: a smaller code with the beginning is better than none. */
const LENGTHS = [300, 200, 150, 106, 78, 53] as const;

function codeFor(text: string, { width, height }: Room, surface: Surface): readonly string[] | null {
  if (surface.glyphSet !== "utf8" || surface.reader) return null;
  for (const length of LENGTHS) {
    const code = qrCode(text.slice(0, length), { columns: width, rows: height });
    if (code !== null) return code;
  }
  return null;
}
