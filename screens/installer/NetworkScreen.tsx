// How the host reaches the world: addresses, proxy, time servers.
import type { ReactNode } from "react";
import type { Answer } from "../../core/spec/answers.ts";
import { EMPTY, type Line, line, paragraph } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, type Screen, type ScreenProps } from "../screen.ts";
import { type Translate, useText } from "../text/translate.ts";
import type { Wizard } from "../wizard/model.ts";

function NetworkScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const link = Object.values(wizard.judged?.loaded?.spec.network ?? {})[0];
  const above: Line[] = [EMPTY, ...adapters(wizard, room.width - 2, surface, t), EMPTY];
  return (
    <Column room={room} above={above} least={8}>
      {(rest) => (
        <Form
          room={rest}
          fields={[
            {
              ...{ name: "mode", label: t("network.mode"), kind: "choice" as const },
              initial: link?.addresses === undefined ? "dhcp" : "static",
              choices: [
                { value: "dhcp", label: t("network.mode.dhcp") },
                { value: "static", label: t("network.mode.static") },
              ],
            },
            {
              ...{
                name: "address",
                label: t("network.address"),
                kind: "text" as const,
                note: t("network.address.note"),
              },
              initial: (link?.addresses ?? []).join(" "),
              check: (value, { mode }) => (mode === "static" && value === "" ? t("values.empty") : null),
            },
            { name: "gateway", label: t("network.gateway"), kind: "text", initial: link?.gateway ?? "" },
            { name: "dns", label: t("network.dns"), kind: "text", initial: (link?.dns ?? []).join(" ") },
          ]}
          onSend={(values) => onIntent({ want: "answer", answers: answersOf(values, wizard) })}
        />
      )}
    </Column>
  );
}

function adapters(wizard: Wizard, width: number, surface: ReturnType<typeof useSurface>, t: Translate): Line[] {
  const nics = (wizard.inventory?.nics ?? []).filter(({ physical }) => physical);
  return [
    line(` ${t("network.adapters")}`, "heading"),
    ...nics.flatMap((nic) =>
      paragraph(
        `${nic.name}  ${nic.mac}  ${nic.driver ?? ""}  ${t(nic.carrier ? "network.cable" : "network.no-cable")}  ${nic.addresses.join(" ")}`,
        ...([width, surface, nic.carrier ? undefined : "quiet", 2] as const),
      ),
    ),
  ];
}

function answersOf(values: Readonly<Record<string, string>>, wizard: Wizard): Answer[] {
  const words = (text = "") => text.split(/[\s,]+/).filter((word) => word !== "");
  const name = Object.keys(wizard.judged?.loaded?.spec.network ?? {})[0] ?? "lan0";
  const dns = words(values.dns);
  const fixed = {
    addresses: words(values.address),
    ...(values.gateway === "" ? {} : { gateway: values.gateway }),
    ...(dns.length === 0 ? {} : { dns }),
  };
  return [{ path: ["network", name], value: values.mode === "static" ? fixed : { dhcp: true } }];
}

export const network: Screen = {
  title: (_, t) => t("network.title"),
  hints: (_, t) => [
    ENTER(t),
    { key: "Tab", does: t("key.next-field") },
    { key: "←→", does: t("key.change-choice") },
    BACK(t),
  ],
  help: (t) => [t("network.help")],
  Component: NetworkScreen,
};
