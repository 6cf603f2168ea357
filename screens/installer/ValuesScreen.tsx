// Values that the spec wants to be asked for, wherever they stand in it.
import type { ReactNode } from "react";
import { EMPTY } from "../../tui/line.ts";
import { Form } from "../../tui/parts/Form.tsx";
import { Column } from "../parts/Column.tsx";
import { BACK, ENTER, type Screen, type ScreenProps } from "../screen.ts";
import { useText } from "../text/translate.ts";
import { questionsOn } from "../wizard/steps.ts";

function ValuesScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const { subject } = wizard;
  const questions =
    subject === null
      ? questionsOn(wizard, "values").map(({ path, ask, why }) => ({ path, note: `${ask} ${why}`, initial: "" }))
      : [{ path: subject.path, note: subject.says, initial: subject.value === "-" ? "" : subject.value }];
  return (
    <Column room={room} above={room.height > 10 ? [EMPTY] : []}>
      {(rest) => (
        <Form
          room={rest}
          fields={questions.map(({ path, note, initial }) => ({
            ...{ name: path, label: path, kind: "text" as const, note, initial },
            check: (value) => (value === "" ? t("values.empty") : null),
          }))}
          onSend={(values) =>
            onIntent({
              want: "answer",
              answers: questions.map(({ path }) => ({
                path: parsePath(path),
                value: parseValue(path, values[path] ?? ""),
              })),
            })
          }
        />
      )}
    </Column>
  );
}

/** "users[0].name" as the path that YAML is written by. */
function parsePath(path: string): (string | number)[] {
  return path.split(/[.[\]]+/).flatMap((part) => (part === "" ? [] : [/^[0-9]+$/.test(part) ? Number(part) : part]));
}

/** YAML's plain words: what looks like a number or a truth is one. */
function parseValue(path: string, text: string): string | number | boolean | string[] {
  if (path === "boot.consoles") return text.split(/\s+/).filter((word) => word !== "");
  if (/^-?[0-9]{1,15}$/.test(text)) return Number(text);
  return text === "true" ? true : text === "false" ? false : text;
}

export const values: Screen = {
  title: ({ subject }, t) => t(subject === null ? "values.title" : "values.change"),
  hints: (_, t) => [ENTER(t), { key: "Tab", does: t("key.next-field") }, BACK(t)],
  help: (t) => [t("values.help")],
  Component: ValuesScreen,
};
