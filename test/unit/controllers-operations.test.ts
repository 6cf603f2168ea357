// The operations on controllers: what is refused and why, what is asked of libvirt, what is left when it goes wrong half-way.
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { createConsoleRelay } from "../../core/controllers/console-relay.ts";
import { makeControllerOperations, type OperationContext } from "../../core/controllers/operations.ts";
import { ActionableError } from "../../core/errors.ts";
import { type Answer, recorded, standIn } from "./libvirt-recorded.ts";

const UUIDS = {
  work: "e52cadb6-102b-4305-bfa3-9bcc16ee4993",
  "-play; destroy": "40f36575-3dcc-411a-9dde-b3007f2fbffc",
};
type Name = keyof typeof UUIDS;

/** A small libvirt with two domains: commands change their states as the real one does. */
function host(
  states: Record<Name, "off" | "running" | "paused" | "crashed">,
  fails: (command: string) => boolean = () => false,
) {
  const numbers = {
    off: "5\n  state.reason=1",
    running: "1\n  state.reason=1",
    paused: "3\n  state.reason=1",
    crashed: "5\n  state.reason=3",
  };
  const names = Object.keys(UUIDS) as Name[];
  const on = (name: Name) => states[name] === "running" || states[name] === "paused";
  const after = { start: "running", destroy: "off", suspend: "paused", resume: "running", shutdown: "off" } as const;
  const changes: string[] = [];
  const virsh = standIn((command): Answer => {
    if (command.startsWith("list"))
      return names.map((name) => `${UUIDS[name]} ${on(name) ? 3 : "-"} ${name}\n`).join("");
    if (command.startsWith("domstats")) {
      return names.map((name) => `Domain: '${name}'\n  state.state=${numbers[states[name]]}\n\n`).join("");
    }
    const [word = "", uuid] = command.split(" ");
    const name = names.find((one) => UUIDS[one] === uuid);
    if (word === "dumpxml") return recorded("running.xml");
    if (name === undefined) return null;
    changes.push(`${word} ${name}`);
    if (fails(command)) return null;
    if (word in after) states[name] = after[word as keyof typeof after];
    return "";
  });
  const progress: string[] = [];
  const opened: string[] = [];
  const operations = makeControllerOperations({
    run: virsh.run,
    rest: async (_, signal) => signal.throwIfAborted(),
    console: {
      async open(tty) {
        opened.push(tty);
        return { socket: "/run/x", seconds: 30 };
      },
      close: () => {},
    },
  });
  const context: OperationContext = {
    signal: new AbortController().signal,
    progress: (text) => void progress.push(text),
    principal: "ada",
  };
  return { operations, context, changes, progress, opened, states, virsh };
}

const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ActionableError)) throw error ?? new Error("it was not refused");
  return error;
};

describe("what is refused", () => {
  const both = { work: "running", "-play; destroy": "off" } as const;

  test.each([
    ["nothing", {}],
    ["a name that is none", { name: 7 }],
    ["an empty name", { name: "" }],
    ["an argument that nobody knows", { name: "work", force: true }],
  ])("%s", async (_, args) => {
    const { operations, context, changes } = host({ ...both });
    for (const operation of [operations.vmStart, operations.vmStop, operations.vmKill, operations.vmConsole]) {
      expect((await refusal(operation(args, context))).code).toBe("bad-arguments");
    }
    expect(changes).toEqual([]);
  });

  test("a name that there is not, with the names there are", async () => {
    const { operations, context } = host({ ...both });
    const error = await refusal(operations.vmStart({ name: "nosuch" }, context));
    expect(error).toMatchObject({ code: "no-such-controller", evidence: ["There are: -play; destroy, work"] });
    expect((await refusal(operations.stateOf("nosuch"))).code).toBe("no-such-controller");
  });

  test.each([
    ["start", "running", "vm-already-running"],
    ["start", "paused", "vm-paused"],
    ["stop", "off", "vm-off"],
    ["stop", "paused", "vm-paused"],
    ["kill", "off", "vm-off"],
    ["kill", "crashed", "vm-off"],
    ["pause", "paused", "vm-already-paused"],
    ["pause", "off", "vm-off"],
    ["resume", "running", "vm-already-running"],
    ["console", "off", "vm-off"],
  ] as const)("%s of one that is %s: %s", async (what, state, code) => {
    const { operations, context, changes } = host({ ...both, work: state });
    const calls = {
      start: () => operations.vmStart({ name: "work" }, context),
      stop: () => operations.vmStop({ name: "work" }, context),
      kill: () => operations.vmKill({ name: "work" }, context),
      pause: () => operations.vmPause({ name: "work" }, context),
      resume: () => operations.vmPause({ name: "work", resume: true }, context),
      console: () => operations.vmConsole({ name: "work" }, context),
    };
    expect((await refusal(calls[what]())).code).toBe(code);
    expect(changes).toEqual([]);
  });

  test("by libvirt: with its own words", async () => {
    const { operations, context } = host({ ...both }, (command) => command.startsWith("start"));
    const error = await refusal(operations.vmStart({ name: "-play; destroy" }, context));
    expect(error).toMatchObject({ code: "vm-refused", evidence: ["start did not work"] });
  });

  test("when libvirt is silent", async () => {
    const { run } = standIn(() => "hangs");
    const operations = makeControllerOperations({
      run,
      rest: async () => {},
      console: { open: () => Promise.reject(), close: () => {} },
    });
    expect((await refusal(operations.stateOf("work"))).code).toBe("libvirt-silent");
  });
});

test("a name never reaches virsh: only its UUID does", async () => {
  const { operations, context, virsh } = host({ work: "running", "-play; destroy": "off" });
  await operations.vmStart({ name: "-play; destroy" }, context);
  await operations.vmKill({ name: "-play; destroy" }, context);
  expect(virsh.programs.flat().join(" ")).not.toContain("play");
});

describe("stopping", () => {
  test("waits until it is off", async () => {
    const { operations, context, changes } = host({ work: "running", "-play; destroy": "off" });
    expect(await operations.vmStop({ name: "work" }, context)).toEqual({ name: "work", state: "off" });
    expect(changes).toEqual(["shutdown work"]);
  });

  test("one that does not listen is asked again, and said to be still running", async () => {
    const { operations, context, changes, states } = host(
      { work: "running", "-play; destroy": "off" },
      (command) => command.startsWith("shutdown") && command.includes("--mode"),
    );
    const slow = { ...context };
    // The request is taken, but the guest does nothing.
    Object.defineProperty(states, "work", { get: () => "running", set: () => {} });
    const error = await refusal(operations.vmStop({ name: "work", seconds: 70 }, slow));
    expect(error).toMatchObject({ code: "vm-still-running" });
    expect(error.message).toBe("work was asked to shut down and is still running after 70 s.");
    expect(changes).toEqual(["shutdown work", "shutdown work", "shutdown work"]);
  });

  test("ends waiting when whoever asked is gone", async () => {
    const { operations, context, states } = host({ work: "running", "-play; destroy": "off" });
    Object.defineProperty(states, "work", { get: () => "running", set: () => {} });
    const abort = new AbortController();
    const progress = () => abort.abort();
    await expect(operations.vmStop({ name: "work" }, { ...context, progress, signal: abort.signal })).rejects.toThrow();
  });
});

describe("switching", () => {
  const args = { from: "work", to: "-play; destroy" };

  test("pauses the one that is left, then starts the other", async () => {
    const { operations, context, changes } = host({ work: "running", "-play; destroy": "off" });
    expect(await operations.vmSwitch(args, context)).toEqual({
      to: { name: "-play; destroy", state: "running" },
      from: { name: "work", state: "paused" },
    });
    expect(changes).toEqual(["suspend work", "start -play; destroy"]);
  });

  test("lets the one that was left go on when the other does not start", async () => {
    const { operations, context, states } = host({ work: "running", "-play; destroy": "off" }, (command) =>
      command.startsWith("start"),
    );
    expect((await refusal(operations.vmSwitch(args, context))).code).toBe("vm-refused");
    expect(states.work).toBe("running");
  });

  test("stops it first, or leaves it alone, as asked", async () => {
    const stopping = host({ work: "running", "-play; destroy": "paused" });
    await stopping.operations.vmSwitch({ ...args, left: "stop" }, stopping.context);
    expect(stopping.changes).toEqual(["shutdown work", "resume -play; destroy"]);
    const leaving = host({ work: "running", "-play; destroy": "running" });
    await leaving.operations.vmSwitch({ ...args, left: "run" }, leaving.context);
    expect(leaving.changes).toEqual([]);
  });

  test("to itself, or by an unknown word, is refused", async () => {
    const { operations, context, changes } = host({ work: "running", "-play; destroy": "off" });
    expect((await refusal(operations.vmSwitch({ from: "work", to: "work" }, context))).code).toBe("vm-same");
    expect((await refusal(operations.vmSwitch({ ...args, left: "kill" }, context))).code).toBe("bad-arguments");
    expect(changes).toEqual([]);
  });
});

test("the console is the terminal that its XML names", async () => {
  const { operations, context, opened } = host({ work: "running", "-play; destroy": "off" });
  expect(await operations.vmConsole({ name: "work" }, context)).toEqual({
    name: "work",
    socket: "/run/x",
    seconds: 30,
  });
  expect(opened).toEqual(["/dev/pts/0"]);
});

describe("the relay of a console", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  async function relayWithTerminal() {
    const folder = join(await mkdtemp(join(tmpdir(), "mv-console-")), "console");
    folders.push(folder);
    const written: string[] = [];
    const terminal = new Duplex({
      read() {},
      write(chunk, _, done) {
        written.push(String(chunk));
        this.push(`<${chunk}>`);
        done();
      },
    });
    const relay = createConsoleRelay({ folder, group: null, openTty: async () => terminal });
    return { folder, relay, terminal, written };
  }

  test("what is no terminal of this host is not opened", async () => {
    const { folder } = await relayWithTerminal();
    const relay = createConsoleRelay({ folder, group: null });
    for (const path of ["/dev/sda", "/dev/pts/../sda", "/etc/passwd", "/dev/tty1"]) {
      expect((await refusal(relay.open(path))).code).toBe("vm-no-console");
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test("one client, once: the socket is gone when it has come, and all ends with it", async () => {
    const { folder, relay, terminal } = await relayWithTerminal();
    const { socket } = await relay.open("/dev/pts/0");
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const client = connect(socket);
    const heard = new Promise<string>((resolve) => client.once("data", (bytes) => resolve(String(bytes))));
    client.write("hello");
    expect(await heard).toBe("<hello>");
    expect(await readdir(folder)).toEqual([]);
    const closed = new Promise<void>((resolve) => terminal.once("close", resolve));
    client.destroy();
    await closed;
  });

  test("a guest that ends takes the client with it", async () => {
    const { relay, terminal } = await relayWithTerminal();
    const client = connect((await relay.open("/dev/pts/0")).socket);
    client.on("error", () => {});
    const heard = new Promise<void>((resolve) => client.once("data", () => resolve()));
    client.write("x");
    await heard;
    const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
    terminal.destroy();
    await closed;
  });

  test("no more than eight at once; closing ends them all", async () => {
    const { relay } = await relayWithTerminal();
    for (let count = 0; count < 8; count++) await relay.open("/dev/pts/0");
    expect((await refusal(relay.open("/dev/pts/0"))).code).toBe("too-many-consoles");
    relay.close();
    expect(await relay.open("/dev/pts/0")).toMatchObject({ seconds: 30 });
    relay.close();
  });
});
