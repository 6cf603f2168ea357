// A question on top of everything: a framed box in the middle, or the whole page where the terminal is small. Hears every key.
import type { ReactNode } from "react";
import { type OnKey, useKeys } from "../keys/KeyRouter.tsx";
import { EMPTY, type Line, span } from "../line.ts";
import type { Room } from "../shell/AppShell.tsx";
import { useSurface } from "../shell/SurfaceContext.tsx";
import type { Surface } from "../theme/surface.ts";
import { panel } from "./panel.ts";
import { Rows } from "./Rows.tsx";

export interface ModalProps {
  room: Room;
  title: string;
  /** The rows inside, for so many columns. */
  rows: (width: number) => readonly Line[];
  /** Widest inside; default 60. */
  width?: number;
  onEnter?: () => void;
  onEscape: () => void;
  /** Asked before Enter and Escape. */
  onKey?: OnKey;
}

/** Below this a box would be all frame. */
const SMALL = { width: 60, height: 16 } as const;

/** How wide the inside of a modal is in this room. */
export function modalWidth(room: Room, width = 60): number {
  return Math.max(1, isSmall(room) ? room.width - 2 : Math.min(width, room.width - 8));
}

function isSmall({ width, height }: Room): boolean {
  return width < SMALL.width || height < SMALL.height;
}

/** Exactly `room.height` rows; pure, so that whoever draws rows themselves can use it. */
export function modalRows(room: Room, title: string, rows: readonly Line[], inner: number, surface: Surface): Line[] {
  const small = isSmall(room) || surface.reader;
  const height = small ? room.height : Math.min(room.height, rows.length + 4);
  const width = small ? room.width : inner + 4;
  const inside = small ? rows : [EMPTY, ...rows, EMPTY];
  const box = small
    ? [
        [span(" "), ...(panel({ title, rows: [], width, height }, { ...surface, reader: true })[0] ?? EMPTY)],
        ...inside.map((row): Line => [span(" "), ...row]),
      ]
    : panel({ title, rows: inside, width, height }, surface);
  const above = Math.max(0, Math.floor((room.height - height) / 2));
  const left = " ".repeat(Math.max(0, Math.floor((room.width - width) / 2)));
  const placed = [
    ...Array.from({ length: small ? 0 : above }, () => EMPTY),
    ...box.map((row): Line => (left === "" ? row : [span(left), ...row])),
  ];
  return Array.from({ length: room.height }, (_, at) => placed[at] ?? EMPTY);
}

export function Modal({ room, title, rows, width = 60, onEnter, onEscape, onKey }: ModalProps): ReactNode {
  const surface = useSurface();
  useKeys("modal", (key) => {
    if (onKey?.(key) === true) return true;
    if (key.name === "enter" && onEnter !== undefined) onEnter();
    else if (key.name === "escape") onEscape();
    return true;
  });
  const inner = modalWidth(room, width);
  return <Rows rows={modalRows(room, title, rows(inner), inner, surface)} width={room.width} height={room.height} />;
}
