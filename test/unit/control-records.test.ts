// What the daemon keeps: commands across a crash, the audit log and its anchor, changes that go back by themselves.
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuditLog, fileAnchor } from "../../core/control/audit.ts";
import type { Gate } from "../../core/control/gate.ts";
import type { Handlers } from "../../core/control/handlers.ts";
import type { ResultReply } from "../../core/control/reply.ts";
import { Reverts } from "../../core/control/revert.ts";
import { CommandStore } from "../../core/control/store.ts";
import { type Commander, commander, sign, type TestHost, testHost } from "./control-host.ts";

let host: TestHost;

beforeEach(() => {
  host = testHost();
  host.enroll([`ada ${host.key("ada").line}`], "version: 1\nprincipals: {ada: {operations: all}}\nrevert-after: 30\n");
});

afterEach(() => host.remove());

const WORK = { args: { name: "work" } };
const ID = "a".repeat(64);
const accepted = (id: string, exp: number) => ({ id, op: "vm.start", by: "ada", key: "k", exp });

describe("commands across a crash", () => {
  const folder = () => join(host.folder, "commands");

  test("accepted without an end is in doubt, and never run again", async () => {
    let gate = await host.gate({ handlers: { "vm.start": async () => ({ text: null }) } });
    let ada = commander(host, gate, "ada", host.key("ada"));
    const sent = await ada.command("vm.start", WORK);
    const { id } = sent.message as ResultReply;
    await gate.close();
    // As a crash between accepted and done leaves it.
    const path = join(host.state, `commands/${id}.json`);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), result: null }));
    let runs = 0;
    const count: Handlers = {
      "vm.start": async () => {
        runs += 1;
        return { text: null };
      },
    };
    gate = await host.gate({ handlers: count });
    ada = commander(host, gate, "ada", host.key("ada"));
    expect(gate.facts().inDoubt).toMatchObject([{ id, op: "vm.start", by: "ada" }]);
    const again = await ada.raw(sent.envelope, [sign(host.key("ada"), sent.envelope)]);
    expect(again.message).toMatchObject({ type: "result", outcome: "in-doubt", repeated: true });
    expect(runs).toBe(0);
    await gate.close();
  });

  test("what is given up when the daemon ends is in doubt after it", async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const handlers: Handlers = {
      "vm.start": (_, { signal }) =>
        new Promise((_end, fail) => {
          signal.addEventListener("abort", () => fail(new Error("given up")));
          begin();
        }),
    };
    let gate = await host.gate({ handlers });
    const sent = commander(host, gate, "ada", host.key("ada")).command("vm.start", WORK);
    await begun;
    await gate.close();
    expect((await sent).said).toBe("in-doubt");
    gate = await host.gate({ handlers });
    expect(gate.facts().inDoubt.length).toBe(1);
    await gate.close();
  });

  test("it is on the medium before the handler is called", async () => {
    let seen: string[] = [];
    const gate = await host.gate({
      handlers: {
        "vm.start": async (_, { id }) => {
          seen = [
            readFileSync(join(host.state, `commands/${id}.json`), "utf8"),
            readFileSync(join(host.state, "audit.jsonl"), "utf8"),
          ];
          return { text: null };
        },
      },
    });
    await commander(host, gate, "ada", host.key("ada")).command("vm.start", WORK);
    expect(JSON.parse(seen[0] ?? "")).toMatchObject({ op: "vm.start", result: null });
    expect(seen[1]).toContain('"event":"accepted"');
    await gate.close();
  });

  test("where it cannot be recorded it is not run", async () => {
    let runs = 0;
    const gate = await host.gate({
      handlers: {
        "vm.start": async () => {
          runs += 1;
          return { text: null };
        },
      },
    });
    rmSync(join(host.state, "commands"), { recursive: true });
    writeFileSync(join(host.state, "commands"), "");
    expect((await commander(host, gate, "ada", host.key("ada")).command("vm.start", WORK)).said).toBe("failed");
    expect(runs).toBe(0);
    await gate.close();
  });

  test("a damaged record still says that the command was accepted", () => {
    new CommandStore(folder(), host.clock).accept(accepted(ID, host.clock.wall()));
    writeFileSync(join(folder(), `${ID}.json`), "{");
    expect(new CommandStore(folder(), host.clock).get(ID)?.state).toBe("in-doubt");
  });

  test("goes an hour after it expired, one in doubt after a week", () => {
    const store = new CommandStore(folder(), host.clock);
    const [done, lost] = ["b".repeat(64), "c".repeat(64)];
    for (const id of [done, lost]) store.accept(accepted(id, host.clock.wall() + 60_000));
    store.end(done, { outcome: "done", code: null, text: null, data: {}, ended: host.clock.wall() });
    const ids = () => new CommandStore(folder(), host.clock).all().map(({ id }) => id);
    host.clock.pass(3600);
    expect(ids()).toEqual([done, lost]);
    host.clock.pass(61);
    expect(ids()).toEqual([lost]);
    host.clock.pass(7 * 86_400);
    expect(ids()).toEqual([]);
    expect(readdirSync(folder())).toEqual([]);
  });
});

describe("the audit log", () => {
  const log = () => new AuditLog(host.state, host.anchor, () => host.clock.wall());
  const path = () => join(host.state, "audit.jsonl");
  const written = (entries: number) => {
    const audit = log();
    for (let index = 0; index < entries; index += 1) audit.append({ event: "start", boot: `b${index}` });
    return audit;
  };

  test.each([
    ["an edited line", (text: string) => text.replace('"b1"', '"bX"'), "not what was written"],
    ["a line taken out", (text: string) => text.replace(/^.*"b1".*\n/m, ""), "not what was written"],
    ["two lines swapped", (text: string) => text.replace(/^(.*"b1".*\n)(.*"b2".*\n)/m, "$2$1"), "not what was written"],
    ["the last line edited", (text: string) => text.replace('"b3"', '"bX"'), "not the one that was anchored"],
    ["the tail cut off at a line", (text: string) => text.replace(/^.*"b3".*\n/m, ""), "it has 3 lines of 4"],
    ["the tail cut off within a line", (text: string) => text.slice(0, -9), "it has 3 lines of 4"],
    ["all of it gone", () => "", "it has 0 lines of 4"],
  ])("%s is found at the next start, and stays told until an admin acknowledges it", (_, change, why) => {
    written(4);
    writeFileSync(path(), change(readFileSync(path(), "utf8")));
    const broken = log();
    expect(broken.state).toMatchObject({ state: "broken", why: expect.stringContaining(why), entries: 1 });
    expect(readdirSync(host.state).filter((name) => name.startsWith("audit.broken-")).length).toBe(1);
    broken.append({ event: "start" });
    expect(log().state).toMatchObject({ state: "broken", why: expect.stringContaining(why) });
    log().append({ event: "acknowledged", by: "ada" });
    expect(log().state).toMatchObject({ state: "whole", why: null, entries: 3 });
  });

  test("an old log put back with its old end is found", () => {
    written(2);
    const old = readFileSync(path(), "utf8");
    written(2);
    writeFileSync(path(), old);
    expect(log().state.state).toBe("broken");
  });

  test("an anchor that cannot be read or written is told", () => {
    written(2);
    writeFileSync(host.anchorPath, "{}");
    expect(log().state).toMatchObject({ state: "broken", why: "What the anchor says cannot be read." });
    rmSync(host.anchorPath);
    mkdirSync(host.anchorPath);
    expect(log().state.state).toBe("broken");
  });

  test("a line that a power cut left half is taken away, and nothing is broken", () => {
    written(2);
    appendFileSync(path(), '{"v":1,"n":3,"at":17');
    expect(log().state).toMatchObject({ state: "whole", entries: 2 });
    expect(written(1).state).toMatchObject({ state: "whole", entries: 3 });
    expect(log().state).toMatchObject({ state: "whole", entries: 3 });
  });

  test("an anchor that a power cut left one line behind is brought up", () => {
    const audit = written(2);
    const behind = readFileSync(host.anchorPath, "utf8");
    audit.append({ event: "start" });
    writeFileSync(host.anchorPath, behind);
    expect(log().state.state).toBe("whole");
    expect(fileAnchor(host.anchorPath).read()?.entries).toBe(3);
  });

  test("a broken one does not stop commands, and is closed by one; its head is signed by the host", async () => {
    written(4);
    truncateSync(path(), 100);
    const gate = await host.gate({ handlers: { "vm.start": async () => ({ text: null }) } });
    const ada = commander(host, gate, "ada", host.key("ada"));
    expect(host.logged[0]).toContain("The audit log is broken");
    expect(gate.facts().audit).toMatchObject({ state: "broken", anchor: "file" });
    expect((await ada.command("vm.start", WORK)).said).toBe("done");
    expect((await ada.command("audit.acknowledge")).said).toBe("done");
    expect(gate.facts().audit).toMatchObject({ state: "whole", why: null });
    await gate.close();
    const { head, signature } = JSON.parse(readFileSync(join(host.state, "audit-head.json"), "utf8"));
    expect(JSON.parse(head)).toMatchObject({ host: host.host.fingerprint, ...host.anchor.read() });
    const [signers, signed] = [join(host.folder, "signers"), join(host.folder, "head.sig")];
    writeFileSync(signers, `host ${host.host.line}\n`);
    writeFileSync(signed, signature);
    const argv = ["-Y", "verify", "-f", signers, "-I", "host", "-n", "multiversed-audit@v1", "-s", signed];
    expect(execFileSync("ssh-keygen", argv, { input: head }).toString()).toContain("Good");
  });

  test("holds neither the code of tty1 nor what was never signed", async () => {
    const gate = await host.gate();
    const ada = commander(host, gate, "ada", host.key("ada"));
    const certificate = `${host.key("seat").line}`;
    await ada.command("seat.grant", { args: { code: "PLANTED-CODE", certificate } });
    await ada.command("host.reboot", { presence: "PLANTED-CODE" });
    await commander(host, gate, "eve", host.key("eve")).command("host.reboot");
    await gate.close();
    expect(readFileSync(path(), "utf8")).toContain('"op":"seat.grant"');
    expect(readFileSync(path(), "utf8")).not.toMatch(/PLANTED|"eve"/);
    const kept = readdirSync(host.state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(kept.length).toBeGreaterThan(2);
    for (const { parentPath, name } of kept)
      expect(readFileSync(join(parentPath, name), "utf8")).not.toContain("PLANTED");
  });
});

describe("confirm or revert", () => {
  let state: string;
  let gate: Gate;
  let ada: Commander;
  let fail: Error | null;
  const options = () => ({
    handlers: {
      "vm.start": async (args, { changeWithRevert }) => {
        await changeWithRevert({ was: state }, async () => {
          state = String(args.name);
        });
        return { text: "changed" };
      },
    } as Handlers,
    reverters: {
      "vm.start": async ({ was }: { was?: unknown }) => {
        if (fail !== null) throw fail;
        state = String(was);
      },
    },
  });
  const change = async (name: string) => (await ada.command("vm.start", { args: { name } })).message as ResultReply;
  const open = async () => {
    gate = await host.gate(options());
    ada = commander(host, gate, "ada", host.key("ada"));
  };
  /** What a timer began goes on in promises. */
  const settled = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };

  beforeEach(async () => {
    state = "before";
    fail = null;
    await open();
  });
  afterEach(() => gate.close());

  test("goes back by itself when the time is over, and a confirm after that is too late", async () => {
    const { id } = await change("new");
    expect([state, gate.facts().pending]).toMatchObject(["new", [{ id, op: "vm.start" }]]);
    host.clock.pass(29);
    await settled();
    expect(state).toBe("new");
    host.clock.pass(1);
    await settled();
    expect([state, gate.facts().pending]).toEqual(["before", []]);
    expect((await ada.command("confirm", { args: { id } })).message).toMatchObject({
      outcome: "failed",
      code: "state",
    });
    expect(state).toBe("before");
  });

  test("stays when it is confirmed by a second signed command", async () => {
    const { id } = await change("new");
    const confirmed = await ada.command("confirm", { args: { id } });
    expect(confirmed.said).toBe("done");
    host.clock.pass(3600);
    await settled();
    expect(state).toBe("new");
    expect(readdirSync(join(host.state, "pending"))).toEqual([]);
  });

  test("is not confirmed by the first command sent again, or by whoever may not make it", async () => {
    host.enroll(
      [`ada ${host.key("ada").line}`, `bob ${host.key("bob").line}`],
      "version: 1\nprincipals: {ada: {operations: all}, bob: {operations: [vm.stop]}}\nrevert-after: 30\n",
    );
    const { id } = await change("new");
    const bob = commander(host, gate, "bob", host.key("bob"));
    expect((await bob.command("confirm", { args: { id } })).said).toBe("policy");
    host.clock.pass(30);
    await settled();
    expect(state).toBe("before");
  });

  test("goes back at the next start after a crash", async () => {
    await change("new");
    await gate.close();
    expect([state, readdirSync(join(host.state, "pending")).length]).toEqual(["new", 1]);
    await open();
    expect([state, gate.facts().pending]).toEqual(["before", []]);
    expect(readFileSync(join(host.state, "audit.jsonl"), "utf8")).toContain('"event":"reverted"');
  });

  test("whose record is damaged is told of, and holds up nothing", async () => {
    await change("new");
    await gate.close();
    for (const name of readdirSync(join(host.state, "pending"))) writeFileSync(join(host.state, "pending", name), "{");
    await open();
    expect(host.logged.join()).toContain("is damaged");
    expect(state).toBe("new");
  });

  test("that cannot be brought back is tried again, and stays told", async () => {
    await change("new");
    fail = new Error("the device is busy");
    host.clock.pass(30);
    await settled();
    expect([state, gate.facts().pending.length]).toEqual(["new", 1]);
    fail = null;
    host.clock.pass(60);
    await settled();
    expect([state, gate.facts().pending]).toEqual(["before", []]);
  });

  test("a second change waits for the first", async () => {
    await change("new");
    expect(await change("newer")).toMatchObject({ outcome: "failed", code: "state" });
    expect(state).toBe("new");
  });

  test("a change that fails halfway goes back at once; one that ends too late goes back, too", async () => {
    await gate.close();
    let finish = () => {};
    const reverts = new Reverts({
      ...{ folder: join(host.folder, "reverts"), clock: host.clock, onReverted: () => {}, log: () => {} },
      reverters: {
        "vm.start": async ({ was }) => {
          state = String(was);
        },
      },
    });
    const request = { id: ID, op: "vm.start" as const, undo: { was: "before" }, after: 5 };
    const failing = async () => {
      state = "half";
      throw new Error("no");
    };
    await expect(reverts.change({ ...request, apply: failing })).rejects.toThrow("no");
    expect(state).toBe("before");
    const late = reverts.change({
      ...request,
      apply: () =>
        new Promise((resolve) => {
          finish = () => {
            state = "late";
            resolve();
          };
        }),
    });
    host.clock.pass(5);
    await settled();
    finish();
    await expect(late).rejects.toMatchObject({ code: "failed" });
    expect([state, reverts.pending()]).toEqual(["before", []]);
    expect(existsSync(join(host.folder, `reverts/${ID}.json`))).toBe(false);
  });
});
