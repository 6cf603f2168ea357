// The screens of an installed host: takes what is known and where the person is, draws that page, hands wishes on.
import { useInput } from "ink";
import { type ReactNode, useMemo } from "react";
import { KeyRouter, useKeys } from "../../tui/keys/KeyRouter.tsx";
import { AppShell, type Room } from "../../tui/shell/AppShell.tsx";
import { SurfaceProvider } from "../../tui/shell/SurfaceContext.tsx";
import { clean } from "../../tui/text/clean.ts";
import type { Surface } from "../../tui/theme/surface.ts";
import type { OnHostIntent } from "../host-state/intent.ts";
import { type HostState, isUnlocked, pageOf } from "../host-state/model.ts";
import { type Translate, TranslateContext, translator } from "../text/translate.ts";
import { ConfirmPage } from "./ConfirmPage.tsx";
import { ControllerPage } from "./ControllerPage.tsx";
import { controllerKey } from "./controller-keys.ts";
import { titleAside } from "./head-rows.ts";
import { type Look, lookOf, seconds } from "./look.ts";
import { MenuPage } from "./MenuPage.tsx";
import { helpOf, hintsOf, titleOf } from "./page-words.ts";
import { panelTitle, troubledPanels } from "./panels.ts";
import { ReadPage } from "./ReadPage.tsx";
import { SignaturePage } from "./SignaturePage.tsx";
import { isCompact, panelsOf, StatusPage } from "./StatusPage.tsx";
import { UnlockPage } from "./UnlockPage.tsx";

export interface HostAppProps {
  state: HostState;
  surface: Surface;
  /** Shown across the top; for what is not real. */
  banner: string | null;
  /** Whether keys are heard: not where a frame is drawn once. */
  keyboard: boolean;
  onIntent: OnHostIntent;
  /** Any key: somebody is there. */
  onKey?: () => void;
}

export function HostApp({ state, surface, banner, keyboard, onIntent, onKey }: HostAppProps): ReactNode {
  const { letters } = surface;
  const t = useMemo((): Translate => {
    const plain = translator(state.language);
    return (key, values) =>
      plain(key, values)
        .split("\n")
        .map((part) => clean(part, letters))
        .join("\n");
  }, [state.language, letters]);
  const look = lookOf(state, surface, t);
  const across = [banner, lostInWords(look)].filter((text) => text !== null).join(" · ");
  const { toast } = state;
  const compact = isCompact({ width: surface.columns, height: surface.rows - 3 });
  return (
    <SurfaceProvider surface={surface}>
      <TranslateContext.Provider value={t}>
        <KeyRouter active={keyboard}>
          {keyboard && onKey !== undefined ? <Ear onKey={onKey} /> : null}
          <Keys state={state} onIntent={onIntent} />
          <AppShell
            title={titleOf(state, look, compact ? compactTitle(state, look) : null)}
            aside={titleAside(look)}
            {...(across === "" ? {} : { banner: across })}
            hints={hintsOf(state, t, compact)}
            help={helpOf(state, t)}
            toast={toast === null ? null : { text: t(toast.key, toast.values), tone: toast.tone }}
            words={{ help: t("key.help"), close: t("key.close"), keys: t("help.keys") }}
          >
            {(room) => <Body room={room} state={state} look={look} onIntent={onIntent} />}
          </AppShell>
        </KeyRouter>
      </TranslateContext.Provider>
    </SurfaceProvider>
  );
}

function compactTitle(state: HostState, look: Look): string {
  const panels = panelsOf({ width: 0, height: 0 });
  const panel = panels.includes(state.panel) ? state.panel : "controllers";
  // What is on no page that is seen must not go unseen.
  const others = troubledPanels(look).filter((each) => each !== panel);
  const trouble =
    others.length === 0 ? "" : ` ${look.surface.glyphs.bad} ${others.map((each) => panelTitle(each, look)).join(", ")}`;
  return `${panels.indexOf(panel) + 1}/${panels.length} ${panelTitle(panel, look)}${trouble}`;
}

interface BodyProps {
  room: Room;
  state: HostState;
  look: Look;
  onIntent: OnHostIntent;
}

function Body({ room, state, look, onIntent }: BodyProps): ReactNode {
  const page = pageOf(state);
  const common = { room, state, look, onIntent };
  switch (page.name) {
    case "status":
      return <StatusPage {...common} />;
    case "controller":
      return <ControllerPage key={page.controller} {...common} name={page.controller} />;
    case "menu":
      return <MenuPage {...common} />;
    case "read":
      return <ReadPage key={page.what} {...common} what={page.what} />;
    case "confirm":
      return <ConfirmPage {...common} command={page.command} type={page.type} />;
    case "signature":
      return <SignaturePage {...common} command={page.command} line={page.line} />;
    case "unlock":
      return <UnlockPage {...common} code={page.code} />;
    default:
      return page satisfies never;
  }
}

/** Why what is shown is old, or that nothing could be heard yet; null while the daemon answers. */
function lostInWords({ lost, view, t, say, ...look }: Look): string | null {
  if (lost === null || (view.state === "connecting" && view.why === null && view.boot === null)) return null;
  const age = seconds(lost, { lost, view, t, say, ...look });
  if (view.boot !== null) return t("host.lost", { age });
  return t("host.no-daemon", { why: say(view.why ?? "") });
}

function Ear({ onKey }: { onKey: () => void }): ReactNode {
  useInput(onKey);
  return null;
}

/** What works on every page. */
function Keys({ state, onIntent }: { state: HostState; onIntent: OnHostIntent }): ReactNode {
  useKeys("shell", (key) => {
    const page = pageOf(state).name;
    if (key.name === "ctrl" && key.text === "l") onIntent({ want: "redraw" });
    else if (key.name === "ctrl" && key.text === "c" && state.place === "remote") onIntent({ want: "leave" });
    else if (key.name === "escape" && page !== "status") onIntent({ want: "back" });
    else if (key.name !== "text") return false;
    else if (key.text === "m" && page !== "menu") onIntent({ want: "open", page: { name: "menu" } });
    else if (key.text === "l") onIntent(isUnlocked(state) ? { want: "lock" } : { want: "unlock" });
    else if (key.text === "v") onIntent({ want: "addresses" });
    else if (key.text === "q" && page === "status" && state.place === "remote") onIntent({ want: "leave" });
    else return false;
    return true;
  });
  const page = pageOf(state);
  const controller =
    page.name === "controller"
      ? state.view.parts.controllers?.value?.find(({ name }) => name === page.controller)
      : undefined;
  useKeys(
    "screen",
    (key) => key.name === "text" && controllerKey(key.text, controller, onIntent),
    controller !== undefined,
  );
  return null;
}
