// The seat from end to end: unlocked by an admin's `ctl seat.grant`, used by the screen through a real agent, locked again.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { allowedSigners, policyText } from "../../core/control/enroll.ts";
import { type SeatCommander, seatCommander } from "../../core/control/seat-signer.ts";
import { EXIT } from "../../core/errors.ts";
import { type CtlHost, ctlHost, multiverse } from "./ctl-host.ts";
import { makeKey, type SampleAgent, type SampleKey, sampleFolder, startAgent } from "./ssh-sample.ts";

const keys = sampleFolder();
let host: CtlHost;
let ada: SampleKey;
let carl: SampleKey;
let seatKey: SampleKey;
let agent: SampleAgent;
let screen: SeatCommander;
let hostKeys: string;

beforeAll(() => {
  seatKey = makeKey(keys.path, "seat");
  mkdirSync(moment());
});
afterAll(() => keys.remove());
beforeEach(async () => {
  vi.stubEnv("SSH_AUTH_SOCK", undefined);
  vi.stubEnv("TMPDIR", undefined);
  host = await ctlHost({ seatKey: seatKey.line });
  [ada, carl] = [host.person("ada"), host.person("carl")];
  const admins = [{ name: "ada", key: ada.line }];
  // carl may grant, and has no line by which his key makes certificates.
  host.enroll(
    [allowedSigners(admins), `carl ${carl.line}`],
    policyText([...admins, { name: "carl", key: carl.line, operations: ["seat.grant", "vm.stop"] }]),
  );
  agent = await startAgent(host.seat);
  agent.add(seatKey);
  hostKeys = keys.path;
  writeFileSync(join(keys.path, "host.pub"), `${host.host.line}\n`);
  vi.stubEnv("TMPDIR", moment());
  screen = seatCommander({ folder: host.seat, socket: host.socket, hostKeys, wall: () => host.clock.wall() });
});
afterEach(async () => {
  await agent.end();
  await host.close();
  vi.unstubAllEnvs();
});

const ctl = (...words: string[]) => multiverse("ctl", ...words, "--socket", host.socket, "--host-key", host.host.line);
const code = () => readFileSync(join(host.seat, "code"), "utf8").trim();
const unlock = () => ctl("seat.grant", "--code", code(), "--key", ada.file, "--principal", "ada");
const certificate = () => join(host.seat, "certificate");
/** Where the client puts what it needs for a moment. */
const moment = () => join(keys.path, "tmp");

describe("a locked seat", () => {
  test("does nothing", async () => {
    expect(await screen.send("vm.start", { name: "work" })).toEqual({ state: "failed", text: "The seat is locked." });
  });

  test("is not unlocked without the code, or with another", async () => {
    const without = await ctl("seat.grant", "--key", ada.file, "--principal", "ada");
    expect({ exit: without.exit, said: without.error?.message }).toMatchObject({ exit: EXIT.usage });
    const wrong = await ctl("seat.grant", "--code", "0000-0000", "--key", ada.file, "--principal", "ada");
    expect(wrong.error).toMatchObject({ code: "command-failed", evidence: ["reason: presence"] });
    expect(wrong.error?.hint).toContain("tty1");
    expect(existsSync(certificate())).toBe(false);
    expect(readdirSync(moment())).toEqual([]);
  });

  test("is not unlocked by whoever may not, nor with a certificate of somebody else's", async () => {
    const seat = ["--code", code(), "--principal", "ada", "--key", ada.file];
    const line = readFileSync(`${carl.file}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
    const { error } = await ctl("seat.grant", `certificate=${line}`, ...seat);
    expect(error?.evidence).toEqual(["reason: seat-certificate"]);
    expect(existsSync(certificate())).toBe(false);
  });

  test("of a host without a seat's key cannot be unlocked", async () => {
    const other = await ctlHost();
    try {
      other.enroll([`ada ${ada.line}`], policyText([{ name: "ada", key: ada.line }]));
      const words = ["--socket", other.socket, "--host-key", other.host.line, "--key", ada.file, "--principal", "ada"];
      const { error } = await multiverse("ctl", "seat.grant", "--code", "1", ...words);
      expect(error).toMatchObject({ code: "no-seat", hint: expect.stringContaining("multiverse-seat-agent") });
    } finally {
      await other.close();
    }
  });
});

describe("an unlocked seat", () => {
  beforeEach(async () => {
    const { exit, out } = await unlock();
    expect({ exit, out: out.split("\n")[0] }).toEqual({ exit: EXIT.done, out: "seat.grant: The seat is unlocked." });
    expect(readdirSync(moment())).toEqual([]);
  });

  test("starts a controller, and does not restart the host", async () => {
    expect(await screen.send("vm.start", { name: "work" })).toEqual({ state: "done", text: "vm.start happens." });
    expect(await screen.send("host.reboot", {})).toMatchObject({
      state: "failed",
      text: expect.stringContaining("may not"),
    });
    expect(await screen.send("vm.start", { name: "../x" })).toMatchObject({ state: "failed" });
    expect(host.done).toEqual(['vm.start {"name":"work"}']);
  });

  test("locks itself, and a kept copy of the certificate is worth nothing then", async () => {
    copyFileSync(certificate(), join(host.folder, "kept"));
    expect(await screen.send("seat.drop", {})).toEqual({ state: "done", text: "The seat is locked." });
    expect(existsSync(certificate())).toBe(false);
    copyFileSync(join(host.folder, "kept"), certificate());
    const again = await screen.send("vm.start", { name: "work" });
    expect(again).toEqual({ state: "failed", text: "The seat is locked." });
    expect(host.done).toEqual([]);
  });

  test("is locked after eight hours, whoever kept the certificate", async () => {
    copyFileSync(certificate(), join(host.folder, "kept"));
    host.clock.pass(8 * 3_600 + 1);
    expect(existsSync(certificate())).toBe(false);
    copyFileSync(join(host.folder, "kept"), certificate());
    expect(await screen.send("vm.start", { name: "work" })).toMatchObject({ state: "failed" });
    expect(host.done).toEqual([]);
  });

  test("does nothing when its agent is gone, has another key, or the daemon is", async () => {
    await agent.end();
    expect(await screen.send("vm.start", { name: "a" })).toMatchObject({
      state: "failed",
      text: expect.stringContaining("agent cannot be reached"),
    });
    agent = await startAgent(host.seat);
    agent.add(carl);
    expect(await screen.send("vm.start", { name: "a" })).toMatchObject({
      state: "failed",
      text: expect.stringContaining("refused"),
    });
    const nowhere = seatCommander({ folder: host.seat, socket: `${host.socket}2`, hostKeys, wall: Date.now });
    expect(await nowhere.send("vm.start", { name: "a" })).toMatchObject({
      state: "failed",
      text: expect.stringContaining("does not answer"),
    });
    expect(host.done).toEqual([]);
  });

  test("does nothing for a daemon that is not this host's", async () => {
    writeFileSync(join(keys.path, "host.pub"), `${carl.line}\n`);
    expect(await screen.send("vm.start", { name: "a" })).toMatchObject({
      state: "failed",
      text: expect.stringContaining("another host"),
    });
  });
});

test("a certificate by somebody whose key may not make any is not good for a command", async () => {
  const granted = await ctl("seat.grant", "--code", code(), "--key", carl.file, "--principal", "carl");
  expect(granted.exit).toBe(EXIT.done);
  expect(await screen.send("vm.start", { name: "work" })).toMatchObject({
    state: "failed",
    text: expect.stringContaining("ssh-keygen"),
  });
  expect(host.done).toEqual([]);
});

test("an admin whose key is in an agent unlocks it, too", async () => {
  const own = await startAgent(host.folder, "own");
  try {
    own.add(ada);
    vi.stubEnv("SSH_AUTH_SOCK", own.socket);
    expect((await ctl("seat.grant", "--code", code(), "--principal", "ada")).exit).toBe(EXIT.done);
    expect(await screen.send("vm.start", { name: "work" })).toMatchObject({ state: "done" });
    // The admin's own commands need no certificate, and lock the seat from afar.
    expect((await ctl("seat.drop", "--principal", "ada")).exit).toBe(EXIT.done);
    expect(await screen.send("vm.start", { name: "work" })).toMatchObject({ state: "failed" });
  } finally {
    await own.end();
  }
});

test("a revoked admin's certificate is worth nothing at once", async () => {
  expect((await unlock()).exit).toBe(EXIT.done);
  writeFileSync(join(host.enrolled, "revoked_keys"), `${ada.line}\n`);
  expect(await screen.send("vm.start", { name: "work" })).toMatchObject({ state: "failed" });
  expect(host.done).toEqual([]);
});
