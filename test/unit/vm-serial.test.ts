// The serial line over real named pipes, with this process in the place of QEMU.
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { scrub } from "../../core/vm/scrub.ts";
import { openSerial, type Serial, serialPipes } from "../../core/vm/serial.ts";

const wait = { deadlineMs: 600_000, what: "a word" };

describe("serial line", () => {
  let folder: string;
  let serial: Serial;
  let guestOut: number;
  let guestIn: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mv-test-"));
    const path = join(folder, "serial");
    const pipes = serialPipes(path);
    execFileSync("mkfifo", [pipes.fromGuest, pipes.toGuest]);
    // Like QEMU: both ends open for both, so that opening never waits.
    guestOut = openSync(pipes.fromGuest, constants.O_RDWR | constants.O_NONBLOCK);
    guestIn = openSync(pipes.toGuest, constants.O_RDWR | constants.O_NONBLOCK);
    serial = openSerial(path);
  });

  afterEach(() => {
    serial.close();
    for (const fd of [guestOut, guestIn]) {
      try {
        closeSync(fd);
      } catch {
        // closed by the test
      }
    }
    rmSync(folder, { recursive: true });
  });

  const say = (text: string | Uint8Array) => writeSync(guestOut, Buffer.from(text));

  test("finds a word that came before it was waited for, and moves past it", async () => {
    say("one login: two login: ");
    expect((await serial.waitFor("login:", wait)).index).toBe(4);
    expect((await serial.waitFor("login:", wait)).index).toBe(5);
  });

  test("finds a word that comes in pieces, in the middle of a character too", async () => {
    const found = serial.waitFor(/gr(ü)ße!/, wait);
    const bytes = Buffer.from("viele grüße!");
    say(bytes.subarray(0, 9));
    say(bytes.subarray(9));
    expect((await found)[1]).toBe("ü");
  });

  test("a text is not a pattern", async () => {
    say("a.b axb a.b");
    await serial.waitFor("axb", wait);
    expect((await serial.waitFor("a.b", wait)).index).toBe(1);
  });

  test("gives up at once when the machine says something hopeless first", async () => {
    const found = serial.waitFor("login:", { ...wait, unless: /Kernel panic/ });
    say("... Kernel panic - not syncing\nlogin:");
    await expect(found).rejects.toMatchObject({ code: "vm-wait-hopeless" });
  });

  test("what comes after the word is not held against it", async () => {
    say("login: Kernel panic");
    await expect(serial.waitFor("login:", { ...wait, unless: /Kernel panic/ })).resolves.toBeDefined();
  });

  test("says what it saw when the time is up", async () => {
    say("\x1b[31mlast words\x1b[0m\n");
    await serial.waitFor("last", wait);
    await expect(serial.waitFor("login:", { deadlineMs: 1, what: "the login" })).rejects.toMatchObject({
      code: "vm-wait-timeout",
      message: expect.stringContaining("the login"),
      evidence: [" words"],
    });
  });

  test("ends every wait when the machine ends", async () => {
    const found = serial.waitFor("login:", wait);
    closeSync(guestOut);
    await expect(found).rejects.toMatchObject({ code: "vm-serial-closed" });
    await serial.closed;
    await expect(serial.waitFor("login:", wait)).rejects.toMatchObject({ code: "vm-serial-closed" });
  });

  test("sends what is typed", async () => {
    serial.send("poweroff\n");
    say("x");
    await serial.waitFor("x", wait);
    const buffer = Buffer.alloc(64);
    expect(buffer.subarray(0, readSync(guestIn, buffer)).toString()).toBe("poweroff\n");
  });
});

describe("scrub", () => {
  test.each([
    ["colours", "\x1b[1;31mred\x1b[0m", "red"],
    ["a window title", "\x1b]0;evil\x07text", "text"],
    ["a title ended the other way", "\x1b]0;evil\x1b\\text", "text"],
    ["carriage returns", "one\r\r\ntwo\r\n", "one\ntwo\n"],
    ["an unfinished sequence", "end\x1b", "end"],
    ["8-bit controls", "a\x9b31mb", "a31mb"],
    ["bell, backspace, delete", "a\x07\x08\x7fb", "ab"],
  ])("%s", (_, from, to) => expect(scrub(from)).toBe(to));
});
