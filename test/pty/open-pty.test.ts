// Programs on a real terminal of their own: their size, keys, end, and what they may know.
import { describe, expect, test } from "vitest";
import { openPty, type Pty, type PtyExit, paneEnvironment } from "../../tui/pty/open-pty.ts";
import { bundle } from "./bundle.ts";

const ENV = paneEnvironment(process.env);

function output(pty: Pty): { until: (text: string) => Promise<string>; exit: Promise<PtyExit>; all: () => string } {
  let all = "";
  let looks: (() => void)[] = [];
  pty.onData((data) => {
    all += data;
    for (const look of looks) look();
  });
  const exit = new Promise<PtyExit>((resolve) => pty.onExit(resolve));
  const until = (text: string) =>
    new Promise<string>((resolve) => {
      const look = () => {
        if (!all.includes(text)) return;
        looks = looks.filter((each) => each !== look);
        resolve(all);
      };
      looks.push(look);
      look();
    });
  return { until, exit, all: () => all };
}

const shell = (script: string, more: { env?: Record<string, string>; columns?: number; rows?: number } = {}) =>
  openPty({ file: "/bin/sh", args: ["-c", script], env: ENV, term: "vt220", columns: 80, rows: 24, ...more });

describe("a pty", () => {
  test("has its size and its TERM, and tells the exit status behind the last output", async () => {
    const heard = output(await shell("stty size; echo $TERM; printf last; exit 3", { columns: 71, rows: 19 }));
    expect(await heard.exit).toEqual({ code: 3, signal: null });
    expect(heard.all()).toBe("19 71\r\nvt220\r\nlast");
  });

  test("passes a resize on", async () => {
    const pty = await shell("trap 'stty size; exit' WINCH; echo ready; while :; do read line; done", {
      columns: 80,
      rows: 24,
    });
    const heard = output(pty);
    await heard.until("ready");
    pty.resize(100, 30);
    expect(await heard.until("30 100")).toContain("30 100");
    await heard.exit;
  });

  test("a signal is told", async () => {
    const heard = output(await shell("kill -KILL $$"));
    expect(await heard.exit).toEqual({ code: 0, signal: 9 });
  });

  test("a program that does not exist is an exit status, not a crash", async () => {
    const pty = await openPty({ file: "/no/such/program", args: [], env: ENV, term: "linux", columns: 80, rows: 24 });
    expect((await output(pty).exit).code).not.toBe(0);
  });

  test("knows nothing of our environment but what a program needs", async () => {
    const env = paneEnvironment({ ...process.env, SECRET_TOKEN: "planted-secret", LANG: "pl_PL.UTF-8" });
    const heard = output(await shell("env; cat /proc/$$/environ", { env }));
    await heard.exit;
    expect(heard.all()).toContain("LANG=pl_PL.UTF-8");
    expect(heard.all()).not.toContain("planted-secret");
    expect(heard.all()).not.toMatch(/FORCE_COLOR|VITEST|npm_/);
  });

  test("closing hangs up; what comes after the end is not an error", async () => {
    const pty = await shell("trap 'exit 7' HUP; echo ready; while :; do read line; done");
    const heard = output(pty);
    await heard.until("ready");
    pty.close();
    await heard.exit;
    pty.write("x");
    pty.resize(10, 10);
    pty.pause();
    pty.resume();
    pty.close();
  });
});

test("from a bundle, both packages are found when the pane is opened", async () => {
  const program = await bundle(new URL("./fixture-pane.ts", import.meta.url).pathname);
  const pty = await openPty({
    file: process.execPath,
    args: [program.file],
    env: ENV,
    term: "xterm",
    columns: 80,
    rows: 24,
  });
  const heard = output(pty);
  expect(await heard.exit).toEqual({ code: 0, signal: null });
  expect(heard.all()).toContain("3 20 ");
  expect(heard.all()).toContain("from a bundle ");
  program.remove();
});
