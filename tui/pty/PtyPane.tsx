// A program on a terminal of its own, as a part of the screen: it gets every key but the one that leaves.
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Layer, useKeys } from "../keys/KeyRouter.tsx";
import { type Line, span } from "../line.ts";
import { Rows } from "../parts/Rows.tsx";
import { useSurface } from "../shell/SurfaceContext.tsx";
import { clean } from "../text/clean.ts";
import { cut } from "../text/width.ts";
import { type OpenPty, openPty, type Pty, type PtyExit, type PtyRequest } from "./open-pty.ts";
import { LEAVE, ptyBytes } from "./pty-keys.ts";
import { openPtyScreen, type PtyScreen, termFor } from "./pty-screen.ts";

export interface PtyWords {
  starting: string;
  /** While it runs: "Ctrl-] leaves". */
  running: string;
  /** When it is over: "exited with 1 · Enter closes". */
  exited: (exit: PtyExit) => string;
  /** When it could not be started. */
  failed: (message: string) => string;
}

export interface PtyPaneProps {
  /** What is started, once; a later change means nothing. */
  program: Pick<PtyRequest, "file" | "args" | "cwd" | "env">;
  width: number;
  /** One row of it says how to leave. */
  height: number;
  focused?: boolean;
  layer?: Layer;
  words: PtyWords;
  onLeave: () => void;
  open?: OpenPty;
}

type Stage = { kind: "starting" | "running" } | { kind: "failed"; message: string } | { kind: "exited"; exit: PtyExit };

/** Output that waits to be interpreted, in characters, before the program is made to wait. */
const FLOOD = 200_000;

export function PtyPane(props: PtyPaneProps): ReactNode {
  const { program, width, height, focused = true, layer = "field", words, onLeave, open = openPty } = props;
  const surface = useSurface();
  const [stage, setStage] = useState<Stage>({ kind: "starting" });
  const [, setDrawn] = useState(0);
  const pty = useRef<Pty | null>(null);
  const screen = useRef<PtyScreen | null>(null);
  const rows = Math.max(1, height - 1);
  const size = useRef({ columns: width, rows });

  useLayoutEffect(() => {
    size.current = { columns: width, rows };
    screen.current?.resize(width, rows);
    pty.current?.resize(width, rows);
  }, [width, rows]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the program is started once, whatever else changes
  useEffect(() => {
    let gone = false;
    const begin = async () => {
      const { columns, rows: lines } = size.current;
      const shown = await openPtyScreen(columns, lines, (data) => pty.current?.write(data));
      if (gone) return shown.dispose();
      screen.current = shown;
      const started = await open({ ...program, ...size.current, term: termFor(surface.colours) });
      if (gone) return started.close();
      pty.current = started;
      // It may have been made larger while the program was started.
      shown.resize(size.current.columns, size.current.rows);
      started.resize(size.current.columns, size.current.rows);
      setStage({ kind: "running" });
      listen(started, shown);
    };
    const listen = (started: Pty, shown: PtyScreen) => {
      let waiting = 0;
      started.onData((data) => {
        if (gone) return;
        waiting += data.length;
        if (waiting > FLOOD) started.pause();
        shown.write(data, () => {
          waiting -= data.length;
          if (waiting <= FLOOD) started.resume();
          if (!gone) setDrawn((count) => count + 1);
        });
      });
      started.onExit((exit) => {
        // Behind the last output.
        shown.write("", () => {
          if (!gone) setStage({ kind: "exited", exit });
        });
      });
    };
    begin().catch((error: unknown) => {
      if (!gone) setStage({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    });
    return () => {
      gone = true;
      pty.current?.close();
      screen.current?.dispose();
    };
  }, []);

  const over = stage.kind === "failed" || stage.kind === "exited";
  useKeys(
    layer,
    (key) => {
      const leaves = key.name === LEAVE.name && key.text === LEAVE.text;
      if (leaves || (over && (key.name === "enter" || key.name === "escape"))) onLeave();
      else pty.current?.write(ptyBytes(key, screen.current?.applicationKeys() ?? false));
      return true;
    },
    focused,
  );
  const shown = screen.current?.lines(surface, focused && stage.kind === "running") ?? [];
  const said = cut(` ${clean(saidOf(stage, words), surface.letters)}`, width, surface.glyphs.more);
  const last: Line = [span(said, over ? "strong" : "quiet")];
  const body = Array.from({ length: rows }, (_, at): Line => shown[at] ?? []);
  return <Rows rows={height < 2 ? body : [...body, last]} width={width} height={height} />;
}

function saidOf(stage: Stage, words: PtyWords): string {
  switch (stage.kind) {
    case "starting":
      return words.starting;
    case "running":
      return words.running;
    case "failed":
      return words.failed(stage.message);
    case "exited":
      return words.exited(stage.exit);
    default:
      return stage satisfies never;
  }
}
