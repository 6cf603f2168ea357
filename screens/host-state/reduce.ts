// All changes of what the screens of a host know: one pure function of what was and what happened.
import type { PartName } from "../../core/status/snapshot.ts";
import type { StatusView } from "../../core/status/view.ts";
import type { Outcome } from "../host/backend.ts";
import { subjectOf } from "./judge-command.ts";
import {
  type Command,
  type HostState,
  isUnlocked,
  type Page,
  type PanelName,
  pageOf,
  type SeatCode,
  type Toast,
} from "./model.ts";

export type Happening =
  | { what: "view"; view: StatusView; monotonic: number; wall: number }
  | { what: "tick"; monotonic: number; wall: number }
  | { what: "open"; page: Page }
  | { what: "back" }
  | { what: "panel"; panel: PanelName }
  | { what: "choose"; controller: string }
  | { what: "scroll"; panel: PanelName; top: number }
  | { what: "sending"; command: Command }
  | { what: "outcome"; outcome: Outcome }
  | { what: "code"; code: SeatCode }
  | { what: "toast"; toast: Toast };

/** How long something is said before it goes away by itself. */
const TOAST_MS = 10_000;

const KEPT = 10;

export function reduce(state: HostState, happening: Happening): HostState {
  switch (happening.what) {
    case "view":
      return heard(state, happening);
    case "tick":
      return ticked({ ...state, monotonic: happening.monotonic, wall: happening.wall });
    case "open":
      return { ...state, pages: [...withoutSame(state.pages, happening.page), happening.page], toast: null };
    case "back":
      return state.pages.length < 2 ? state : { ...state, pages: state.pages.slice(0, -1), toast: null };
    case "panel":
      return { ...state, panel: happening.panel };
    case "choose":
      return { ...state, chosen: happening.controller };
    case "scroll":
      return { ...state, tops: { ...state.tops, [happening.panel]: happening.top } };
    case "sending":
      return sending(state, happening.command);
    case "outcome":
      return outcome(state, happening.outcome);
    case "code":
      return pageOf(state).name === "unlock"
        ? { ...state, pages: [...state.pages.slice(0, -1), { name: "unlock", code: happening.code }] }
        : state;
    case "toast":
      return say(state, happening.toast);
    default:
      return happening satisfies never;
  }
}

function say(state: HostState, toast: Toast): HostState {
  return { ...state, toast, toastAt: state.monotonic };
}

/** The same kind of page twice in a row would have to be left twice. */
function withoutSame(pages: readonly Page[], page: Page): readonly Page[] {
  return pages.at(-1)?.name === page.name && page.name !== "status" ? pages.slice(0, -1) : pages;
}

function heard(before: HostState, { view, monotonic, wall }: Extract<Happening, { what: "view" }>): HostState {
  const was = before.view.state;
  const lostAt = view.state === "connected" ? null : was === "connected" ? monotonic : before.lostAt;
  const state = {
    ...before,
    view: kept(before, view, lostAt),
    monotonic,
    wall,
    lostAt: lostAt ?? (view.state === "connected" ? null : monotonic),
  };
  const seat = view.parts.control?.value?.seat ?? null;
  if (isUnlocked(state) && !isUnlocked({ ...before, wall }) && seat !== null) {
    const open = pageOf(state).name === "unlock" ? { ...state, pages: state.pages.slice(0, -1) } : state;
    // Found unlocked when the screen begins: nothing has happened that would be worth a word.
    if (was === "connecting") return open;
    return say(open, { key: "host.toast.unlocked", values: { by: seat.by }, tone: "good" });
  }
  return ticked(state);
}

/** What was live until the daemon was lost is as old as the silence, not as its last change. */
function kept({ view: before, lostAt: since }: HostState, view: StatusView, lostAt: number | null): StatusView {
  if (view.state !== "lost" || lostAt === null || view.offset === null) return view;
  const now = lostAt + view.offset;
  const parts = Object.entries(view.parts).map(([name, part]) => {
    const was = before.parts[name as PartName];
    if (since !== null) return [name, { ...part, at: was?.at ?? part.at }];
    return [name, was?.live === true && part.at !== null ? { ...part, at: now } : part];
  });
  return { ...view, parts: Object.fromEntries(parts) as StatusView["parts"] };
}

/** What is over by now: a toast, a certificate. */
function ticked(state: HostState): HostState {
  const over = state.toast !== null && state.sending === null && state.monotonic - state.toastAt > TOAST_MS;
  return over ? { ...state, toast: null } : state;
}

function sending(state: HostState, command: Command): HostState {
  const sent = { command, at: state.wall, outcome: "sending", text: null } as const;
  const { name } = pageOf(state);
  const asked = name === "confirm" || name === "signature";
  const values = { op: command.op, name: subjectOf(command) };
  return say(
    {
      ...{ ...state, sending: command, sent: [sent, ...state.sent].slice(0, KEPT) },
      pages: asked ? state.pages.slice(0, -1) : state.pages,
    },
    { key: "host.toast.sending", values, tone: "warning" },
  );
}

const TONES = { done: "good", failed: "bad", "in-doubt": "warning" } as const;

function outcome(state: HostState, { state: end, text }: Outcome): HostState {
  const { sending: command } = state;
  if (command === null) return state;
  const [first, ...rest] = state.sent;
  const sent = first === undefined ? [] : [{ ...first, outcome: end, text }, ...rest];
  const values = { op: command.op, name: subjectOf(command), text: text ?? "" };
  const key = ({ done: "host.toast.done", failed: "host.toast.failed", "in-doubt": "host.toast.in-doubt" } as const)[
    end
  ];
  return say({ ...state, sending: null, sent }, { key, values, tone: TONES[end] });
}
