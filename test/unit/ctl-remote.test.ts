// `multiverse ctl --host`: the real ssh-keygen and the real control-pipe behind an ssh that is played, since tests need no sshd.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { keysOf } from "../../bin/ctl/known-hosts.ts";
import { EXIT } from "../../core/errors.ts";
import { type CtlHost, ctlHost, multiverse } from "./ctl-host.ts";
import type { SampleKey } from "./ssh-sample.ts";

const MAIN = new URL("../../bin/main.ts", import.meta.url).pathname;
let host: CtlHost;
let ada: SampleKey;
let eve: SampleKey;

beforeAll(async () => {
  host = await ctlHost();
  [ada, eve] = [host.person("ada"), host.person("eve")];
  host.enroll([`ada ${ada.line}`], "version: 1\nprincipals: {ada: {operations: all}}\n");
  mkdirSync(join(host.folder, "bin"));
});
afterAll(() => host.close());
beforeEach(() => {
  vi.stubEnv("SSH_AUTH_SOCK", undefined);
  vi.stubEnv("PATH", `${join(host.folder, "bin")}:${process.env.PATH}`);
  host.done.length = 0;
  known("");
  configured("");
  plays(`exec ${process.execPath} ${MAIN} control-pipe --socket ${host.socket}`);
});
afterEach(() => void vi.unstubAllEnvs());

const config = () => join(host.folder, "config");
const knownHosts = () => join(host.folder, "known_hosts");
const known = (text: string) => writeFileSync(knownHosts(), text);
/** The person's ssh_config. */
const configured = (text: string) =>
  writeFileSync(config(), `${text}\nHost *\nUserKnownHostsFile ${knownHosts()}\nGlobalKnownHostsFile none\n`);
/** What ssh does instead of connecting; its configuration it reads itself. What it was called with is in `called`. */
const plays = (line: string) => {
  const ssh = join(host.folder, "bin/ssh");
  writeFileSync(
    ssh,
    `#!/bin/sh\nif [ "$1" = -G ]; then exec /usr/bin/ssh -F ${config()} "$@"; fi\necho "$*" >${host.folder}/called\n${line}\n`,
  );
  chmodSync(ssh, 0o755);
};
const called = () => readFileSync(join(host.folder, "called"), "utf8").trim();
const ctl = (place: string, ...words: string[]) =>
  multiverse("ctl", "vm.start", "name=work", "--host", place, "--key", ada.file, "--principal", "ada", ...words);

describe("the host's key is known beforehand, or nothing is sent", () => {
  test("a host that is not known is refused without being asked", async () => {
    writeFileSync(join(host.folder, "called"), "nobody");
    const { exit, error } = await ctl("ssh://jupiter");
    expect({ exit, code: error?.code }).toEqual({ exit: EXIT.refused, code: "host-unknown" });
    expect(error?.hint).toContain("--host-key");
    expect(called()).toBe("nobody");
  });

  test("a host that is known by another key is refused", async () => {
    known(`jupiter ${eve.line}\n`);
    expect((await ctl("ssh://jupiter")).error?.code).toBe("other-host");
    expect(host.done).toEqual([]);
  });

  test("a revoked key is none, whatever else is said of it", () => {
    const [plain, other] = ["ssh-ed25519 AAAA", "ssh-ed25519 BBBB"];
    expect(keysOf([`jupiter ${plain}`, `@revoked * ${plain}`, `|1|abc=|def= ${other} comment`])).toEqual([other]);
    expect(keysOf([`@cert-authority *.example ${other}`, ""])).toEqual([]);
  });
});

describe("a host that cannot be reached", () => {
  test.each([
    [
      "echo 'ssh: connect to host jupiter port 22: Connection refused' >&2; exit 255",
      "cannot be reached",
      "Connection refused",
    ],
    ["echo 'sh: 1: multiverse: not found' >&2; exit 127", "its daemon was not", "multiverse: not found"],
    [
      `exec ${process.execPath} ${MAIN} control-pipe --socket /nowhere`,
      "its daemon was not",
      "systemctl status multiversed",
    ],
    ["exit 0", "its daemon was not", ""],
  ])("%s: is told in ssh's own last words", async (line, message, words) => {
    known(`jupiter ${host.host.line}\n`);
    plays(line);
    const { exit, error } = await ctl("ssh://jupiter");
    expect({ exit, code: error?.code }).toEqual({ exit: EXIT.refused, code: "host-unreachable" });
    expect(error?.message).toContain(message);
    expect(error?.evidence.join("\n")).toContain(words);
    expect(error?.hint).toContain("ssh jupiter");
  });

  test("one that talks something else is no daemon", async () => {
    known(`jupiter ${host.host.line}\n`);
    plays("echo 'Welcome to jupiter! You have mail.'");
    expect((await ctl("ssh://jupiter")).error?.code).toBe("host-unreachable");
  });
});

describe("a command is done on another host", () => {
  test("and the private key stays here: only the public half and a signature are sent", async () => {
    known(`jupiter ${host.host.line}\n`);
    plays(`tee ${host.folder}/sent | ${process.execPath} ${MAIN} control-pipe --socket ${host.socket}`);
    const { exit, out } = await ctl("ssh://ada@jupiter");
    expect({ exit, out }).toEqual({ exit: EXIT.done, out: "vm.start: vm.start happens.\n" });
    expect(host.done).toEqual(['vm.start {"name":"work"}']);
    expect(called()).toBe("-T -l ada -- jupiter multiverse control-pipe");
    const sent = readFileSync(join(host.folder, "sent"), "latin1");
    expect(sent).toContain("BEGIN SSH SIGNATURE");
    expect(sent).not.toContain("PRIVATE KEY");
    for (const line of readFileSync(ada.file, "utf8").split("\n").slice(2, -3)) expect(sent).not.toContain(line);
  });

  test.each([
    ["another port", "ssh://ada@jupiter:2222", "", (key: string) => `[jupiter]:2222 ${key}\n`],
    [
      "an alias of ssh's configuration",
      "ssh://ju",
      "Host ju\nHostName jupiter.example.net\n",
      (key: string) => `jupiter.example.net ${key}\n`,
    ],
    ["a name for its key", "ssh://ju", "Host ju\nHostKeyAlias rack\n", (key: string) => `rack ${key}\n`],
    ["more keys than one", "ssh://jupiter", "", (key: string) => `jupiter ${eve.line}\njupiter ${key}\n`],
    ["a name without ssh://", "ada@jupiter", "", (key: string) => `jupiter ${key}\n`],
    ["IPv6", "ssh://[fd00::3]", "", (key: string) => `fd00::3 ${key}\n`],
  ])("that has %s", async (_what, place, settings, line) => {
    configured(settings);
    known(line(host.host.line));
    expect((await ctl(place)).error).toBeNull();
    expect(host.done).toHaveLength(1);
  });

  test("that is not known, with its key from elsewhere", async () => {
    expect((await ctl("ssh://jupiter", "--host-key", `${host.host.file}.pub`)).exit).toBe(EXIT.done);
  });
});
