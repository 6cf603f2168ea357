// `multiverse ctl --host vsock://…`: the real gate, proxy, Perl and ssh-keygen; only AF_VSOCK, which test machines lack, is played.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { placeOf } from "../../bin/ctl/place.ts";
import { vsockFailure } from "../../bin/ctl/vsock-pipe.ts";
import { EXIT } from "../../core/errors.ts";
import { type CtlHost, ctlHost, multiverse } from "./ctl-host.ts";
import type { SampleKey } from "./ssh-sample.ts";
import { type PlayedPerl, type PlayedProxy, playPerl, playProxy } from "./vsock-play.ts";

let host: CtlHost;
let ada: SampleKey;
let eve: SampleKey;
let perl: PlayedPerl;
let proxy: PlayedProxy;

beforeAll(async () => {
  host = await ctlHost();
  [ada, eve] = [host.person("ada"), host.person("eve")];
  host.enroll([`ada ${ada.line}`], "version: 1\nprincipals: {ada: {operations: all}}\n");
  perl = playPerl(host.folder);
  proxy = await playProxy(host.folder, host.socket, [32, 4]);
});
afterAll(async () => {
  await proxy.end();
  await host.close();
});
beforeEach(() => {
  vi.stubEnv("SSH_AUTH_SOCK", undefined);
  vi.stubEnv("PATH", `${perl.bin}:${process.env.PATH}`);
  host.done.length = 0;
  rmSync(perl.called, { force: true });
  perl.leads(proxy.path);
  proxy.guest(3);
});
afterEach(() => void vi.unstubAllEnvs());

const called = () => (existsSync(perl.called) ? readFileSync(perl.called, "utf8") : "");
const hostKey = () => ["--host-key", host.host.line];
const asAda = () => ["--key", ada.file, "--principal", "ada"];
const ctl = (place: string, ...words: string[]) =>
  multiverse("ctl", "vm.start", "name=work", "--host", place, ...asAda(), ...words);

describe("nothing is sent", () => {
  test.each([
    "vsock:",
    "vsock:2",
    "vsock://",
    "vsock://host",
    "vsock://0",
    "vsock://02",
    "vsock://-1",
    "vsock://4294967295",
    "vsock://2:0",
    "vsock://2:4294967295",
    "vsock://ada@2",
    "vsock://2/x",
    "vsock://2?x",
    "vsock://2 3",
  ])("to %j, which is no place", async (place) => {
    const { exit, error } = await ctl(place, ...hostKey());
    expect(exit).toBe(EXIT.usage);
    expect(error?.message).toContain("no host to reach by vsock");
    expect(error?.hint).toContain("vsock://2");
    expect(called()).toBe("");
  });

  test("to a host whose key is not known", async () => {
    const { exit, error } = await ctl("vsock://2");
    expect({ exit, code: error?.code, called: called() }).toEqual({
      ...{ exit: EXIT.refused, code: "host-unknown", called: "" },
    });
    expect(error?.hint).toContain("--host-key");
  });

  test("to another host than the one that is known", async () => {
    const { error } = await ctl("vsock://2", "--host-key", eve.line);
    expect(error?.code).toBe("other-host");
    expect(host.done).toEqual([]);
  });
});

describe("what cannot be reached is told with what to do", () => {
  test.each([
    ["vsock://2", 19, "No such device", "<vsock>"],
    ["vsock://1", 19, "No such device", "modprobe vsock_loopback"],
    ["vsock://2", 97, "Address family not supported", "modprobe vsock"],
    ["vsock://2", 104, "Connection reset by peer", "multiversed-vsock.socket"],
    ["vsock://9", 110, "Connection timed out", "CID 2"],
    ["vsock://2", 13, "Permission denied", "multiversed-vsock.socket"],
  ])("%s, error %i of connect(2)", async (place, number, words, hint) => {
    perl.leads(number);
    const { exit, error } = await ctl(place, ...hostKey());
    expect({ exit, code: error?.code }).toEqual({ exit: EXIT.refused, code: "host-unreachable" });
    expect(error?.message).toBe(`${place} cannot be reached.`);
    expect(error?.evidence.join()).toContain(words);
    expect(error?.hint).toContain(hint);
  });

  test("Perl is not installed: the package is named", () => {
    const place = placeOf("vsock://2", undefined);
    if (place.kind !== "vsock") throw new Error("no vsock");
    const error = vsockFailure(place, { reason: "missing", exit: null, stderr: "" });
    expect(error.evidence).toEqual(["perl is not installed"]);
    expect(error.hint).toContain("apt-get install perl-base");
  });

  test("it is let in nowhere", async () => {
    const silent = join(host.folder, "silent.sock");
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(silent, resolve));
    perl.leads(silent);
    const { error } = await ctl("vsock://2", ...hostKey());
    server.close();
    expect(error?.message).toBe("vsock://2 was reached, and its daemon was not.");
    expect(error?.hint).toContain("4 connections");
  });
});

describe("the host refuses by vsock what it refuses by its socket:", () => {
  test("a key that is not enrolled", async () => {
    const asEve = ["--key", eve.file, "--principal", "ada"];
    const { exit, error } = await multiverse("ctl", "vm.start", "--host", "vsock://2", ...hostKey(), ...asEve);
    expect({ exit, reason: error?.evidence[0] }).toEqual({ exit: EXIT.refused, reason: "reason: signature-refused" });
  });

  test("changed bytes", async () => {
    const file = join(host.folder, "command");
    await multiverse("ctl", "vm.start", "name=work", "--offline", file, ...hostKey(), ...asAda());
    writeFileSync(file, readFileSync(file, "latin1").replace('"work"', '"play"'), "latin1");
    const { error } = await multiverse("ctl", "--send", file, "--host", "vsock://2", ...hostKey());
    expect(error?.evidence[0]).toBe("reason: signature-refused");
    expect(host.done).toEqual([]);
  });
});

describe("a command is done", () => {
  test.each([
    ["vsock://2", "40 2:1023\n"],
    ["vsock://4294967294:77", "40 4294967294:77\n"],
    ["vsock://1/", "40 1:1023\n"],
  ])("by %s", async (place, to) => {
    const { exit, out } = await ctl(place, ...hostKey());
    expect({ exit, out }).toEqual({ exit: EXIT.done, out: "vm.start: vm.start happens.\n" });
    expect(host.done).toEqual(['vm.start {"name":"work"}']);
    expect(called()).toBe(to);
  });

  test("that was signed elsewhere", async () => {
    const file = join(host.folder, "signed");
    await multiverse("ctl", "vm.start", "name=work", "--offline", file, ...hostKey(), ...asAda());
    const sent = await multiverse("ctl", "--send", file, "--host", "vsock://2", ...hostKey());
    expect(sent.exit).toBe(EXIT.done);
    expect(host.done).toHaveLength(1);
  });
});
