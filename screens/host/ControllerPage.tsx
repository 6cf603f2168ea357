// One controller: its state and why, what it uses, what it is made of, and the last lines of its console.
import type { ReactNode } from "react";
import { sizeInWords } from "../../core/size-in-words.ts";
import type { Controller } from "../../core/status/controller-facts.ts";
import { EMPTY, type Line, paragraph, span } from "../../tui/line.ts";
import { cut } from "../../tui/text/width.ts";
import { markOf, stateInWords } from "./controller-rows.ts";
import { type Fact, factRows, heading } from "./facts.ts";
import { known, type Look, seconds, whenInWords } from "./look.ts";
import { addressInWords } from "./network-rows.ts";
import { asideOf } from "./panels.ts";
import { ScrollRows } from "./ScrollRows.tsx";
import type { HostPageProps } from "./StatusPage.tsx";

export function ControllerPage({ room, look, name }: HostPageProps & { name: string }): ReactNode {
  return <ScrollRows room={room} rows={controllerPageRows(name, look, room.width)} />;
}

export function controllerPageRows(name: string, look: Look, width: number): Line[] {
  const { t, surface } = look;
  const part = known("controllers", look);
  const controller = part.value?.find((each) => each.name === name);
  if (controller === undefined)
    return [EMPTY, ...paragraph(t("host.controller.gone"), width - 2, surface, "warning", 1)];
  const old = asideOf(part, look);
  const note = old === "" ? [] : paragraph(old, width - 2, surface, "warning", 1);
  return [
    EMPTY,
    ...note,
    ...stateRows(controller, look, width),
    ...partRows(controller, look, width),
    ...consoleRows(controller, look, width),
  ];
}

const HEARD_BY = {
  "guest-agent": "host.heartbeat.agent",
  "virtio-serial": "host.heartbeat.serial",
  console: "host.heartbeat.console",
} as const;

function stateRows(controller: Controller, look: Look, width: number): Line[] {
  const { t, say, surface, now } = look;
  const { text, tone } = stateInWords(controller, look);
  const { reason, heartbeat, os, cpu, memory, autostart } = controller;
  const beat =
    heartbeat === null || now === null
      ? ""
      : t("host.controller.heard", { age: seconds((now - heartbeat.at) / 1000, look), by: t(HEARD_BY[heartbeat.by]) });
  const facts: Fact[] = [
    { label: t("host.controller.os"), text: os ?? t("host.controller.no-os") },
    { label: t("host.controller.heartbeat"), text: beat },
    {
      label: t("host.controller.cpu"),
      text: `${t("host.controller.cpus", { count: cpu.count })}${cpu.percent === null ? "" : `  ${Math.round(cpu.percent)} %`}`,
    },
    {
      label: t("host.controller.memory"),
      text:
        memory.used === null ? sizeInWords(memory.bytes) : `${sizeInWords(memory.used)} / ${sizeInWords(memory.bytes)}`,
    },
    { label: t("host.controller.autostart"), text: t(autostart ? "host.yes" : "host.no") },
  ];
  const why =
    reason === null
      ? []
      : paragraph(
          `${whenInWords(reason.at, look)}  ${say(reason.text)}`,
          width - 4,
          surface,
          tone === "bad" ? "bad" : "warning",
          3,
        );
  return [
    [span(" "), markOf(controller.state, surface.glyphs), span(" "), span(text, tone)],
    ...why,
    ...factRows(facts, width, look),
  ];
}

function partRows({ disks, networks, devices }: Controller, look: Look, width: number): Line[] {
  const { t, say } = look;
  const rate = (value: number | null) => (value === null ? "" : `${sizeInWords(value)}/s`);
  const both = (one: number | null, other: number | null, key: "host.controller.io" | "host.controller.traffic") =>
    one === null && other === null ? "" : `  ${t(key, { in: rate(one ?? 0), out: rate(other ?? 0) })}`;
  const list = (title: string, facts: Fact[]) =>
    facts.length === 0 ? [] : [...heading(title), ...factRows(facts, width, look)];
  return [
    ...list(
      t("host.controller.disks"),
      disks.map(({ target, source, bytes, read, written }) => ({
        label: say(target),
        text: `${bytes === null ? "" : `${sizeInWords(bytes)}  `}${say(source ?? "")}${both(read, written, "host.controller.io")}`,
      })),
    ),
    ...list(
      t("host.controller.networks"),
      networks.map(({ tap, bridge, mac, addresses, received, sent }) => ({
        label: say(tap ?? t("host.hop.off")),
        text: `${[say(bridge ?? ""), addressInWords(mac, look), ...addresses.map((each) => addressInWords(each, look))].join("  ")}${both(received, sent, "host.controller.traffic")}`,
      })),
    ),
    ...list(
      t("host.controller.devices"),
      devices.map(({ kind, id, name }) => ({ label: kind.toUpperCase(), text: `${say(id)}  ${say(name)}` })),
    ),
  ];
}

function consoleRows({ console }: Controller, look: Look, width: number): Line[] {
  const { t, say, surface } = look;
  if (console.length === 0) return [];
  const rows = console.map((text): Line => [span("  "), span(cut(say(text), width - 4, surface.glyphs.more))]);
  return [...heading(t("host.controller.console")), ...rows];
}
