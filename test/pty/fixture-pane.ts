// Opens a program and a screen for it, as a pane does, from within a bundle.
import { openPty, paneEnvironment } from "../../tui/pty/open-pty.ts";
import { openPtyScreen, termFor } from "../../tui/pty/pty-screen.ts";
import { makeSurface } from "../../tui/theme/surface.ts";

const surface = makeSurface({ columns: 20, rows: 3, glyphSet: "ascii" });
const screen = await openPtyScreen(20, 3, () => {});
const pty = await openPty({
  ...{ file: "/bin/sh", args: ["-c", "stty size; printf 'from a bundle'"] },
  ...{ env: paneEnvironment(process.env), term: termFor(8), columns: 20, rows: 3 },
});
pty.onData((data) => screen.write(data, () => {}));
pty.onExit(() => {
  screen.write("", () => {
    for (const row of screen.lines(surface, false)) console.log(row.map(({ text }) => text).join(""));
  });
});
