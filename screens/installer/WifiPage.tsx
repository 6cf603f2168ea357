// The wireless networks in the air; the passphrase of the chosen one becomes its key, and only that is kept.
import { type ReactNode, useState } from "react";
import { pskOf, whyNotPassphrase } from "../../core/network/psk.ts";
import type { WifiNetwork } from "../../core/network/wifi-network.ts";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, paragraph } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { useHints } from "../../tui/shell/KeysHere.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { ChoiceList } from "../parts/ChoiceList.tsx";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, MOVE, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";

export function WifiPage({ room, wizard, onIntent, onClose }: ScreenProps & { onClose: () => void }): ReactNode {
  const t = useText();
  const surface = useSurface();
  const [chosen, setChosen] = useState<WifiNetwork | null>(null);
  const networks = wizard.wifi;
  useKeys("screen", (key) => {
    if (key.name !== "escape") return false;
    if (chosen === null) onClose();
    else setChosen(null);
    return true;
  });
  const choosing = chosen === null && networks !== null && networks.length > 0;
  useHints([...(choosing ? [MOVE(t)] : []), ...(choosing || chosen !== null ? [ENTER(t)] : []), BACK(t)]);
  const join = (network: WifiNetwork, passphrase: string | null) => {
    const key = passphrase === null ? { security: "open" } : { psk: pskOf(network.ssid, passphrase) };
    onIntent({
      want: "answer",
      answers: [{ path: ["network"], value: { air: { wifi: { ssid: network.ssid, ...key } } } }],
    });
  };
  const width = room.width - 2;
  const unseen: Line[] = paragraph(t("network.wifi.unseen"), width, surface, "quiet", 1);
  if (networks === null || networks.length === 0) {
    const words = networks === null ? t("network.wifi.scanning") : t("network.wifi.none");
    return <Rows rows={[EMPTY, ...paragraph(words, width, surface, undefined, 1), EMPTY, ...unseen]} {...room} />;
  }
  if (chosen !== null) {
    return (
      <Column room={room} above={[EMPTY, ...paragraph(chosen.label, width, surface, "strong", 1), EMPTY]}>
        {(rest) => (
          <Form
            room={rest}
            fields={[
              {
                ...{ name: "passphrase", label: t("network.wifi.passphrase"), kind: "secret" as const },
                note: t("network.wifi.passphrase.note"),
                check: whyNotPassphrase,
              },
            ]}
            onSend={({ passphrase = "" }) => join(chosen, passphrase)}
          />
        )}
      </Column>
    );
  }
  return (
    <Column room={room} above={[EMPTY]} below={unseen} least={4}>
      {(rest) => (
        <ChoiceList
          room={rest}
          choices={networks.map((network) => ({
            label: network.label,
            says: [`${network.signal} dBm`, network.security, ...network.unusable].join("  "),
            disabled: network.unusable.length > 0,
          }))}
          onChoose={(index) => {
            const network = networks[index];
            if (network?.security === "open") join(network, null);
            else if (network !== undefined) setChosen(network);
          }}
        />
      )}
    </Column>
  );
}
