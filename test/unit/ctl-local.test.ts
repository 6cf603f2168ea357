// `multiverse ctl` on the host itself: the real gate and socket, real keys, agents and ssh-keygen.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { encodeFrame, encodeReply, KIND } from "../../core/control/frames.ts";
import { OPERATION_NAMES } from "../../core/control/operations.ts";
import { EXIT } from "../../core/errors.ts";
import { type CtlHost, ctlHost, multiverse } from "./ctl-host.ts";
import { type SampleAgent, type SampleKey, startAgent } from "./ssh-sample.ts";

let host: CtlHost;
let ada: SampleKey;
let bob: SampleKey;
let eve: SampleKey;
let agent: SampleAgent;

beforeAll(async () => {
  host = await ctlHost();
  [ada, bob, eve] = [host.person("ada"), host.person("bob"), host.person("eve")];
  host.enroll(
    [`ada ${ada.line}`, `bob ${bob.line}`],
    "version: 1\nprincipals: {ada: {operations: all}, bob: {operations: [vm.start, host.reboot]}}\ntwo-signers: [host.reboot]\n",
  );
  agent = await startAgent(host.folder);
  agent.add(bob);
});
afterAll(async () => {
  await agent.end();
  await host.close();
});
beforeEach(() => {
  vi.stubEnv("SSH_AUTH_SOCK", undefined);
  host.done.length = 0;
});
afterEach(() => void vi.unstubAllEnvs());

const here = () => ["--socket", host.socket, "--host-key", host.host.line];
const ctl = (...words: string[]) => multiverse("ctl", ...words, ...here());
const asAda = () => ["--key", ada.file, "--principal", "ada"];
const asBob = () => ["--key", bob.file, "--principal", "bob"];
let files = 0;
const fresh = () => join(host.folder, `command-${files++}`);

describe("before anything is signed", () => {
  test.each([
    [["vm.strat"], "did you mean vm.start?"],
    [["vm.start", "work"], "no argument"],
    [["vm.start", "name=work", "name=games"], "given twice"],
    [["vm.stop", "seconds:=ten"], "no JSON"],
    [["vm.start", "--key", "a", "--agent", "b"], "two keys"],
    [["vm.start", "--host", "ssh://jupiter"], "two places"],
    [["vm.start", "--seq", "1"], "goes with --offline"],
    [["vm.start", "--second-key", "a"], "needs --second-principal"],
    [["vm.start", "--send", "a"], "no OP"],
    [["seat.grant", "--offline", "a"], "cannot be signed offline"],
  ])("%j is refused", async (words, why) => {
    const { exit, error } = await ctl(...words);
    expect(exit).toBe(EXIT.usage);
    expect(error?.message).toContain(why);
    expect(host.done).toEqual([]);
  });

  test.each([
    "--",
    "ssh://",
    "http://jupiter",
    "ssh://-oProxyCommand=x",
    "ssh://a:b@jupiter",
    "ssh://-l@jupiter",
    "ssh://jupiter/x",
  ])("%s is no host", async (place) => {
    const { exit, error } = await multiverse("ctl", "vm.start", `--host=${place}`);
    expect(exit).toBe(EXIT.usage);
    expect(error?.message).toContain("no host to reach");
  });

  test("without a key and an agent it says how to get one", async () => {
    const { exit, error } = await ctl("vm.start", "name=work");
    expect({ exit, code: error?.code, hint: error?.hint }).toMatchObject({ exit: EXIT.refused, code: "no-key" });
  });

  test("without a daemon it says so", async () => {
    const words = ["--socket", fresh(), "--host-key", host.host.line, ...asAda()];
    const { error } = await multiverse("ctl", "vm.start", "name=work", ...words);
    expect(error).toMatchObject({ code: "no-daemon", message: "Nothing takes commands on this machine." });
  });

  test("a host key that is none is refused", async () => {
    const { error } = await multiverse("ctl", "vm.start", "--socket", host.socket, "--host-key", "what", ...asAda());
    expect(error?.code).toBe("host-key");
  });

  test("a host that is another than the one known gets nothing to see", async () => {
    const words = ["--socket", host.socket, "--host-key", eve.line, ...asAda()];
    const { exit, error } = await multiverse("ctl", "vm.start", "name=work", ...words);
    expect({ exit, code: error?.code }).toEqual({ exit: EXIT.refused, code: "other-host" });
    expect(error?.evidence).toEqual([`it says it is ${host.host.fingerprint}`, `known is ${eve.fingerprint}`]);
    expect(host.done).toEqual([]);
  });

  test.each([
    [-600, "behind"],
    [600, "ahead"],
  ])("a host's clock that is off by %i s is told with how much", async (seconds, way) => {
    host.clock.set(seconds);
    const { error } = await ctl("vm.start", "name=work", ...asAda());
    host.clock.set(-seconds);
    expect(error?.code).toBe("clock-off");
    expect(Number(/is (\d+) s /.exec(error?.message ?? "")?.[1])).toBeGreaterThan(500);
    expect(error?.message).toContain(way);
  });
});

describe("a host that lies", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  /** Says hello as the real one would, and answers every command with this. */
  const liar = async (answer: (id: string) => { json: string; signature: string }) => {
    const path = fresh();
    const server = createServer((socket) => {
      socket.on("error", () => {});
      let first = true;
      socket.on("data", () => {
        const hello = { v: 1, type: "hello", host: host.host.fingerprint, boot: "b", challenge: "A".repeat(43) };
        const json = JSON.stringify({ ...hello, seconds: 60, now: Math.floor(Date.now() / 1000), seat: null });
        socket.write(encodeFrame(KIND.reply, encodeReply(first ? { json, signature: "" } : answer("0"))));
        first = false;
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return multiverse("ctl", "vm.start", "name=work", "--socket", path, "--host-key", host.host.line, ...asAda());
  };
  const done = { v: 1, type: "result", id: "0", op: "vm.start", outcome: "done", code: null, text: null, data: {} };

  test.each([
    ["without a signature", ""],
    ["with garbage for one", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"],
  ])("that it was done, %s, is not believed", async (_how, signature) => {
    const { exit, error, out } = await liar(() => ({ json: JSON.stringify(done), signature }));
    expect({ exit, code: error?.code, out }).toEqual({ exit: EXIT.refused, code: "reply-forged", out: "" });
  });

  test("that it was refused is shown as not proven", async () => {
    const refused = { v: 1, type: "refused", id: null, code: "busy", text: "no\u001b[2J" };
    const { exit, error } = await liar(() => ({ json: JSON.stringify(refused), signature: "" }));
    expect({ exit, code: error?.code }).toEqual({ exit: EXIT.refused, code: "command-refused" });
    expect(error?.evidence.join()).toContain("not signed by the host");
  });
});

describe("what the host refuses is told with what to do", () => {
  const refusals: readonly (readonly [string, () => string[], string, string])[] = [
    [
      "a key that is not enrolled",
      () => ["vm.start", "name=a", "--key", eve.file, "--principal", "ada"],
      "signature-refused",
      "--principal NAME",
    ],
    [
      "another name",
      () => ["vm.start", "name=a", "--key", ada.file, "--principal", "bob"],
      "signature-refused",
      "--principal NAME",
    ],
    ["what the policy does not let him", () => ["vm.stop", "name=a", ...asBob()], "policy", "policy.yml"],
    ["one signer where two are needed", () => ["host.reboot", ...asAda()], "two-signers", "--second-key"],
    [
      "one person twice",
      () => ["host.reboot", ...asAda(), "--second-key", ada.file, "--second-principal", "bob"],
      "two-signers",
      "--second-key",
    ],
    ["wrong arguments", () => ["vm.start", "name=../x", ...asAda()], "arguments", "multiverse ctl"],
    ["what is not built", () => ["vm.create", ...asAda()], "not-yet", "multiverse ctl"],
    ["a wrong code", () => ["host.reboot", "--code", "0000-0000", ...asAda()], "presence", "tty1"],
    ["another state", () => ["vm.start", "name=a", "--if-state", "running", ...asAda()], "state", "--if-state"],
  ];
  test.each(refusals)("%s", async (_what, words, reason, hint) => {
    const { exit, error, out } = await ctl(...words());
    expect({ exit, out, done: host.done }).toEqual({ exit: EXIT.refused, out: "", done: [] });
    expect(error?.evidence[0]).toBe(`reason: ${reason}`);
    expect(error?.hint).toContain(hint);
  });

  test("and who is enrolled is not", async () => {
    const { error } = await ctl("vm.start", "name=a", "--key", eve.file, "--principal", "eve");
    const text = [error?.message, ...(error?.evidence ?? []), error?.hint].join(" ");
    expect(text).not.toMatch(/\b(ada|bob)\b/);
  });
});

describe("a command is done", () => {
  test("with a key file", async () => {
    const { exit, out } = await ctl("vm.start", "name=work", "--if-state", "off", ...asAda());
    expect({ exit, out }).toEqual({ exit: EXIT.done, out: "vm.start: vm.start happens.\n" });
    expect(host.done).toEqual(['vm.start {"name":"work"}']);
  });

  test("with the only key of the agent, and with that of a fingerprint", async () => {
    vi.stubEnv("SSH_AUTH_SOCK", agent.socket);
    expect((await ctl("vm.start", "name=a", "--principal", "bob")).exit).toBe(EXIT.done);
    expect((await ctl("vm.start", "name=b", "--principal", "bob", "--agent", bob.fingerprint)).exit).toBe(EXIT.done);
    expect(host.done).toEqual(['vm.start {"name":"a"}', 'vm.start {"name":"b"}']);
    const { error } = await ctl("vm.start", "name=b", "--agent", ada.fingerprint);
    expect(error?.code).toBe("agent-lacks-key");
  });

  test("with arguments that are no texts, and an answer for programs", async () => {
    const { out } = await ctl("vm.stop", "name=work", "seconds:=30", "--json", ...asAda());
    expect(host.done).toEqual(['vm.stop {"name":"work","seconds":30}']);
    expect(JSON.parse(out)).toMatchObject({
      signed: true,
      message: { type: "result", op: "vm.stop", outcome: "done" },
    });
  });

  test("with two signers, and with the code of tty1 in the second one's place", async () => {
    const second = ["--second-key", bob.file, "--second-principal", "bob"];
    expect((await ctl("host.reboot", ...asAda(), ...second)).exit).toBe(EXIT.done);
    const code = readFileSync(join(host.seat, "code"), "utf8").trim();
    expect((await ctl("host.reboot", "--code", code, ...asAda())).exit).toBe(EXIT.done);
    expect(host.done).toEqual(["host.reboot {}", "host.reboot {}"]);
  });
});

describe("signed in one place, sent from another", () => {
  const offline = (path: string, ...words: string[]) =>
    multiverse("ctl", ...words, "--offline", path, "--host-key", host.host.line);
  const send = (path: string, ...words: string[]) => ctl("--send", path, ...words);

  test.each([
    ["nothing", ""],
    ["text", "a text"],
    ["a number of signatures", "\u0001"],
  ])("a file with %s is no command", async (_what, content) => {
    const path = fresh();
    writeFileSync(path, content);
    expect((await send(path)).error?.code).toBe("command-file");
  });

  test("no file is written over, and no number of hours is made up", async () => {
    const path = fresh();
    writeFileSync(path, "kept");
    expect((await offline(path, "vm.start", "name=a", ...asAda())).error?.code).toBe("command-file");
    expect(readFileSync(path, "utf8")).toBe("kept");
    expect((await offline(fresh(), "vm.start", "--hours", "25", ...asAda())).exit).toBe(EXIT.usage);
    expect((await offline(fresh(), "vm.start", "--seq", "0", ...asAda())).exit).toBe(EXIT.usage);
  });

  test("it is done once, and says so the second time; an older one comes too late", async () => {
    const [older, newer] = [fresh(), fresh()];
    expect((await offline(older, "vm.start", "name=old", "--seq", "5", ...asAda())).exit).toBe(EXIT.done);
    expect((await offline(newer, "vm.start", "name=new", "--seq", "6", ...asAda())).said).toContain("--send");
    expect(host.done).toEqual([]);
    expect((await send(newer)).out).toBe("vm.start: vm.start happens.\n");
    expect((await send(newer)).out).toContain("it had been done before");
    expect((await send(older)).error?.evidence[0]).toBe("reason: sequence");
    expect(host.done).toEqual(['vm.start {"name":"new"}']);
  });

  test("the second person signs when it is sent; nobody else, and nobody twice", async () => {
    const path = fresh();
    const made = await offline(path, "host.reboot", "--second-principal", "bob", ...asAda());
    expect(made.said).toContain("--second-key");
    expect((await send(path)).error?.evidence[0]).toBe("reason: two-signers");
    expect((await send(path, "--second-key", eve.file)).error?.evidence[0]).toBe("reason: signature-refused");
    expect((await send(path, "--second-key", bob.file)).exit).toBe(EXIT.done);
    expect(host.done).toEqual(["host.reboot {}"]);
    const alone = fresh();
    await offline(alone, "vm.start", "name=a", ...asAda());
    expect((await send(alone, "--second-key", bob.file)).exit).toBe(EXIT.usage);
  });
});

test("without an operation it lists every one, built or not", async () => {
  const { exit, out } = await multiverse("ctl");
  expect(exit).toBe(EXIT.done);
  const [built = "", later = ""] = out.split("not yet:");
  for (const name of OPERATION_NAMES) expect(out).toMatch(new RegExp(`^  ${name.replace(".", "\\.")} `, "m"));
  expect(built).toContain("seat.grant");
  expect(later).toContain("key.rotate");
});
