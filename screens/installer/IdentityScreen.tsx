// The host's name and who may log in: only what the spec leaves open is asked.
import type { ReactNode } from "react";
import { EMPTY } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import type { FormField } from "../../tui/parts/form-state.ts";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, type Screen, type ScreenProps } from "../screen.ts";
import { type Translate, useText } from "../text/translate.ts";
import { questionsOn } from "../wizard/steps.ts";

function IdentityScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const asked = questionsOn(wizard, "identity").map(({ path }) => path);
  const given = wizard.judged?.loaded?.spec;
  // Nothing is open any more: somebody came back to look, and may change everything.
  const again = wizard.changing || asked.length === 0;
  const name = asked.includes("host.name") || again;
  const users = asked.some((path) => path.startsWith("users")) || again;
  const before = (given?.users ?? [])[0]?.name ?? "";
  const admin = given?.control?.admins?.[0]?.key ?? wizard.adminKey ?? "";
  const fields = [
    ...(name ? [hostField(given?.host?.name ?? "", t)] : []),
    ...(users ? [...userFields(before, again && before !== "", t), adminField(admin, t)] : []),
  ];
  return (
    <Column room={room} above={room.height > 10 ? [EMPTY] : []}>
      {(rest) => (
        <Form
          room={rest}
          fields={fields}
          onSend={({ host, user = "", password = "", key = "", admin: commands = "" }) => {
            // Untouched: the account of the spec stays as it is.
            const same = user === before && password === "" && key === "";
            onIntent({
              want: "identity",
              host: host ?? null,
              user: same ? "" : user,
              ...{ password, key: key.trim(), admin: commands.trim() },
            });
          }}
        />
      )}
    </Column>
  );
}

function hostField(initial: string, t: Translate): FormField {
  const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  const pattern = new RegExp(`^${label}(\\.${label})*$`);
  return {
    name: "host",
    label: t("identity.host"),
    kind: "text",
    initial,
    note: t("identity.host.note"),
    check: (value) => (pattern.test(value) ? null : t("identity.host.wrong")),
  };
}

function userFields(initial: string, keep: boolean, t: Translate): FormField[] {
  return [
    {
      ...{ name: "user", label: t("identity.user"), kind: "text" as const, initial, note: t("identity.user.note") },
      check: (value) => (/^[a-z_][a-z0-9_-]{0,31}$/.test(value) ? null : t("identity.user.wrong")),
    },
    { name: "password", label: t("identity.password"), kind: "secret", note: t("identity.password.note") },
    {
      ...{ name: "again", label: t("identity.again"), kind: "secret" as const, note: t("identity.password.note") },
      check: (value, { password }) => (value === password ? null : t("identity.differ")),
    },
    {
      ...{ name: "key", label: t("identity.ssh-key"), kind: "text" as const, note: t("identity.ssh-key.note") },
      check: (value, { password, user }) => {
        if (value.trim() !== "")
          return /^(ssh|ecdsa|sk)-\S+ \S+/.test(value.trim()) ? null : t("identity.ssh-key.wrong");
        return password === "" && !(keep && user === initial) ? t("identity.nobody") : null;
      },
    },
  ];
}

/** Not the key that logs in: what changes the host is signed, and the host obeys this signature. */
function adminField(initial: string, t: Translate): FormField {
  return {
    ...{ name: "admin", label: t("identity.admin"), kind: "text", initial, note: t("identity.admin.note") },
    check: (value) =>
      value.trim() === "" || /^(ssh|ecdsa|sk)-\S+ \S+/.test(value.trim()) ? null : t("identity.ssh-key.wrong"),
  };
}

export const identity: Screen = {
  title: (_, t) => t("identity.title"),
  hints: (_, t) => [ENTER(t), { key: "Tab", does: t("key.next-field") }, BACK(t)],
  help: (t) => [t("identity.help")],
  Component: IdentityScreen,
};
