// Commands: what is in doubt, what reverts by itself, the last ones that the daemon accepted, and those of this screen.
import { EMPTY, type Line, line, paragraph, span, spread } from "../../tui/line.ts";
import type { Tone } from "../../tui/theme/tones.ts";
import { subjectOf } from "../host-state/judge-command.ts";
import type { HostState } from "../host-state/model.ts";
import type { TextKey } from "../text/en.ts";
import { heading } from "./facts.ts";
import { known, type Look, whenInWords } from "./look.ts";
import { operationInWords } from "./page-words.ts";

type End = "sending" | "running" | "done" | "failed" | "in-doubt";

const WORD: Readonly<Record<End, TextKey>> = {
  sending: "host.outcome.sending",
  running: "host.outcome.running",
  done: "host.outcome.done",
  failed: "host.outcome.failed",
  "in-doubt": "host.outcome.in-doubt",
};

const TONE: Readonly<Record<End, Tone | undefined>> = {
  ...{ sending: "warning", running: "warning", done: undefined, failed: "bad", "in-doubt": "bad" },
};

export function commandRows(state: HostState, look: Look, width: number): Line[] {
  const { t, say, surface } = look;
  const control = known("control", look).value;
  const entry = (at: number, what: string, by: string, end: End | null, text: string | null): Line[] => [
    spread(
      [span(`  ${whenInWords(at, look)}  `, "quiet"), span(say(what)), span(by === "" ? "" : `  ${say(by)}`, "quiet")],
      end === null ? [] : [span(t(WORD[end]), TONE[end])],
      width,
      surface.glyphs.more,
    ),
    ...(text === null || text === "" ? [] : paragraph(say(text), width - 2, surface, "quiet", 10).slice(0, 2)),
  ];
  const doubt = control?.inDoubt ?? [];
  const pending = control?.pending ?? [];
  const recent = control?.recent ?? [];
  return [
    ...(doubt.length === 0
      ? []
      : [
          ...heading(t("host.commands.doubt")),
          ...doubt.flatMap(({ at, op, by }) => entry(at, op, by, "in-doubt", null)),
          ...paragraph(t("host.commands.doubt.says"), width - 2, surface, "warning", 2),
        ]),
    ...(pending.length === 0
      ? []
      : [
          ...heading(t("host.commands.pending")),
          ...pending.flatMap(({ op, revertsAt }) => entry(revertsAt, op, "", null, null)),
        ]),
    ...heading(t("host.commands.recent")),
    ...(recent.length === 0 ? [line(`  ${t(control === null ? "host.asking" : "host.commands.none")}`, "quiet")] : []),
    ...recent.flatMap(({ at, op, by, outcome, text }) => entry(at, op, by, outcome, text)),
    ...heading(t("host.commands.mine")),
    ...(state.sent.length === 0 ? [line(`  ${t("host.commands.none")}`, "quiet")] : []),
    ...state.sent.flatMap(({ at, command, outcome, text }) =>
      entry(at, operationInWords(command.op, subjectOf(command), t), "", outcome, text),
    ),
    EMPTY,
  ];
}
