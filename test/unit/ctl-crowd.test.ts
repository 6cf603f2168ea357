// A daemon whose queue is full, because somebody connects faster than it lets in: whoever has a command waits a moment.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { daemonSocket } from "../../bin/ctl/connect.ts";
import { sampleFolder } from "./ssh-sample.ts";

const LISTENS = `require("node:net").createServer(() => {}).listen({ path: process.argv[1], backlog: 1 }, () => console.log("up"))`;

const folder = sampleFolder();
const open: Socket[] = [];
let daemon: ChildProcess | undefined;
afterEach(() => {
  for (const socket of open) socket.destroy();
  daemon?.kill("SIGKILL");
  folder.remove();
});

test("it connects when there is room again", async () => {
  const path = join(folder.path, "socket");
  const child = spawn(process.execPath, ["-e", LISTENS, path], { stdio: ["ignore", "pipe", "inherit"] });
  daemon = child;
  await once(child.stdout, "data");
  child.kill("SIGSTOP");
  const codes: string[] = [];
  while (!codes.includes("EAGAIN")) {
    const socket = createConnection(path);
    open.push(socket);
    codes.push(
      await new Promise<string>((resolve) => {
        socket.once("connect", () => resolve("in"));
        socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      }),
    );
  }
  const waiting = daemonSocket(path);
  child.kill("SIGCONT");
  const socket = await waiting;
  open.push(socket);
  expect(socket.readyState).toBe("open");
});
