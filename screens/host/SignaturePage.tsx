// A command that nothing here can sign: the ways to a signature, with the exact lines.
import type { ReactNode } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, paragraph } from "../../tui/line.ts";
import { subjectOf } from "../host-state/judge-command.ts";
import { type Command, isUnlocked } from "../host-state/model.ts";
import { heading } from "./facts.ts";
import { known } from "./look.ts";
import { operationInWords } from "./page-words.ts";
import { ScrollRows } from "./ScrollRows.tsx";
import type { HostPageProps } from "./StatusPage.tsx";

/** What a seat's certificate is for, where none says so (docs/formats/control-protocol.md). */
const SEAT: readonly string[] = ["vm.start", "vm.stop", "vm.switch", "vm.console"];

export interface SignaturePageProps extends HostPageProps {
  command: Command;
  line: string;
}

export function SignaturePage({ room, state, look, command, line, onIntent }: SignaturePageProps): ReactNode {
  const { t, say, surface } = look;
  const width = room.width - 2;
  useKeys("screen", (key) => {
    if (key.text !== "u" || key.name !== "text") return false;
    onIntent({ want: "unlock" });
    return true;
  });
  const what = operationInWords(command.op, say(subjectOf(command)), t);
  const admins = known("control", look).value?.admins ?? [];
  const said = (text: string): Line[] => paragraph(text, width, surface, undefined, 2);
  const seat = isUnlocked(state)
    ? t("host.signature.not-seat")
    : SEAT.includes(command.op)
      ? t("host.signature.seat")
      : t("host.signature.never-seat");
  const rows = [
    EMPTY,
    ...paragraph(t("host.signature.says", { what }), width, surface, "strong", 1),
    ...heading(t("host.signature.here")),
    ...said(seat),
    ...heading(t("host.signature.elsewhere")),
    ...said(
      admins.length === 0
        ? t("host.signature.no-admins")
        : t("host.signature.admins", { names: say(admins.join(", ")) }),
    ),
    EMPTY,
    ...paragraph(line, width, surface, "strong", 3),
  ];
  return <ScrollRows room={room} rows={rows} />;
}
