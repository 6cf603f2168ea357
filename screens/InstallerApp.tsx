// The installer as one screen after the other: takes the wizard's state, draws the screen that it is at, hands wishes on.
import { type ReactNode, useMemo, useState } from "react";
import { KeyRouter, useKeys } from "../tui/keys/KeyRouter.tsx";
import { EMPTY, paragraph } from "../tui/line.ts";
import { FormMemory, FormMemoryContext } from "../tui/parts/form-memory.ts";
import { AppShell, type Room } from "../tui/shell/AppShell.tsx";
import type { Hint } from "../tui/shell/hints.ts";
import { SurfaceProvider, useSurface } from "../tui/shell/SurfaceContext.tsx";
import { clean, type Letters } from "../tui/text/clean.ts";
import type { Surface } from "../tui/theme/surface.ts";
import { SCREENS } from "./list.ts";
import { Column } from "./parts/Column.tsx";
import { useOnce } from "./parts/use-once.ts";
import type { TextKey } from "./text/en.ts";
import { type Translate, TranslateContext, translator, useText } from "./text/translate.ts";
import type { OnIntent } from "./wizard/intent.ts";
import type { Toast, Wizard } from "./wizard/model.ts";
import { STEPS, shownSteps } from "./wizard/steps.ts";

export interface InstallerAppProps {
  wizard: Wizard;
  surface: Surface;
  banner: string | null;
  /** Whether keys are heard: not where a frame is drawn once. */
  keyboard: boolean;
  onIntent: OnIntent;
}

export function InstallerApp({ wizard, surface, banner, keyboard, onIntent: send }: InstallerAppProps): ReactNode {
  const { letters } = surface;
  const t = useMemo(() => translatorFor(wizard.language, letters), [wizard.language, letters]);
  const onIntent = useOnce(wizard, send);
  const [memory] = useState(() => new FormMemory());
  const screen = SCREENS[wizard.screen];
  const toast = toastOf(wizard, t);
  return (
    <SurfaceProvider surface={surface}>
      <TranslateContext.Provider value={t}>
        <KeyRouter active={keyboard}>
          <Keys wizard={wizard} onIntent={onIntent} />
          <AppShell
            title={titleOf(wizard, surface.columns, t)}
            aside={screen.aside?.(wizard, t) ?? hostOf(wizard, t)}
            {...(banner === null ? {} : { banner })}
            hints={hintsOf(wizard, t)}
            help={screen.help(t)}
            toast={toast}
            words={{ help: t("key.help"), close: t("key.close"), keys: t("help.keys") }}
          >
            {(room) => (
              <FormMemoryContext.Provider value={memory}>
                <Body room={room} wizard={wizard} onIntent={onIntent} />
              </FormMemoryContext.Provider>
            )}
          </AppShell>
        </KeyRouter>
      </TranslateContext.Provider>
    </SurfaceProvider>
  );
}

/** The texts in letters that the terminal has, so that no screen need think of it. */
function translatorFor(language: Wizard["language"], letters: Letters): Translate {
  const t = translator(language);
  return (key, values) =>
    t(key, values)
      .split("\n")
      .map((part) => clean(part, letters))
      .join("\n");
}

/** The screen itself, and below it what stopped the last thing that was tried. */
function Body({ room, wizard, onIntent }: { room: Room; wizard: Wizard; onIntent: OnIntent }): ReactNode {
  const surface = useSurface();
  const { Component } = SCREENS[wizard.screen];
  const { problem } = wizard;
  const t = useText();
  const width = room.width - 2;
  const below =
    problem === null || wizard.screen === "review"
      ? []
      : [
          EMPTY,
          ...paragraph(problem.message, width, surface, "bad", 1),
          ...problem.evidence.slice(0, 6).flatMap((text) => paragraph(text, width, surface, undefined, 3)),
          ...(problem.hint === undefined
            ? []
            : paragraph(t("problem.try", { hint: problem.hint }), width, surface, undefined, 1)),
        ];
  return (
    <Column room={room} below={below} least={Math.min(6, Math.ceil(room.height / 2))}>
      {(rest) => (
        <Component key={`${wizard.screen}${wizard.changing}`} room={rest} wizard={wizard} onIntent={onIntent} />
      )}
    </Column>
  );
}

function Keys({ wizard, onIntent }: { wizard: Wizard; onIntent: OnIntent }): ReactNode {
  // What is typed while something is worked out would land on a screen that nobody has seen yet.
  useKeys("modal", () => true, wizard.busy !== null);
  useKeys("shell", (key) => {
    if (key.name === "ctrl" && key.text === "c" && wizard.run === null) onIntent({ want: "shell" });
    else if (key.name === "escape" && wizard.back.length > 0) onIntent({ want: "back" });
    else return false;
    return true;
  });
  return null;
}

function hintsOf(wizard: Wizard, t: ReturnType<typeof translator>): Hint[] {
  const own = SCREENS[wizard.screen].hints(wizard, t);
  return wizard.run === null ? [...own, { key: "Ctrl-C", does: t("key.leave") }] : own;
}

/** On less columns every word of the title counts. */
const NARROW = 60;

function titleOf(wizard: Wizard, columns: number, t: ReturnType<typeof translator>): string {
  const title = SCREENS[wizard.screen].title(wizard, t);
  if (!STEPS.some(({ screen }) => screen === wizard.screen)) return title;
  const shown = shownSteps(wizard);
  const at = t("app.step", { at: shown.indexOf(wizard.screen) + 1, of: shown.length });
  return columns < NARROW ? `${at} · ${title}` : `${t("app.installer")} · ${at} · ${title}`;
}

function hostOf({ judged }: Wizard, t: ReturnType<typeof translator>): string {
  const host = judged?.loaded?.spec.host?.name;
  return host === undefined ? "" : t("app.new-host", { host });
}

const BUSY: Readonly<Record<string, TextKey>> = {
  machine: "busy.machine",
  keyboard: "busy.keyboard",
  answer: "busy.answer",
  address: "busy.address",
};

function toastOf({ busy, toast, screen }: Wizard, t: ReturnType<typeof translator>): Toast | null {
  // The screen itself says so.
  if (busy !== null && screen === "looking") return null;
  if (busy !== null) return { text: t(BUSY[busy] ?? "busy.answer"), tone: "warning" };
  if (toast?.text === "no-other-source") return { ...toast, text: t("failed.no-source") };
  if (toast?.tone === "good") return { ...toast, text: t("review.saved", { file: toast.text }) };
  return toast;
}
