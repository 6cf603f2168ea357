// A pane with a real program in it, drawn on a terminal by Ink and typed into.
import { type ReactNode, useState } from "react";
import { describe, expect, test } from "vitest";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { line } from "../../tui/line.ts";
import { Rows } from "../../tui/parts/Rows.tsx";
import { openPty, type PtyRequest, paneEnvironment } from "../../tui/pty/open-pty.ts";
import { PtyPane } from "../../tui/pty/PtyPane.tsx";
import { ptyBytes } from "../../tui/pty/pty-keys.ts";
import { openPtyScreen, termFor } from "../../tui/pty/pty-screen.ts";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { columnsOf } from "../../tui/text/width.ts";
import { makeSurface } from "../../tui/theme/surface.ts";
import { HOSTILE } from "../screens/hostile.ts";
import { type RenderedApp, renderApp } from "../screens/terminal.tsx";

const WORDS = {
  starting: "starting",
  running: "Ctrl-] leaves",
  exited: ({ code, signal }: { code: number; signal: number | null }) => `exited ${code} ${signal ?? "-"}`,
  failed: (message: string) => `failed: ${message}`,
};

function Pane({
  script,
  open = openPty,
  onLeave = () => {},
}: {
  script: string;
  open?: typeof openPty;
  onLeave?: () => void;
}): ReactNode {
  const { columns, rows } = useSurface();
  const [left, setLeft] = useState(false);
  const leave = () => {
    setLeft(true);
    onLeave();
  };
  useKeys("shell", () => true);
  if (left) return <Rows rows={[line("left")]} width={columns} height={rows} />;
  const program = { file: "/bin/sh", args: ["-c", script], env: paneEnvironment(process.env) };
  return <PtyPane program={program} width={columns} height={rows} words={WORDS} onLeave={leave} open={open} />;
}

/** The program works at its own pace: looked at again after each thing that the pty brings, until the text is there. */
async function until(app: RenderedApp, text: string): Promise<void> {
  while (!app.text().includes(text)) {
    await new Promise((resolve) => setImmediate(resolve));
    await app.settle();
  }
}

describe("a pane", () => {
  test("shows what the program draws, in the size that it has, and how it ended", async () => {
    const app = await renderApp(
      <Pane
        script={"stty size; echo $TERM; printf '\\033[5;10Hhere \\033[31mred\\033[0m \\033[7minverse\\033[0m'; exit 3"}
      />,
      { columns: 60, rows: 12 },
    );
    await until(app, "exited 3 -");
    expect(app.frame()[0]?.trimEnd()).toBe("11 60");
    expect(app.frame()[1]?.trimEnd()).toBe("xterm");
    expect(app.frame()[4]?.trimEnd()).toBe("         here red inverse");
    expect(app.selectedText()).toEqual(["inverse"]);
    expect(app.faults()).toEqual([]);
    await app.press("enter");
    expect(app.text()).toContain("left");
    await app.unmount();
  });

  test("keys go to the program, each as its bytes, also ? and Escape; Ctrl-] leaves and the program is hung up", async () => {
    const left: string[] = [];
    const app = await renderApp(
      <Pane script="stty -echo raw; echo ready; exec cat -v" onLeave={() => left.push("left")} />,
      { columns: 60, rows: 12 },
    );
    await until(app, "ready");
    await app.press("up", "home", "ctrl-c", "ctrl-d", "tab", "back-tab", "enter", "backspace", "escape", "delete");
    await app.type("?qä");
    await until(app, "?qM-CM-$");
    expect(app.text()).toContain("^[[A^[[H^C^D");
    expect(app.text()).toContain("^[[Z^M^?^[^[[3~?q");
    await app.press("ctrl-]");
    expect(left).toEqual(["left"]);
    expect(app.text()).toContain("left");
    await app.unmount();
  });

  test("a resize reaches the program and the frame", async () => {
    const app = await renderApp(<Pane script="trap 'stty size' WINCH; echo ready; while :; do read line; done" />, {
      columns: 60,
      rows: 12,
    });
    await until(app, "ready");
    await app.resize(100, 30);
    await until(app, "29 100");
    expect(app.faults()).toEqual([]);
    expect(app.frame().at(-1)).toContain("Ctrl-] leaves");
    await app.unmount();
  });

  test("a flood of output is shown to its end, and keys are heard meanwhile", async () => {
    const app = await renderApp(<Pane script="seq 1 40000; echo the end" />, { columns: 60, rows: 12 });
    await until(app, "the end");
    await until(app, "exited 0 -");
    expect(app.text()).toContain("40000\nthe end");
    await app.unmount();
    const endless = await renderApp(<Pane script="exec yes" />, { columns: 60, rows: 12 });
    await until(endless, "y\ny\ny");
    await endless.press("ctrl-]");
    expect(endless.text()).toContain("left");
    await endless.unmount();
  });

  test("escape codes of the program do not reach the real terminal", async () => {
    const script =
      "printf '\\033]0;title\\007\\033[?1000h\\033[?2004h\\033c\\033[6n\\0337\\033#8'; printf '\\033[2J\\033[Hdone'";
    const app = await renderApp(<Pane script={script} />, { columns: 60, rows: 12 });
    await until(app, "exited 0 -");
    expect(app.frame()[0]).toMatch(/^done/);
    expect(app.written()).not.toMatch(/\u001b\]0;|\u001b\[\?1000h|\u001bc|title/);
    await app.unmount();
  });

  test("where no pty can be had, that is said", async () => {
    const open = (_request: PtyRequest) => Promise.reject(new Error("node-pty was not built"));
    const app = await renderApp(<Pane script="" open={open} />, { columns: 60, rows: 12 });
    await until(app, "failed: node-pty was not built");
    await app.press("escape");
    expect(app.text()).toContain("left");
    await app.unmount();
  });
});

describe("a program's screen", () => {
  test.each(["unicode", "latin", "ascii"] as const)(
    "every row keeps its width whatever is written, %s",
    async (letters) => {
      const surface = makeSurface({ columns: 30, rows: 8, letters });
      const screen = await openPtyScreen(30, 8, () => {});
      for (const text of HOSTILE) {
        await new Promise<void>((done) => screen.write(`${text}\r\n`, done));
        for (const row of screen.lines(surface, true)) {
          const shown = row.map((piece) => piece.text).join("");
          expect(shown).not.toMatch(/[\p{C}\p{M}]/u);
          expect(columnsOf(shown)).toBe(30);
        }
      }
      screen.dispose();
    },
  );

  test("asks of programs are answered, the cursor can be hidden, and arrows can be an application's", async () => {
    const replies: string[] = [];
    const surface = makeSurface({ columns: 20, rows: 4 });
    const screen = await openPtyScreen(20, 4, (data) => replies.push(data));
    const write = (text: string) => new Promise<void>((done) => screen.write(text, done));
    const cursor = () =>
      screen.lines(surface, true).flatMap((row) => row.filter(({ tone }) => tone === "cursor")).length;
    await write("ab\u001b[6n\u001b[?1h");
    expect(replies).toEqual(["\u001b[1;3R"]);
    expect(screen.applicationKeys()).toBe(true);
    expect(ptyBytes({ name: "up", text: "" }, true)).toBe("\u001bOA");
    expect(cursor()).toBe(1);
    await write("\u001b[?25l");
    expect(cursor()).toBe(0);
    await write("\u001b[?1l\u001b[?25h");
    expect(cursor()).toBe(1);
    expect(screen.applicationKeys()).toBe(false);
    screen.dispose();
  });

  test("its name is one that every Debian knows", () => {
    expect([termFor(0), termFor(8), termFor(256)]).toEqual(["xterm-mono", "xterm", "xterm-256color"]);
  });
});
