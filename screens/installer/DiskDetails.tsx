// Everything known of one disk, and every partition on it.
import { type ReactNode, useState } from "react";
import type { DiskHealth } from "../../core/inventory/health.ts";
import type { Disk } from "../../core/inventory/inventory.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, paragraph, span } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { rowsInView } from "../../tui/parts/rows-in-view.ts";
import { clampScroll, moveScroll, START } from "../../tui/parts/scroll.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { useHints } from "../../tui/shell/KeysHere.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { clean } from "../../tui/text/clean.ts";
import { padTo, wrap } from "../../tui/text/width.ts";
import { MOVE } from "../screen.ts";
import { type Translate, useText } from "../text/translate.ts";
import { healthInWords, whyNot } from "./DisksScreen.tsx";

export interface DiskDetailsProps {
  room: Room;
  disk: Disk;
  /** Null while it is not known. */
  health: DiskHealth | null;
  onClose: () => void;
}

export function DiskDetails({ room, disk, health, onClose }: DiskDetailsProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const [scroll, setScroll] = useState(START);
  const rows = detailRows({ disk, health }, room.width - 2, surface, t);
  const positions = Math.max(1, rows.length - room.height + 1);
  useHints([...(positions > 1 ? [MOVE(t)] : []), { key: "Esc", does: t("key.close") }]);
  useKeys("field", (key) => {
    const moved = moveScroll(scroll, key, positions, 1);
    if (moved !== null) setScroll(moved);
    else if (key.name === "escape" || key.name === "enter" || key.text === "d") onClose();
    else return key.text !== "?" && key.name !== "ctrl";
    return true;
  });
  const { selected } = clampScroll(scroll, positions, 1);
  return <Rows rows={rowsInView(rows, { top: selected, ...room }, surface)} {...room} />;
}

function detailRows(
  { disk, health }: Pick<DiskDetailsProps, "disk" | "health">,
  width: number,
  surface: ReturnType<typeof useSurface>,
  t: Translate,
): Line[] {
  const { letters, glyphs } = surface;
  const label = width < 50 ? 12 : 14;
  const field = (name: string, value: string): Line[] =>
    wrap(clean(value, letters), width - label - 2).map((part, at) => [
      span(` ${padTo(at === 0 ? clean(name, letters) : "", label, glyphs.more)} `, "quiet"),
      span(part),
    ]);
  const kind = [
    t(disk.rotational ? "disks.rotational" : "disks.flash"),
    ...(disk.removable ? [t("disks.removable")] : []),
  ];
  const why = whyNot(disk, t);
  return [
    EMPTY,
    ...(why === null ? [] : [...paragraph(why, width, surface, "warning", 1), EMPTY]),
    ...field(t("disks.detail.id"), disk.id ?? "-"),
    ...field(t("disks.detail.model"), [disk.vendor, disk.model].join(" ").trim() || "-"),
    ...field(t("disks.detail.serial"), disk.serial || "-"),
    ...field(t("disks.detail.wwn"), disk.wwn || "-"),
    ...field(t("disks.detail.bus"), disk.bus),
    ...field(t("disks.detail.size"), `${sizeInWords(disk.size)} (${disk.size} bytes)`),
    ...field(t("disks.detail.sector"), `${disk.sector} / ${disk.physicalSector}`),
    ...field(t("disks.detail.kind"), kind.join(", ")),
    ...field(t("disks.detail.table"), disk.table ?? "-"),
    ...field(
      t("disks.detail.health"),
      (health === null ? null : healthInWords(health, t)) ?? t("disks.health.unknown"),
    ),
    ...field(t("disks.detail.now"), disk.path),
    ...field(t("disks.detail.aliases"), disk.aliases.join(" ") || "-"),
    ...(disk.partitions.length === 0 ? [] : [EMPTY]),
    ...disk.partitions.flatMap((part) =>
      field(
        `${part.number}`,
        `${part.content}, ${sizeInWords(part.size)}${part.label === null ? "" : ` "${part.label}"`}`,
      ),
    ),
  ];
}
