// The last question before something that cannot be taken back: what it does, and a name to type.
import type { ReactNode } from "react";
import { EMPTY, paragraph } from "../../tui/line.ts";
import { ConfirmByName } from "../../tui/parts/ConfirmByName.tsx";
import { useTyping } from "../../tui/shell/KeysHere.tsx";
import { subjectOf } from "../host-state/judge-command.ts";
import type { Command } from "../host-state/model.ts";
import { Column } from "../parts/Column.tsx";
import type { TextKey } from "../text/en.ts";
import { operationInWords } from "./page-words.ts";
import type { HostPageProps } from "./StatusPage.tsx";

const SAYS: Readonly<Record<string, TextKey>> = {
  "vm.kill": "host.confirm.kill",
  "host.reboot": "host.confirm.reboot",
  "host.poweroff": "host.confirm.poweroff",
};

export interface ConfirmPageProps extends HostPageProps {
  command: Command;
  type: string;
}

export function ConfirmPage({ room, look, command, type, onIntent }: ConfirmPageProps): ReactNode {
  const { t, say, surface } = look;
  useTyping(true);
  const what = operationInWords(command.op, say(subjectOf(command)), t);
  const says = SAYS[command.op];
  const above = [
    EMPTY,
    ...(says === undefined ? [] : paragraph(t(says), room.width - 2, surface, "warning", 1)),
    ...paragraph(t("host.confirm.signed"), room.width - 2, surface, "quiet", 1),
    EMPTY,
  ];
  return (
    <Column room={room} above={above} least={4} wanted={4}>
      {(rest) => (
        <ConfirmByName
          name={type}
          width={rest.width - 2}
          words={{
            ask: ` ${t("host.confirm.type")}`,
            matching: (count, length) => t("host.confirm.matching", { typed: count, of: length }),
            wrong: t("host.confirm.wrong"),
            ready: t("host.confirm.ready", { what }),
          }}
          onConfirm={() => onIntent({ want: "confirmed" })}
        />
      )}
    </Column>
  );
}
