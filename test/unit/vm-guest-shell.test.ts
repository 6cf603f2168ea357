// The shell on a serial line, with a real sh behind real named pipes in the place of a guest.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type GuestShell, openGuestShell } from "../../core/vm/guest-shell.ts";
import { openSerial, type Serial, serialPipes } from "../../core/vm/serial.ts";

let folder: string;
let guest: ChildProcess;
let serial: Serial;
let shell: GuestShell;
let line: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mv-test-"));
  const path = join(folder, "serial");
  const pipes = serialPipes(path);
  execFileSync("mkfifo", [pipes.fromGuest, pipes.toGuest]);
  line = openSync(pipes.fromGuest, constants.O_RDWR | constants.O_NONBLOCK);
  const keys = openSync(pipes.toGuest, constants.O_RDWR);
  guest = spawn("sh", { stdio: [keys, line, "ignore"] });
  closeSync(keys);
  serial = openSerial(path);
  shell = await openGuestShell(serial, folder);
});

afterEach(() => {
  guest.kill("SIGKILL");
  serial.close();
  closeSync(line);
  rmSync(folder, { recursive: true });
});

test("gives status and both outputs", async () => {
  expect(await shell.run("echo one; echo two >&2; exit 3")).toEqual({ exit: 3, output: "one\ntwo\n" });
});

test("an output arrives byte for byte, whatever it looks like", async () => {
  const { output } = await shell.run(`printf 'a\\r\\nb\\t@@x 1@@\\033[2J $HOME ü'`);
  expect(output).toBe("a\r\nb\t@@x 1@@\x1b[2J $HOME ü");
});

test("a script longer than a terminal's line, with quotes and here-documents, arrives whole", async () => {
  const text = `'"$(x)\`\\ ${"long ".repeat(3000)}`;
  expect((await shell.run(`cat <<'EOF'\n${text}\nEOF\n`)).output).toBe(`${text}\n`);
});

test("commands one after the other do not see each other's words", async () => {
  for (const word of ["first", "second", "third"]) expect(await shell.output(`echo ${word}`)).toBe(`${word}\n`);
});

test("a script that reads standard input does not eat the next one", async () => {
  expect((await shell.run("cat")).output).toBe("");
  expect(await shell.output("echo next")).toBe("next\n");
});

test("a command that must succeed says what it said when it does not", async () => {
  await expect(shell.output("echo reason >&2; exit 4")).rejects.toMatchObject({
    code: "vm-command-failed",
    evidence: ["reason"],
  });
});

test("streams lines while they come; of a progress bar the last state", async () => {
  const lines: string[] = [];
  const wait = { deadlineMs: 600_000, what: "the end" };
  const status = await shell.stream(
    "echo one; printf '1%%\\r2%%\\r\\n'; echo two >&2; exit 5",
    (text) => lines.push(text),
    wait,
  );
  expect(status).toBe(5);
  expect(lines).toEqual(["one", "2%", "two"]);
});
