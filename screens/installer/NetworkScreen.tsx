// How the host reaches the world: addresses or Wi-Fi, proxy, time servers.
import { type ReactNode, useState } from "react";
import type { Answer } from "../../core/spec/answers.ts";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, line, paragraph } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import type { FormField } from "../../tui/parts/form-state.ts";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import type { Surface } from "../../tui/theme/surface.ts";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, type Screen, type ScreenProps } from "../screen.ts";
import { type Translate, useText } from "../text/translate.ts";
import type { Wizard } from "../wizard/model.ts";
import { WifiPage } from "./WifiPage.tsx";

function NetworkScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const [wifi, setWifi] = useState(false);
  const wireless = hasWireless(wizard);
  useKeys("shell", (key) => {
    if (key.name !== "ctrl" || key.text !== "n" || !wireless) return false;
    onIntent({ want: "scan-wifi" });
    setWifi(true);
    return true;
  });
  if (wifi) return <WifiPage {...{ room, wizard, onIntent }} onClose={() => setWifi(false)} />;
  const above: Line[] = [EMPTY, ...adapters(wizard, room.width - 2, surface, t), EMPTY];
  return (
    <Column room={room} above={above} least={10}>
      {(rest) => (
        <Form
          room={rest}
          fields={fieldsOf(wizard, t)}
          onSend={(values) => onIntent({ want: "answer", answers: answersOf(values, wizard) })}
        />
      )}
    </Column>
  );
}

function hasWireless({ inventory }: Wizard): boolean {
  return (inventory?.nics ?? []).some(({ physical, wireless }) => physical && wireless);
}

function adapters(wizard: Wizard, width: number, surface: Surface, t: Translate): Line[] {
  const nics = (wizard.inventory?.nics ?? []).filter(({ physical }) => physical);
  return [
    line(` ${t("network.adapters")}`, "heading"),
    ...nics.flatMap(({ name, mac, driver, carrier, addresses }) => {
      const words = [name, mac, driver ?? "", t(carrier ? "network.cable" : "network.no-cable"), ...addresses];
      return paragraph(
        words.filter((word) => word !== "").join("  "),
        width,
        surface,
        carrier ? undefined : "quiet",
        2,
      );
    }),
  ];
}

function firstLink(wizard: Wizard) {
  const [found] = Object.entries(wizard.judged?.loaded?.spec.network ?? {});
  return { name: found?.[0] ?? "lan0", link: found?.[1] };
}

function fieldsOf(wizard: Wizard, t: Translate): FormField[] {
  const { link } = firstLink(wizard);
  const spec = wizard.judged?.spec ?? null;
  const fixed = (values: Readonly<Record<string, string>>) => values.mode === "static";
  const wifi = link?.wifi?.ssid;
  const text = (name: string, label: string, initial: string, note?: string): FormField => ({
    ...{ name, label, kind: "text", initial },
    ...(note === undefined ? {} : { note }),
  });
  return [
    {
      ...{ name: "mode", label: t("network.mode"), kind: "choice" as const },
      initial: wifi !== undefined ? "wifi" : link?.addresses === undefined ? "dhcp" : "static",
      choices: [
        { value: "dhcp", label: t("network.mode.dhcp") },
        { value: "static", label: t("network.mode.static") },
        ...(wifi === undefined ? [] : [{ value: "wifi", label: t("network.mode.wifi", { name: wifi }) }]),
      ],
      ...(hasWireless(wizard) ? { note: t("network.wifi.note") } : {}),
    },
    {
      ...text("address", t("network.address"), (link?.addresses ?? []).join(" "), t("network.address.note")),
      when: fixed,
      check: (value) => (value.trim() === "" ? t("values.empty") : null),
    },
    { ...text("gateway", t("network.gateway"), link?.gateway ?? ""), when: fixed },
    { ...text("dns", t("network.dns"), (link?.dns ?? []).join(" ")), when: fixed },
    text("proxy", t("network.proxy"), spec?.host.proxy ?? "", t("network.proxy.note")),
    text("ntp", t("network.ntp"), (spec?.host.ntp ?? []).join(" "), t("network.ntp.note")),
  ];
}

/** Only what was changed is written: a spec that says nothing of the network goes on saying nothing. */
function answersOf(values: Readonly<Record<string, string>>, wizard: Wizard): Answer[] {
  const words = (text = "") => text.split(/[\s,]+/).filter((word) => word !== "");
  const { name, link } = firstLink(wizard);
  const dns = words(values.dns);
  const fixed = {
    addresses: words(values.address),
    ...(values.gateway?.trim() ? { gateway: values.gateway.trim() } : {}),
    ...(dns.length === 0 ? {} : { dns }),
  };
  const proxy = values.proxy?.trim() ?? "";
  const ntp = words(values.ntp);
  const host = wizard.judged?.spec?.host;
  return [
    ...(values.mode === "static" ? [{ path: ["network", name], value: fixed }] : []),
    ...(values.mode === "dhcp" && (link?.addresses !== undefined || link?.wifi !== undefined)
      ? [{ path: ["network", name], value: { dhcp: true } }]
      : []),
    ...(proxy === (host?.proxy ?? "") || proxy === "" ? [] : [{ path: ["host", "proxy"], value: proxy }]),
    ...(ntp.join(" ") === (host?.ntp ?? []).join(" ") || ntp.length === 0
      ? []
      : [{ path: ["host", "ntp"], value: ntp }]),
  ];
}

export const network: Screen = {
  title: (_, t) => t("network.title"),
  hints: (wizard, t) => [
    ENTER(t),
    { key: "Tab", does: t("key.next-field") },
    { key: "←→", does: t("key.change-choice") },
    ...(hasWireless(wizard) ? [{ key: "Ctrl-N", does: t("network.wifi") }] : []),
    BACK(t),
  ],
  help: (t) => [t("network.help"), t("network.wifi.help")],
  Component: NetworkScreen,
};
