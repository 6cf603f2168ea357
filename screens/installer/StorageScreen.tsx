// Encryption of the disk, and the passphrases that go with it; what is not built says so.
import { type ReactNode, useState } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, paragraph } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import type { FormField } from "../../tui/parts/form-state.ts";
import { useHints } from "../../tui/shell/KeysHere.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { ChoiceList } from "../parts/ChoiceList.tsx";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { type Translate, useText } from "../text/translate.ts";
import type { Wizard } from "../wizard/model.ts";
import { questionsOn } from "../wizard/steps.ts";

function StorageScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const decided = !wizard.changing && encryptionQuestion(wizard) === undefined;
  const [typing, setTyping] = useState(decided);
  useKeys(
    "screen",
    (key) => {
      if (key.name !== "escape" || decided) return false;
      setTyping(false);
      return true;
    },
    typing,
  );
  useHints([ENTER(t), { key: "Tab", does: t("key.next-field") }, BACK(t)], typing);
  const path = (encryptionQuestion(wizard) ?? "root.encryption").split(".");
  const roomy = room.height > 10;
  if (typing) {
    return (
      <Column room={room} above={roomy ? [EMPTY] : []}>
        {(rest) => (
          <Form
            room={rest}
            fields={passphraseFields(t, hasOwnRecoveryKey(wizard))}
            onSend={({ first = "", recovery = null }) =>
              onIntent({
                want: "answer",
                answers: decided ? [] : [{ path, value: "passphrase" }],
                secrets: { passphrase: first, recovery },
              })
            }
          />
        )}
      </Column>
    );
  }
  const choices = [
    { label: t("storage.passphrase"), says: t("storage.passphrase.says") },
    { label: t("storage.none"), says: t("storage.none.says") },
    { label: t("storage.cik"), says: t("storage.cik.says"), disabled: true },
    { label: t("storage.tpm2"), says: t("storage.tpm2.says"), disabled: true },
  ];
  const below: Line[] = paragraph(t("storage.filesystem"), room.width - 2, surface, "quiet", 1);
  return (
    <Column
      room={room}
      above={roomy ? [EMPTY] : []}
      below={below}
      least={choices.length}
      wanted={choices.length + ROWS_SAID}
    >
      {(rest) => (
        <ChoiceList
          room={rest}
          choices={choices}
          initial={wizard.judged?.spec?.root.encryption === "none" ? 1 : 0}
          onChoose={(index) => {
            if (index === 0) setTyping(true);
            else
              onIntent({
                want: "answer",
                answers: [{ path, value: "none" }],
                secrets: { passphrase: null, recovery: null },
              });
          }}
        />
      )}
    </Column>
  );
}

/** For what an entry says in full, below the list. */
const ROWS_SAID = 4;

function encryptionQuestion(wizard: Wizard): string | undefined {
  return questionsOn(wizard, "storage").find(({ path }) => path.startsWith("root.encryption"))?.path;
}

/** Of ZFS only: elsewhere the recovery root is opened with the rest, or there is none. */
function hasOwnRecoveryKey({ judged }: Wizard): boolean {
  return (judged?.loaded?.spec.root?.filesystem ?? "zfs") === "zfs";
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

function passphraseFields(t: Translate, recoveryKey: boolean): FormField[] {
  // OpenZFS takes 8 to 512 bytes (zfsprops(7), keyformat=passphrase).
  const check = (value: string) =>
    bytes(value) < 8 ? t("storage.short") : bytes(value) > 512 ? t("storage.long") : null;
  const fields: FormField[] = [
    { name: "first", label: t("storage.first"), kind: "secret", note: t("storage.note"), check },
    {
      name: "again",
      label: t("storage.again"),
      kind: "secret",
      note: t("storage.note"),
      check: (value, { first }) => (value === first ? null : t("storage.differ")),
    },
    {
      name: "recovery",
      label: t("storage.recovery"),
      kind: "secret",
      note: t("storage.note.recovery"),
      check: (value, { first }) => check(value) ?? (value === first ? t("storage.same") : null),
    },
    {
      name: "recoveryAgain",
      label: t("storage.recovery-again"),
      kind: "secret",
      note: t("storage.note.recovery"),
      check: (value, { recovery }) => (value === recovery ? null : t("storage.differ")),
    },
  ];
  return recoveryKey ? fields : fields.slice(0, 2);
}

export const storage: Screen = {
  title: (wizard, t) =>
    t(encryptionQuestion(wizard) === undefined && !wizard.changing ? "storage.title.passphrase" : "storage.title"),
  hints: (_, t) => [MOVE(t), ENTER(t), BACK(t)],
  help: (t) => [t("storage.help")],
  Component: StorageScreen,
};
