// A root shell inside the installer, so that what it knows and shows is still there afterwards.
import type { ReactNode } from "react";
import { PtyPane } from "../../tui/pty/PtyPane.tsx";
import type { Room } from "../../tui/shell/AppShell.tsx";
import { useText } from "../text/translate.ts";
import type { ShellProgram } from "../wizard/model.ts";

export interface ShellPaneProps {
  room: Room;
  shell: ShellProgram;
  onLeave: () => void;
}

export function ShellPane({ room, shell, onLeave }: ShellPaneProps): ReactNode {
  const t = useText();
  return (
    <PtyPane
      program={shell}
      width={room.width}
      height={room.height}
      layer="modal"
      words={{
        starting: t("shell.starting"),
        running: t("shell.running"),
        exited: ({ code }) => t("shell.exited", { code }),
        failed: (message) => t("shell.failed", { message }),
      }}
      onLeave={onLeave}
    />
  );
}
