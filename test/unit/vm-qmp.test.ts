// QMP with a program that speaks as QEMU does, and as it should not.
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listenForQmp, type Qmp } from "../../core/vm/qmp.ts";

interface Command {
  execute: string;
  id: number;
  arguments?: unknown;
}

let folder: string;
let qemu: Socket;
let commands: Command[];
let answer: (command: Command) => void;
let qmp: Qmp;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mv-test-"));
  commands = [];
  answer = ({ id }) => qemu.write(`{"return": {}, "id": ${id}}\r\n`);
  const path = join(folder, "qmp");
  const listener = await listenForQmp(path);
  qemu = connect(path);
  qemu.write('{"QMP": {"version": {"qemu": {"major": 7}}, "capabilities": ["oob"]}}\r\n');
  qemu.on("data", (bytes) => {
    for (const line of bytes.toString().trim().split("\n")) {
      const command = JSON.parse(line) as Command;
      commands.push(command);
      answer(command);
    }
  });
  qmp = await listener.accept(new Promise(() => {}), 600_000);
});

afterEach(() => {
  qmp.close();
  qemu.destroy();
  rmSync(folder, { recursive: true });
});

test("negotiates before anything else", () => {
  expect(commands.map(({ execute }) => execute)).toEqual(["qmp_capabilities"]);
});

test("gives each command its own answer, in whatever order they come", async () => {
  const held: Command[] = [];
  answer = (command) => {
    held.push(command);
    if (held.length === 2)
      for (const one of held.reverse()) qemu.write(`{"return": "${one.execute}", "id": ${one.id}}\n`);
  };
  expect(await Promise.all([qmp.execute("first"), qmp.execute("second")])).toEqual(["first", "second"]);
});

test("a refusal carries QEMU's own words", async () => {
  answer = ({ id }) => qemu.write(`{"id": ${id}, "error": {"class": "GenericError", "desc": "Bus 'x' not found"}}\n`);
  await expect(qmp.execute("device_add", { driver: "x" })).rejects.toMatchObject({
    code: "qmp-refused",
    evidence: ["Bus 'x' not found"],
  });
});

test("keeps an event that came before it was wanted, and gives it once", async () => {
  qemu.write('{"event": "RESET", "data": {"guest": true}, "timestamp": {"seconds": 1, "microseconds": 2}}\n');
  await qmp.execute("query-status");
  expect(await qmp.takeEvent("RESET")).toEqual({ name: "RESET", data: { guest: true } });
  const second = qmp.takeEvent("RESET");
  qemu.write('{"event": "SHUTDOWN"}\n{"event": "RESET", "data": {"guest": false}}\n');
  expect((await second).data).toEqual({ guest: false });
});

test("a message in two pieces is one message", async () => {
  answer = ({ id }) => {
    qemu.write('{"return": "who');
    setImmediate(() => qemu.write(`le", "id": ${id}}\n`));
  };
  expect(await qmp.execute("x")).toBe("whole");
});

test("everything that waits ends when QEMU goes away", async () => {
  answer = () => qemu.destroy();
  const event = qmp.takeEvent("RESET");
  await expect(qmp.execute("quit")).rejects.toMatchObject({ code: "qmp-closed" });
  await expect(event).rejects.toMatchObject({ code: "qmp-closed" });
  await expect(qmp.execute("query-status")).rejects.toMatchObject({ code: "qmp-closed" });
});

test("nonsense from the socket ends the connection, not the program", async () => {
  answer = () => qemu.write("this is not JSON\n");
  await expect(qmp.execute("x")).rejects.toMatchObject({ code: "qmp-closed" });
});

test("a QEMU that ends before it connects is an error at once", async () => {
  const listener = await listenForQmp(join(folder, "other"));
  await expect(listener.accept(Promise.resolve(1), 600_000)).rejects.toMatchObject({ code: "qmp-closed" });
});
