// A small program made of the kit, for running under a real terminal: it starts as the real one does.
import { execFileSync } from "node:child_process";
import { describeTerminal, styleLevel } from "../../tui/terminal/describe-terminal.ts";
import { probeStreams, sttyArgv, takeSize } from "../../tui/terminal/probe-size.ts";
import { terminalFacts, ttyPathOf } from "../../tui/terminal/terminal-facts.ts";
import { enterScreen, leaveScreen } from "../../tui/terminal/whole-screen.ts";

const { stdin, stdout } = process;
const terminal = describeTerminal(terminalFacts(process.env, stdout.isTTY === true));
process.env.FORCE_COLOR = styleLevel(terminal);
const write = (text: string) => {
  stdout.write(text);
};
if (!stdout.columns || !stdout.rows) {
  const probed = await probeStreams(stdin, stdout, AbortSignal.timeout(Number(process.argv[2] ?? 60_000)));
  const [program = "stty", ...args] = sttyArgv(ttyPathOf(1) ?? "/dev/tty", probed);
  execFileSync(program, args);
  takeSize(stdout, probed);
}
enterScreen(write, terminal.kind);
const { show } = await import("./fixture-screen.tsx");
await show(terminal);
leaveScreen(write, terminal.kind);
write(`left ${JSON.stringify(terminal)}\n`);
