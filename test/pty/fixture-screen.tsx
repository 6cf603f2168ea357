// The screen of the small program: a list in the shell, a field, and q to leave.
import { render, useApp } from "ink";
import { type ReactNode, useState } from "react";
import { KeyRouter, useKeys } from "../../tui/keys/KeyRouter.tsx";
import { line } from "../../tui/line.ts";
import { listRows } from "../../tui/parts/list-rows.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { clampScroll, moveScroll, START } from "../../tui/parts/scroll.ts";
import { AppShell, type Room } from "../../tui/shell/AppShell.tsx";
import { SurfaceProvider, useSurface } from "../../tui/shell/SurfaceContext.tsx";
import type { TerminalDescription } from "../../tui/terminal/describe-terminal.ts";
import { useSurfaceOf } from "../../tui/terminal/use-surface.ts";

const NAMES = Array.from({ length: 50 }, (_, at) => `entry ${at + 1}`);

function List({ room }: { room: Room }): ReactNode {
  const surface = useSurface();
  const { exit } = useApp();
  const [kept, setScroll] = useState(START);
  const scroll = clampScroll(kept, NAMES.length, room.height);
  useKeys("screen", (key) => {
    if (key.text === "q") exit();
    const moved = moveScroll(scroll, key, NAMES.length, room.height);
    if (moved !== null) setScroll(moved);
    return moved !== null;
  });
  const row = (at: number) => line(NAMES[at] ?? "");
  const look = { row, length: NAMES.length, scroll, width: room.width, height: room.height, focused: true };
  return <Rows rows={listRows(look, surface)} width={room.width} height={room.height} />;
}

function App({ terminal }: { terminal: TerminalDescription }): ReactNode {
  const surface = useSurfaceOf(terminal);
  const words = { help: "help", close: "close", keys: "Keys" };
  return (
    <SurfaceProvider surface={surface}>
      <KeyRouter active>
        <AppShell
          title={`Größe ${surface.columns} by ${surface.rows}`}
          hints={[{ key: "q", does: "leave" }]}
          help={["A list."]}
          toast={{ text: "all is well", tone: "good" }}
          words={words}
        >
          {(room) => <List room={room} />}
        </AppShell>
      </KeyRouter>
    </SurfaceProvider>
  );
}

export async function show(terminal: TerminalDescription): Promise<void> {
  const ink = render(<App terminal={terminal} />, {
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    alternateScreen: true,
  });
  await ink.waitUntilExit();
}
