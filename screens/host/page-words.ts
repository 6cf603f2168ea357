// What each page of a host is called, which keys work on it, and what its help says.
import type { Hint } from "../../tui/shell/hints.ts";
import { subjectOf } from "../host-state/judge-command.ts";
import { type HostState, isUnlocked, pageOf, type ReadPage } from "../host-state/model.ts";
import type { TextKey } from "../text/en.ts";
import type { Translate } from "../text/translate.ts";
import { known, type Look } from "./look.ts";

export const READ_TITLE: Readonly<Record<ReadPage, TextKey>> = {
  controllers: "host.panel.controllers",
  network: "host.panel.network",
  health: "host.panel.health",
  generations: "host.menu.generations",
  keys: "host.menu.keys",
  commands: "host.menu.commands",
  logs: "host.menu.logs",
  shell: "host.menu.shell",
};

/** `compact`: which of its panels a small terminal shows. */
export function titleOf(state: HostState, look: Look, compact: string | null): string {
  const { t, say } = look;
  const page = pageOf(state);
  const host = say(known("host", look).value?.name ?? t("host.unnamed"));
  switch (page.name) {
    case "status":
      return compact === null ? host : `${compact} · ${host}`;
    case "controller":
      return say(page.controller);
    case "menu":
      return t("host.menu.title");
    case "read":
      return t(READ_TITLE[page.what]);
    case "confirm":
      return operationInWords(page.command.op, say(subjectOf(page.command)), t);
    case "signature":
      return t("host.signature.title");
    case "unlock":
      return t("host.unlock.title");
    default:
      return page satisfies never;
  }
}

const OPERATION: Readonly<Record<string, TextKey>> = {
  "vm.start": "host.op.start",
  "vm.stop": "host.op.stop",
  "vm.pause": "host.op.pause",
  "vm.kill": "host.op.kill",
  "vm.console": "host.op.console",
  "host.reboot": "host.op.reboot",
  "host.poweroff": "host.op.poweroff",
};

/** "start work"; of an operation that has no words yet, its name. */
export function operationInWords(op: string, name: string, t: Translate): string {
  const key = OPERATION[op];
  return `${key === undefined ? op : t(key)} ${name}`.trim();
}

const MOVE = (t: Translate): Hint => ({ key: "↑↓", does: t("key.move") });
const SCROLL = (t: Translate): Hint => ({ key: "↑↓", does: t("host.key.scroll") });
const BACK = (t: Translate): Hint => ({ key: "Esc", does: t("key.back") });

function ofController(t: Translate): Hint[] {
  return [
    { key: "s", does: t("host.key.start") },
    { key: "t", does: t("host.key.stop") },
    { key: "c", does: t("host.key.console") },
    { key: "p", does: t("host.key.pause") },
    { key: "k", does: t("host.key.kill") },
  ];
}

export function hintsOf(state: HostState, t: Translate, compact: boolean): Hint[] {
  const page = pageOf(state);
  const lock: Hint = { key: "l", does: t(isUnlocked(state) ? "host.key.lock" : "host.key.unlock") };
  const menu: Hint = { key: "m", does: t("host.key.menu") };
  switch (page.name) {
    case "status": {
      const onControllers = state.panel === "controllers" && (state.view.parts.controllers?.value?.length ?? 0) > 0;
      // What does not fit is left out from the end: unlocking comes before what is rarely done.
      const often = ofController(t).slice(0, 2);
      const rare = ofController(t).slice(2);
      return [
        ...(compact ? [{ key: "Tab", does: t("host.key.next") }, menu] : []),
        ...(onControllers ? [MOVE(t), { key: "Enter", does: t("host.key.open") }, ...often] : []),
        ...(!onControllers && state.panel !== "host" && state.panel !== "controllers"
          ? [{ key: "Enter", does: t("host.key.open") }]
          : []),
        ...(compact ? [] : [menu]),
        lock,
        ...(compact ? [] : [{ key: "Tab", does: t("host.key.next") }]),
        ...(onControllers ? rare : []),
        { key: "v", does: t("host.key.addresses") },
        ...(state.place === "remote" ? [{ key: "q", does: t("host.key.leave") }] : []),
      ];
    }
    case "controller":
      return [...ofController(t), BACK(t), menu, lock];
    case "menu":
      return [MOVE(t), { key: "Enter", does: t("host.key.open") }, BACK(t), lock];
    case "read":
      if (page.what === "controllers")
        return [MOVE(t), { key: "Enter", does: t("host.key.open") }, ...ofController(t), BACK(t), menu, lock];
      return [SCROLL(t), BACK(t), menu, lock];
    case "confirm":
      return [BACK(t)];
    case "signature":
      return [{ key: "u", does: t("host.key.unlock") }, BACK(t)];
    case "unlock":
      return [BACK(t)];
    default:
      return page satisfies never;
  }
}

export function helpOf(state: HostState, t: Translate): string[] {
  const page = pageOf(state);
  switch (page.name) {
    case "status":
      return [t("host.help.status"), t("host.help.ages"), t("host.help.locked")];
    case "controller":
      return [t("host.help.controller"), t("host.help.signed")];
    case "menu":
      return [t("host.help.menu"), t("host.help.signed")];
    case "read":
      return [t("host.help.read")];
    case "confirm":
    case "signature":
      return [t("host.help.signed")];
    case "unlock":
      return [t("host.help.locked"), t("host.help.signed")];
    default:
      return page satisfies never;
  }
}
