// QEMU's control socket: commands with their answers, and events to wait for.
import { createServer, type Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { z } from "zod";
import { ActionableError, EXIT } from "../errors.ts";
import { qemuJson } from "./qemu-json.ts";

const Message = z.union([
  z.object({ QMP: z.unknown() }),
  z.object({ return: z.unknown(), id: z.number() }),
  z.object({ error: z.object({ class: z.string(), desc: z.string() }), id: z.number().optional() }),
  z.object({ event: z.string(), data: z.record(z.string(), z.unknown()).optional() }),
]);

export interface QmpEvent {
  name: string;
  data: Readonly<Record<string, unknown>>;
}

export interface Qmp {
  /** Runs a command; throws ActionableError "qmp-refused" with QEMU's own words, "qmp-closed" when QEMU is gone. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The first event of that name since the connection was made and not yet taken; rejects when QEMU goes away. */
  takeEvent(name: string): Promise<QmpEvent>;
  close(): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface QmpListener {
  /** QMP with the QEMU that connects; rejects when it ends before, or when the time is up. */
  accept(exited: Promise<number | null>, deadlineMs: number): Promise<Qmp>;
  close(): void;
}

/**
 * Listens for a QEMU that is told to connect. This way round there is nothing to wait for: a socket that QEMU makes is
 * in the file system before it accepts anybody.
 */
export async function listenForQmp(path: string): Promise<QmpListener> {
  const connected = Promise.withResolvers<Socket>();
  const server = createServer((socket) => connected.resolve(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
  return {
    async accept(exited, deadlineMs) {
      const timer = setTimeout(() => connected.reject(closedError("QEMU did not connect in time")), deadlineMs);
      void exited.then((status) => connected.reject(closedError(`QEMU ended with status ${status}`)));
      try {
        return await negotiate(await connected.promise);
      } finally {
        clearTimeout(timer);
        server.close();
      }
    },
    close: () => void server.close(),
  };
}

async function negotiate(socket: Socket): Promise<Qmp> {
  const answers = new Map<number, Pending>();
  const waiters: { name: string; pending: Pending }[] = [];
  const events: QmpEvent[] = [];
  let nextId = 1;
  let closed = false;

  const greeting = Promise.withResolvers<void>();
  const fail = (cause?: unknown) => {
    closed = true;
    const error = closedError(cause);
    greeting.reject(error);
    for (const pending of [...answers.values(), ...waiters.map((waiter) => waiter.pending)]) pending.reject(error);
    answers.clear();
    waiters.length = 0;
  };
  const take = (line: string) => {
    const message = Message.parse(JSON.parse(line));
    if ("QMP" in message) greeting.resolve();
    else if ("event" in message) {
      const event = { name: message.event, data: message.data ?? {} };
      const at = waiters.findIndex((waiter) => waiter.name === event.name);
      if (at < 0) events.push(event);
      else waiters.splice(at, 1)[0]?.pending.resolve(event);
    } else if (message.id !== undefined) {
      const pending = answers.get(message.id);
      answers.delete(message.id);
      if ("error" in message) pending?.reject(refusedError(message.error.desc));
      else pending?.resolve(message.return);
    }
  };
  const decoder = new StringDecoder("utf8");
  let rest = "";
  socket.on("data", (bytes) => {
    const lines = (rest + decoder.write(bytes)).split("\n");
    rest = lines.pop() ?? "";
    try {
      for (const line of lines) if (line.trim() !== "") take(line);
    } catch (cause) {
      fail(cause);
      socket.destroy();
    }
  });
  socket.on("error", fail).on("close", () => fail());

  const qmp: Qmp = {
    execute(command, args) {
      const id = nextId++;
      if (closed) return Promise.reject(closedError());
      const pending = Promise.withResolvers<unknown>();
      answers.set(id, pending);
      send(socket, { execute: command, ...(args === undefined ? {} : { arguments: args }), id });
      return pending.promise;
    },
    takeEvent(name) {
      const at = events.findIndex((event) => event.name === name);
      const [event] = at < 0 ? [] : events.splice(at, 1);
      if (event !== undefined) return Promise.resolve(event);
      if (closed) return Promise.reject(closedError());
      const pending = Promise.withResolvers<QmpEvent>();
      waiters.push({
        name,
        pending: { resolve: (value) => pending.resolve(value as QmpEvent), reject: pending.reject },
      });
      return pending.promise;
    },
    close: () => socket.destroy(),
  };
  await greeting.promise;
  await qmp.execute("qmp_capabilities");
  return qmp;
}

function send(socket: Socket, message: unknown): void {
  socket.write(`${qemuJson(message)}\n`);
}

function refusedError(words: string): ActionableError {
  return new ActionableError({
    code: "qmp-refused",
    exit: EXIT.stepFailed,
    message: "QEMU refused a command.",
    evidence: [words],
  });
}

function closedError(cause?: unknown): ActionableError {
  return new ActionableError({
    code: "qmp-closed",
    exit: EXIT.stepFailed,
    message: "The virtual machine is gone: its control socket closed.",
    hint: "See qemu.log in the machine's artefacts.",
    cause,
  });
}
