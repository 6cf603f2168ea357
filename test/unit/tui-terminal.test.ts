// What terminals are taken for, and what they answer when asked for their size.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hearReplies } from "../../tui/terminal/cursor-report.ts";
import { describeTerminal, styleLevel, type TerminalFacts } from "../../tui/terminal/describe-terminal.ts";
import { probeTerminal, sttyArgv } from "../../tui/terminal/probe-size.ts";
import { quietConsole } from "../../tui/terminal/quiet-console.ts";
import { enterScreen, leaveScreen } from "../../tui/terminal/whole-screen.ts";

const facts = (
  env: TerminalFacts["env"],
  ttyPath: string | null = "/dev/pts/0",
  more: Partial<TerminalFacts> = {},
) => ({
  env,
  ttyPath,
  isTTY: true,
  hasOurFont: () => false,
  ...more,
});
const UTF8 = { LANG: "de_DE.UTF-8" };

describe("a terminal", () => {
  test.each([
    ["the console", facts({ TERM: "linux" }, "/dev/tty1"), ["vt", "vt", "latin", 8]],
    [
      "the console in a UTF-8 locale, which says nothing of its font",
      facts({ TERM: "linux", ...UTF8 }, "/dev/tty1"),
      ["vt", "vt", "latin", 8],
    ],
    [
      "the console with our font",
      facts({ TERM: "linux" }, "/dev/tty1", { hasOurFont: (name) => name === "tty1" }),
      ["vt", "utf8", "latin", 8],
    ],
    [
      "our font on another console only",
      facts({ TERM: "linux" }, "/dev/tty2", { hasOurFont: (name) => name === "tty1" }),
      ["vt", "vt", "latin", 8],
    ],
    [
      "TERM=linux behind screen or su, where the device is unknown",
      facts({ TERM: "linux" }, null),
      ["vt", "vt", "latin", 8],
    ],
    [
      "a serial line with a wrong TERM",
      facts({ TERM: "linux", ...UTF8 }, "/dev/ttyS0"),
      ["serial", "ascii", "ascii", 0],
    ],
    [
      "a serial line that says it is an xterm",
      facts({ TERM: "xterm-256color", COLORTERM: "truecolor", ...UTF8 }, "/dev/ttyUSB0"),
      ["serial", "ascii", "ascii", 0],
    ],
    ["ARM's serial line", facts({ TERM: "vt220" }, "/dev/ttyAMA0"), ["serial", "ascii", "ascii", 0]],
    ["a hypervisor's console", facts({ TERM: "vt220" }, "/dev/hvc0"), ["serial", "ascii", "ascii", 0]],
    ["/dev/console on a serial line", facts({ TERM: "vt102" }, "/dev/console"), ["serial", "ascii", "ascii", 0]],
    ["a terminal without a name", facts({}, "/dev/pts/0"), ["serial", "ascii", "ascii", 0]],
    ["TERM=dumb", facts({ TERM: "dumb", ...UTF8 }), ["serial", "ascii", "ascii", 0]],
    ["an emulator", facts({ TERM: "xterm", ...UTF8 }), ["emulator", "utf8", "unicode", 8]],
    ["an emulator with many colours", facts({ TERM: "xterm-256color", ...UTF8 }), ["emulator", "utf8", "unicode", 256]],
    ["COLORTERM", facts({ TERM: "xterm", COLORTERM: "truecolor", ...UTF8 }), ["emulator", "utf8", "unicode", 256]],
    ["an emulator in the C locale", facts({ TERM: "xterm-256color", LANG: "C" }), ["emulator", "ascii", "ascii", 256]],
    ["LC_ALL stands above LANG", facts({ TERM: "xterm", LC_ALL: "C", ...UTF8 }), ["emulator", "ascii", "ascii", 8]],
    [
      "LC_CTYPE stands above LANG",
      facts({ TERM: "xterm", LC_CTYPE: "pl_PL.utf8", LANG: "C" }),
      ["emulator", "utf8", "unicode", 8],
    ],
    ["NO_COLOR", facts({ TERM: "xterm-256color", NO_COLOR: "1", ...UTF8 }), ["emulator", "utf8", "unicode", 0]],
    ["an empty NO_COLOR means nothing", facts({ TERM: "linux", NO_COLOR: "" }, "/dev/tty1"), ["vt", "vt", "latin", 8]],
    ["NO_COLOR on the console", facts({ TERM: "linux", NO_COLOR: "x" }, "/dev/tty1"), ["vt", "vt", "latin", 0]],
    ["a pipe", facts({ TERM: "xterm", ...UTF8 }, null, { isTTY: false }), ["none", "utf8", "unicode", 0]],
  ] as const)("%s", (_, given, [kind, glyphSet, letters, colours]) => {
    expect(describeTerminal(given)).toMatchObject({ kind, glyphSet, letters, colours });
  });

  test("nothing moves by itself on a serial line, in a pipe or for a reader", () => {
    const animated = (given: TerminalFacts) => describeTerminal(given).animated;
    expect(animated(facts({ TERM: "linux" }))).toBe(true);
    expect(animated(facts({ TERM: "vt220" }))).toBe(false);
    expect(animated(facts({ TERM: "xterm" }, null, { isTTY: false }))).toBe(false);
    expect(animated(facts({ TERM: "xterm", MULTIVERSE_READER: "1" }))).toBe(false);
    expect(describeTerminal(facts({ TERM: "xterm" }, null, { reader: true })).reader).toBe(true);
    expect(describeTerminal(facts({ TERM: "xterm", MULTIVERSE_READER: "0" })).reader).toBe(false);
  });

  test("bold and inverse are drawn on every terminal, also where there is no colour", () => {
    expect(styleLevel({ kind: "serial", colours: 0 })).toBe("1");
    expect(styleLevel({ kind: "emulator", colours: 256 })).toBe("2");
    expect(styleLevel({ kind: "none", colours: 0 })).toBe("0");
  });

  test("the screen is cleared where there is no alternate one, and an emulator's text is left alone", () => {
    const written = (act: typeof enterScreen, kind: Parameters<typeof enterScreen>[1]) => {
      let text = "";
      act((more) => {
        text += more;
      }, kind);
      return text;
    };
    expect(written(enterScreen, "vt")).toBe("\u001b[0m\u001b[2J\u001b[H");
    expect(written(enterScreen, "emulator")).toBe("");
    expect(written(leaveScreen, "serial")).toBe("\u001b[0m\u001b[2J\u001b[H\u001b[?25h");
    expect(written(leaveScreen, "emulator")).not.toContain("2J");
    expect(written(leaveScreen, "none")).toBe("");
  });
});

describe("answers of a terminal", () => {
  test("are told from keys around them", () => {
    expect(hearReplies("ab\u001b[24;80Rc\u001b[A\u001b[1;2Rd")).toEqual({
      replies: [
        { row: 24, column: 80 },
        { row: 1, column: 2 },
      ],
      typed: "abc\u001b[Ad",
      pending: "",
    });
  });

  test("no key is lost, wherever an answer comes and however it is cut into pieces", () => {
    const keys = fc.array(fc.constantFrom("a", "R", ";", "1", "\r", "\u001b[A", "\u001b[3~", "ä", " "), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(keys, keys, fc.integer({ min: 1, max: 999 }), fc.nat(20), (before, after, column, cut) => {
        const first = before.join("");
        const last = after.join("");
        const text = `${first}\u001b[24;${column}R${last}`;
        const heard = hearReplies(text);
        expect(heard.replies).toEqual([{ row: 24, column }]);
        expect(heard.typed).toBe(first + last);
        const early = hearReplies(text.slice(0, cut));
        expect(text.slice(0, cut).replace(/\u001b\[24;\d+R/, "")).toBe(early.typed + early.pending);
      }),
    );
  });

  /** A terminal of a size that answers as the real ones do. */
  const terminal = (answers: readonly string[]) => {
    let hear: (text: string) => void = () => {};
    const written: string[] = [];
    return {
      written,
      line: {
        write: (text: string) => {
          written.push(text);
          for (const answer of answers) hear(answer);
        },
        listen: (onText: (text: string) => void) => {
          hear = onText;
          return () => {
            hear = () => {};
          };
        },
      },
    };
  };
  const never = new AbortController().signal;

  test("give the size and whether UTF-8 is read; the screen is left as it was", async () => {
    const { line, written } = terminal(["x\u001b[50;", "132R\u001b[50;2Ry"]);
    expect(await probeTerminal(line, never)).toEqual({
      columns: 132,
      rows: 50,
      measured: true,
      utf8: true,
      typed: "xy",
    });
    expect(written.join("")).toMatch(/^\u001b7.*\u001b\[2K\u001b8$/s);
    expect((await probeTerminal(terminal(["\u001b[24;80R\u001b[24;3R"]).line, never)).utf8).toBe(false);
  });

  test("a terminal that does not answer is taken for 80 by 24, and keys are kept", async () => {
    const deadline = new AbortController();
    const { line } = terminal(["typed\u001b"]);
    const probed = probeTerminal(line, deadline.signal);
    deadline.abort();
    expect(await probed).toEqual({ columns: 80, rows: 24, measured: false, utf8: null, typed: "typed\u001b" });
    expect(await probeTerminal(terminal([]).line, AbortSignal.abort())).toMatchObject({ measured: false });
  });

  test("half an answer, and a cursor that does not move", async () => {
    const half = new AbortController();
    const probed = probeTerminal(terminal(["\u001b[24;80R"]).line, half.signal);
    half.abort();
    expect(await probed).toMatchObject({ columns: 80, rows: 24, measured: true, utf8: null });
    expect(await probeTerminal(terminal(["\u001b[1;1R\u001b[1;1R"]).line, never)).toMatchObject({
      columns: 80,
      measured: false,
    });
  });

  test("the kernel is told by stty", () => {
    expect(sttyArgv("/dev/ttyS0", { columns: 132, rows: 50 })).toEqual([
      "stty",
      "-F",
      "/dev/ttyS0",
      "rows",
      "50",
      "columns",
      "132",
    ]);
  });
});

test("what libraries write to the console goes to the log while a screen is shown", () => {
  const own = console.error;
  const log: string[] = [];
  const undo = quietConsole((message) => log.push(message));
  console.error("pty write error", { code: "EBADF" });
  console.warn("%s is old", "React");
  undo();
  expect(log).toEqual(["pty write error { code: 'EBADF' }", "React is old"]);
  expect(console.error).toBe(own);
});
