// The essentials of a failure for a telephone's camera: a QR code where the console has half blocks, else its text.
import type { ReactNode } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, line, paragraph } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { qrCode } from "../../tui/qr-code.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
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
  useKeys("modal", (key) => {
    if (key.text === "?") return false;
    onClose();
    return true;
  });
  const words = text ?? t("busy.answer");
  const code = text === null ? null : codeFor(text, room, surface);
  const rows: Line[] =
    code === null
      ? [
          EMPTY,
          ...paragraph(words, room.width - 2, surface, undefined, 1),
          EMPTY,
          line(` ${t("failed.code.close")}`, "quiet"),
        ]
      : code.map((row) => line(row));
  return <Rows rows={rows} {...room} />;
}

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
