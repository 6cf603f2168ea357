// Everything that can be done on a host. What cannot be done now is shown with why.
import type { ReactNode } from "react";
import type { HostIntent } from "../host-state/intent.ts";
import { type HostState, isUnlocked, type Place, type ReadPage } from "../host-state/model.ts";
import { type Choice, ChoiceList } from "../parts/ChoiceList.tsx";
import type { TextKey } from "../text/en.ts";
import { known, type Look } from "./look.ts";
import type { HostPageProps } from "./StatusPage.tsx";

interface Entry extends Choice {
  intent: HostIntent | null;
}

export function MenuPage({ room, state, look, onIntent }: HostPageProps): ReactNode {
  const entries = menuEntries(state, look);
  return (
    <ChoiceList
      room={room}
      choices={entries}
      onChoose={(index) => {
        const intent = entries[index]?.intent;
        if (intent != null) onIntent(intent);
      }}
    />
  );
}

const SHELL_SAYS: Readonly<Record<Place, TextKey>> = {
  vt: "host.menu.shell.vt",
  serial: "host.menu.shell.serial",
  remote: "host.menu.shell.remote",
};

export function menuEntries(state: HostState, look: Look): Entry[] {
  const { t, say } = look;
  const page = (what: ReadPage): HostIntent => ({ want: "open", page: { name: "read", what } });
  const later = (label: string, says: string): Entry => ({ label, says, disabled: true, intent: null });
  const unlocked = isUnlocked(state);
  const seat = known("control", look).value?.seat ?? null;
  const update = known("update", look).value;
  const count = known("controllers", look).value?.length ?? 0;
  return [
    {
      label: t("host.menu.controllers"),
      says: t("host.menu.controllers.says", { count }),
      intent: page("controllers"),
    },
    later(t("host.menu.install-controller"), t("host.menu.install-controller.says")),
    unlocked
      ? {
          label: t("host.menu.lock"),
          says: t("host.menu.lock.says", { by: say(seat?.by ?? "") }),
          intent: { want: "lock" },
        }
      : { label: t("host.menu.unlock"), says: t("host.menu.unlock.says"), intent: { want: "unlock" } },
    { label: t("host.menu.network"), says: t("host.menu.network.says"), intent: page("network") },
    { label: t("host.menu.health"), says: t("host.menu.health.says"), intent: page("health") },
    { label: t("host.menu.generations"), says: t("host.menu.generations.says"), intent: page("generations") },
    { label: t("host.menu.keys"), says: t("host.menu.keys.says"), intent: page("keys") },
    { label: t("host.menu.commands"), says: t("host.menu.commands.says"), intent: page("commands") },
    { label: t("host.menu.logs"), says: t("host.menu.logs.says"), intent: page("logs") },
    { label: t("host.menu.shell"), says: t(SHELL_SAYS[state.place]), intent: { want: "login" } },
    later(t("host.menu.update"), t("host.menu.update.says", { count: update?.packages ?? 0 })),
    later(t("host.menu.boot"), t("host.menu.boot.says")),
    later(t("host.menu.install-here"), t("host.menu.rescue-only")),
    later(t("host.menu.install-usb"), t("host.menu.rescue-only")),
    later(t("host.menu.install-network"), t("host.menu.install-network.says")),
    {
      label: t("host.menu.reboot"),
      says: t("host.menu.signed"),
      intent: { want: "command", op: "host.reboot", args: {} },
    },
    {
      label: t("host.menu.poweroff"),
      says: t("host.menu.signed"),
      intent: { want: "command", op: "host.poweroff", args: {} },
    },
  ];
}
