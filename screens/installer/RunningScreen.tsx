// The install while it runs: overall and in the step, with real bytes; the log is one key away.
import { Box } from "ink";
import { type ReactNode, useState } from "react";
import { sizeInWords } from "../../core/size-in-words.ts";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, paragraph, span } from "../../tui/line.ts";
import { LogTail } from "../../tui/parts/LogTail.tsx";
import { progressBar } from "../../tui/parts/progress.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { rowsInView } from "../../tui/parts/rows-in-view.ts";
import type { Room } from "../../tui/shell/AppShell.tsx";
import type { Hint } from "../../tui/shell/hints.ts";
import { useHints } from "../../tui/shell/KeysHere.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { clean } from "../../tui/text/clean.ts";
import { columnsOf, cut, padTo } from "../../tui/text/width.ts";
import { Column } from "../parts/Column.tsx";
import { timeInWords } from "../parts/time-in-words.ts";
import { MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { type Translate, useText } from "../text/translate.ts";
import type { RunView } from "../wizard/model.ts";

function RunningScreen({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const [sure, setSure] = useState(false);
  const { run } = wizard;
  useHints(
    [
      { key: "y", does: t("running.key.stop") },
      { key: "Esc", does: t("key.enter") },
    ],
    sure,
  );
  useKeys("screen", (key) => {
    if (sure) {
      setSure(false);
      if (key.text === "y") onIntent({ want: "stop" });
      return true;
    }
    if (key.text === "l") onIntent({ want: "toggle-log" });
    else if (key.text === "s" && run !== null && !run.watching && !run.stopping) setSure(true);
    else return false;
    return true;
  });
  if (run === null) return <Rows rows={[]} {...room} />;
  const width = room.width - 2;
  const roomy = room.height > 12;
  const foot: Line[] = sure
    ? paragraph(t("running.stop.sure"), width, surface, "warning", 1)
    : paragraph(
        t(run.stopping ? "running.stopping" : run.durable === false ? "running.volatile" : "running.durable"),
        ...([width, surface, run.durable === false ? "warning" : "quiet", 1] as const),
      );
  const head = overall(run, { width, roomy }, surface, t);
  const warnings = run.warnings
    .slice(roomy ? -3 : -1)
    .flatMap((text) => paragraph(`${surface.glyphs.warning} ${text}`, width, surface, "warning", 1).slice(0, 3));
  const below = [...(roomy ? [EMPTY] : []), ...warnings, ...foot];
  const log = (size: Room) => <Log room={size} run={run} focused={run.showLog && !sure} />;
  return (
    <Column room={room} above={head} below={below} least={1}>
      {(rest) => {
        if (run.showLog) return log(rest);
        const steps = stepRows(run, rest.height, Math.min(width, WIDEST), surface);
        // A large screen has room for both.
        if (rest.height - steps.length - 1 < LEAST_LOG) return <Rows rows={steps} {...rest} />;
        return (
          <Column room={rest} above={[...steps, EMPTY]} least={LEAST_LOG}>
            {log}
          </Column>
        );
      }}
    </Column>
  );
}

function Log({ room, run, focused }: { room: Room; run: RunView; focused: boolean }): ReactNode {
  const t = useText();
  const more = [MOVE(t), { key: "w", does: t("running.key.wrap") }];
  useHints([...hintsOf(run, t), ...more], focused && run.log.lines.length > room.height);
  return (
    <Box paddingLeft={1} width={room.width} height={room.height}>
      <LogTail
        log={run.log}
        width={room.width - 1}
        height={room.height}
        focused={focused}
        below={(count) => t("running.below", { count })}
      />
    </Box>
  );
}

/** Times stand beside their steps, also on a wide screen. */
const WIDEST = 100;
const LEAST_LOG = 6;

/** In less columns the rate gives way. */
const NARROW = 60;

function overall(
  run: RunView,
  { width, roomy }: { width: number; roomy: boolean },
  surface: ReturnType<typeof useSurface>,
  t: Translate,
): Line[] {
  const done = run.steps.filter(({ state }) => state === "done" || state === "skipped").length;
  const total = run.steps.length;
  const { bytes } = run;
  const within = bytes === null || bytes.total === null || bytes.total === 0 ? 0 : bytes.done / bytes.total;
  const part = total === 0 ? null : (done + Math.min(1, within)) / total;
  const time = timeInWords((run.now - run.since) / 1000);
  const at = run.at === null ? t("running.begins") : t("running.step", { at: run.at + 1, of: total });
  const title = run.at === null ? "" : clean(` · ${run.steps[run.at]?.title ?? ""}`, surface.letters);
  const left = cut(` ${at}${title}`, width - columnsOf(time) - 2, surface.glyphs.more);
  const names = [t("running.all"), t("running.this")];
  const label = Math.max(...names.map(columnsOf)) + 2;
  const name = (text: string) => span(` ${padTo(text, label, "")}`);
  const gap = Math.max(2, width - columnsOf(left) - columnsOf(time));
  const step: Line =
    bytes === null
      ? EMPTY
      : [
          name(names[1] ?? ""),
          ...progressBar(
            bytes.total === null ? null : bytes.done / Math.max(1, bytes.total),
            [
              bytes.total === null
                ? sizeInWords(bytes.done)
                : t("running.bytes", { done: sizeInWords(bytes.done), total: sizeInWords(bytes.total) }),
              ...(width < NARROW ? [] : [t("running.rate", { rate: sizeInWords(bytes.rate) })]),
              ...(bytes.left === null ? [] : [t("running.left", { time: timeInWords(bytes.left) })]),
            ].join("  "),
            ...([width - 1 - label, surface] as const),
          ),
        ];
  return [
    ...(roomy ? [EMPTY] : []),
    [span(left, "strong"), span(`${" ".repeat(gap)}${time}`)],
    [
      name(names[0] ?? ""),
      ...progressBar(part, part === null ? "" : `${Math.floor(part * 100)} %`.padStart(5), width - 1 - label, surface),
    ],
    ...(roomy ? [EMPTY] : []),
    step,
    EMPTY,
  ];
}

/** The steps around the one that runs, as many as there is room for. */
function stepRows(run: RunView, height: number, width: number, surface: ReturnType<typeof useSurface>): Line[] {
  const { glyphs, letters } = surface;
  const at = run.at ?? 0;
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), run.steps.length - height));
  const mark = { waiting: " ", running: glyphs.pointer, done: glyphs.good, skipped: glyphs.good };
  const rows = run.steps.map(({ title, state, ms }, index): Line => {
    const time = ms === null ? "" : timeInWords(ms / 1000);
    const text = padTo(clean(title, letters), width - 17, glyphs.more);
    return [
      span(` ${mark[state]} ${String(index + 1).padStart(2)}  `, state === "done" ? "good" : undefined),
      span(text, state === "running" ? "strong" : state === "waiting" ? "quiet" : undefined),
      span(time.padStart(8), "quiet"),
    ];
  });
  return rowsInView(rows, { top, width: width + 1, height }, surface);
}

function hintsOf(run: RunView | null, t: Translate): Hint[] {
  return [
    { key: "l", does: t(run?.showLog === true ? "running.key.steps" : "running.key.log") },
    ...(run?.watching === true || run?.stopping === true ? [] : [{ key: "s", does: t("running.key.stop") }]),
  ];
}

export const running: Screen = {
  title: ({ run }, t) => t(run?.watching === true ? "running.watching" : "running.title", { host: run?.host ?? "" }),
  aside: () => "",
  hints: ({ run }, t) => hintsOf(run, t),
  help: (t) => [t("running.help")],
  Component: RunningScreen,
};
