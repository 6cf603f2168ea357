// Which release of the system runs, which one starts next, and which one is known to be good.
import { EMPTY, type Line, paragraph } from "../../tui/line.ts";
import { type Fact, factRows } from "./facts.ts";
import { releaseInWords } from "./head-rows.ts";
import { known, type Look, whenInWords } from "./look.ts";
import { noteRows } from "./panels.ts";

export function generationRows(look: Look, width: number): Line[] {
  const { t, say, surface } = look;
  const part = known("host", look);
  const host = part.value;
  if (host === null) return [EMPTY, ...noteRows(part, look, width)];
  const { root } = host;
  if (root.generation === "one") return [EMPTY, ...paragraph(t("host.generations.one"), width, surface, undefined, 1)];
  const running = releaseInWords(host, look);
  const dated = (release: string | null) => {
    if (release === null) return t("host.generations.none");
    const made = madeAt(release);
    return made === null
      ? say(release)
      : t("host.generations.made", { release: say(release), when: whenInWords(made, look) });
  };
  const facts: Fact[] = [
    { label: t("host.generations.runs"), text: running.text, tone: running.tone },
    { label: t("host.generations.current"), text: dated(root.current) },
    { label: t("host.generations.safe"), text: dated(root.safe) },
    {
      label: t("host.generations.trial"),
      text: root.trial === null ? t("host.no") : t("host.on-trial", { count: root.trial.tries }),
      tone: root.trial === null ? undefined : "warning",
    },
    {
      label: t("host.generations.fell-back"),
      text:
        root.fellBack === null
          ? t("host.no")
          : t("host.fell-back", { release: say(root.fellBack.from), why: say(root.fellBack.why) }),
      tone: root.fellBack === null ? undefined : "bad",
    },
  ];
  return [
    EMPTY,
    ...factRows(facts, width, look),
    EMPTY,
    ...paragraph(t("host.generations.says"), width, surface, undefined, 1),
  ];
}

/** A release is named by the time it was made, seconds since 1970 in hex (docs/formats/dataset-tree.md). */
export function madeAt(release: string): number | null {
  return /^[0-9a-f]{8}$/.test(release) ? Number.parseInt(release, 16) * 1000 : null;
}
