// The keys of a host: its own, for comparing; who may command it; whether the seat is unlocked, and what the log says of itself.
import { beside, EMPTY, type Line, line, paragraph } from "../../tui/line.ts";
import { qrCode } from "../../tui/qr-code.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { columnsOf } from "../../tui/text/width.ts";
import { type Fact, factRows, heading } from "./facts.ts";
import { known, type Look, whenInWords } from "./look.ts";

/** Less than this beside the code is no room for a fingerprint. */
const LEAST_BESIDE = 44;
const AUDIT_TONE = { broken: "bad", unknown: "warning", whole: undefined } as const;

export function keyRows(look: Look, room: Room): Line[] {
  const { t, say, surface } = look;
  const key = known("host", look).value?.hostKey ?? null;
  const control = known("control", look).value;
  const code =
    key === null || surface.glyphSet !== "utf8" || surface.reader
      ? null
      : qrCode(key.sha256, { columns: room.width - LEAST_BESIDE, rows: room.height });
  const taken = code === null ? 0 : columnsOf(code[0] ?? "") + 2;
  const width = room.width - taken - 2;
  const host: Fact[] = [
    { label: t("host.fact.key"), text: key === null ? t("host.key-unknown") : `${say(key.type)}` },
    { label: "SHA-256", text: say(key?.sha256 ?? ""), tone: "strong" },
    { label: t("host.fact.words"), text: say(key?.words.join(" ") ?? ""), tone: "strong" },
  ];
  const seat = control?.seat ?? null;
  const anchor = { tpm: "host.anchor.tpm", file: "host.anchor.file", none: "host.anchor.none" } as const;
  const who: Fact[] =
    control === null
      ? [{ label: t("host.keys.admins"), text: t("host.asking") }]
      : [
          {
            label: t("host.keys.admins"),
            text: control.admins.length === 0 ? t("host.no-admins") : say(control.admins.join(", ")),
            tone: control.admins.length === 0 ? "warning" : undefined,
          },
          {
            label: t("host.keys.seat"),
            text:
              seat === null
                ? t("host.keys.locked")
                : t("host.keys.unlocked", {
                    by: say(seat.by),
                    until: whenInWords(seat.until, look),
                    operations: say(seat.operations.join(", ")),
                  }),
          },
          {
            label: t("host.keys.audit"),
            text:
              control.audit.state === "whole"
                ? t("host.audit.whole", { count: control.audit.entries })
                : t(control.audit.state === "broken" ? "host.audit.broken" : "host.audit.unknown", {
                    why: say(control.audit.why ?? ""),
                  }),
            tone: AUDIT_TONE[control.audit.state],
          },
          { label: t("host.keys.anchor"), text: t(anchor[control.audit.anchor]) },
        ];
  const rows = [
    EMPTY,
    ...factRows(host, width, look),
    ...paragraph(t("host.keys.compare"), width - 2, surface, "quiet", 2),
    ...heading(t("host.keys.who")),
    ...factRows(who, width, look),
    EMPTY,
    ...paragraph(t("host.keys.later"), width - 2, surface, "quiet", 2),
  ];
  return code === null
    ? rows
    : beside(
        code.map((row) => line(row)),
        taken,
        rows,
        surface.glyphs.more,
      );
}
