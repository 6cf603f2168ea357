// The seat: presence at tty1, a certificate for eight hours, and nothing beyond what a seat may do.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";

import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Gate } from "../../core/control/gate.ts";
import { agentSigner } from "../../core/control/signers/agent-signer.ts";
import { parseKeyLine } from "../../core/control/ssh-key.ts";
import { COMMAND_NAMESPACE } from "../../core/control/ssh-tool.ts";
import { readPublicKeyLine } from "../../core/control/sshsig.ts";
import { type Commander, commander, type Key, type TestHost, testHost } from "./control-host.ts";

/** The file gives the seat everything: what it may do is not the file's to say. */
const POLICY =
  "version: 1\nprincipals: {ada: {operations: all}, seat: {operations: all}}\ntwo-signers: [host.poweroff]\n";

let host: TestHost;
let gate: Gate;
let ada: Commander;

const handlers = {
  "vm.start": async () => ({ text: null }),
  "vm.kill": async () => ({ text: null }),
  "host.reboot": async () => ({ text: null }),
  "host.poweroff": async () => ({ text: null }),
};

beforeEach(async () => {
  host = testHost();
  const line = host.key("ada").line;
  host.enroll([`ada ${line}`, `seat cert-authority,namespaces="multiversed-command@v1" ${line}`], POLICY);
  gate = await host.gate({ handlers, seatKey: `${host.key("tty1").file}.pub` });
  ada = commander(host, gate, "ada", host.key("ada"));
});

afterEach(async () => {
  await gate.close();
  host.remove();
});

const code = () => readFileSync(join(host.seat, "code"), "utf8").trim();

/** The seat's key with a certificate: ssh-keygen signs with the certificate that is given as its public key. */
function certified({
  by = "ada",
  principals = "seat",
  validity = "-1m:+8h",
  serial = "1",
} = {}): Key & { line: string } {
  const seat = host.key("tty1");
  execFileSync("ssh-keygen", [
    ...["-q", "-s", host.key(by).file, "-I", "tty1 of jupiter", "-n", principals, "-V", validity, "-z", serial],
    `${seat.file}.pub`,
  ]);
  const certificate = seat.file.replace(/$/, "-cert.pub");
  const [kind, base64] = readFileSync(certificate, "utf8").split(" ");
  return { ...seat, file: certificate, line: `${kind} ${base64}` };
}

const grant = (certificate: string, given = code()) =>
  ada.command("seat.grant", { args: { code: given, certificate } });

test("a certificate says of itself what ssh-keygen says of it", () => {
  const { line } = certified({ validity: "20260101Z:20260102Z", serial: "7" });
  expect(readPublicKeyLine(line)).toMatchObject({
    fingerprint: host.key("tty1").fingerprint,
    certificate: {
      ...{ keyId: "tty1 of jupiter", serial: "7", principals: ["seat"], authority: host.key("ada").fingerprint },
      ...{ validAfter: Date.UTC(2026, 0, 1) / 1000, validBefore: Date.UTC(2026, 0, 2) / 1000 },
    },
  });
});

test.each([
  ["ecdsa", []],
  ["rsa", ["-b", "2048"]],
])("the fingerprint of a %s key is the one that ssh-keygen prints, with and without a certificate", (kind, more) => {
  const file = join(host.folder, kind);
  execFileSync("ssh-keygen", ["-q", "-t", kind, ...more, "-N", "", "-f", file]);
  execFileSync("ssh-keygen", ["-q", "-s", host.key("ada").file, "-I", "x", "-n", "seat", `${file}.pub`]);
  const printed = execFileSync("ssh-keygen", ["-l", "-f", `${file}.pub`], { encoding: "utf8" }).split(" ")[1];
  for (const name of [`${file}.pub`, `${file}-cert.pub`]) {
    expect(readPublicKeyLine(readFileSync(name, "utf8")).fingerprint).toBe(printed);
  }
});

describe("unlocking", () => {
  test("without the code of tty1", async () => {
    expect((await grant(certified().line, "AAAA-AAAA")).message).toMatchObject({ outcome: "failed", code: "presence" });
    expect(gate.facts().seat).toBe(null);
  });

  test("a right code is used up, and five wrong ones bring another", async () => {
    const first = code();
    for (let wrong = 1; wrong < 5; wrong++) {
      await grant(certified().line, "AAAA-AAAA");
      expect(code()).toBe(first);
    }
    await grant(certified().line, "AAAA-AAAA");
    expect((await grant(certified().line, first)).message).toMatchObject({ code: "presence" });
    const used = code();
    expect((await grant(certified().line, used)).said).toBe("done");
    expect((await grant(certified().line, used)).message).toMatchObject({ code: "presence" });
  });

  test("with a certificate of a key that is not the seat's, though the admin has made it", async () => {
    const line = certified().line;
    writeFileSync(`${host.key("tty1").file}.pub`, `${host.key("eve").line}\n`);
    expect((await grant(line)).message).toMatchObject({ outcome: "failed", code: "seat-certificate" });
  });

  test.each([
    ["for another principal", { principals: "ada" }],
    ["for more than the seat", { principals: "seat,ada" }],
    ["for more than eight hours", { validity: "-1m:+9h" }],
    ["for ever", { validity: "always:forever" }],
    ["that is over", { validity: "-2h:-1h" }],
    ["that is not good yet", { validity: "+1h:+2h" }],
    ["made by another key", { by: "eve" }],
  ])("with a certificate %s", async (_, how) => {
    expect((await grant(certified(how).line)).message).toMatchObject({ outcome: "failed", code: "seat-certificate" });
    expect(gate.facts().seat).toBe(null);
  });

  test("with a key that is no certificate, or a certificate for a host", async () => {
    expect((await grant(host.key("tty1").line)).message).toMatchObject({ code: "seat-certificate" });
    const { file } = host.key("tty1");
    execFileSync("ssh-keygen", ["-q", "-s", host.key("ada").file, "-h", "-I", "x", "-n", "seat", `${file}.pub`]);
    const [kind, base64] = readFileSync(`${file}-cert.pub`, "utf8").split(" ");
    expect((await grant(`${kind} ${base64}`)).message).toMatchObject({ code: "seat-certificate" });
  });

  test("by a principal who may not", async () => {
    host.enroll([`ada ${host.key("ada").line}`], "version: 1\nprincipals: {ada: {operations: [vm.start]}}\n");
    expect((await grant(certified().line)).said).toBe("policy");
  });
});

describe("the seat", () => {
  const unlocked = async () => {
    const key = certified();
    expect((await grant(key.line)).said).toBe("done");
    return { key, seat: commander(host, gate, "seat", key) };
  };

  test("locked, its certificate is good for nothing however well it is signed", async () => {
    const seat = commander(host, gate, "seat", certified());
    expect((await seat.command("vm.start", { args: { name: "work" } })).said).toBe("seat-certificate");
  });

  test("starts a machine; what destroys it may not do, whatever the policy says", async () => {
    const { seat } = await unlocked();
    expect((await seat.command("vm.start", { args: { name: "work" } })).said).toBe("done");
    expect((await seat.command("vm.kill", { args: { name: "work" } })).said).toBe("policy");
    expect((await seat.command("host.reboot")).said).toBe("policy");
    expect((await seat.command("audit.acknowledge")).said).toBe("policy");
    const { by, operations } = gate.facts().seat ?? { by: "", operations: [] };
    expect([by, operations]).toEqual(["ada", ["vm.start", "vm.stop", "vm.switch", "vm.console", "seat.drop"]]);
  });

  test("does not speak for the admin who unlocked it", async () => {
    const { key } = await unlocked();
    const forged = commander(host, gate, "ada", key);
    expect((await forged.command("vm.start", { args: { name: "work" } })).said).toBe("signature-refused");
  });

  test("locks itself, and stays locked with a certificate that is still good", async () => {
    const { seat } = await unlocked();
    expect((await seat.command("seat.drop")).said).toBe("done");
    expect(gate.facts().seat).toBe(null);
    expect((await seat.command("vm.start", { args: { name: "work" } })).said).toBe("seat-certificate");
  });

  test("an older certificate of the same key is not the one it was unlocked with", async () => {
    const older = certified({ serial: "1" });
    const copy = `${older.file}.older`;
    execFileSync("cp", [older.file, copy]);
    await grant(certified({ serial: "2" }).line);
    execFileSync("cp", [copy, older.file]);
    const seat = commander(host, gate, "seat", older);
    expect((await seat.command("vm.start", { args: { name: "work" } })).said).toBe("seat-certificate");
  });

  test("is unlocked still when the daemon starts again, and locked when the time is over", async () => {
    await unlocked();
    await gate.close();
    gate = await host.gate({ handlers, seatKey: `${host.key("tty1").file}.pub` });
    expect(gate.facts().seat).toMatchObject({ by: "ada" });
    host.clock.pass(8 * 3600 + 1);
    expect(gate.facts().seat).toBe(null);
  });

  test("signs through an agent that had its key before there was a certificate", async () => {
    const { file } = host.key("tty1");
    const socket = join(host.folder, "agent");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      await new Promise((resolve) => agent.stdout.once("data", resolve));
      execFileSync("ssh-add", ["-q", file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" });
      const { key, seat } = await unlocked();
      const envelope = seat.envelope("vm.start", { args: { name: "work" } });
      const blob = (line: string) => parseKeyLine(line)?.blob ?? Buffer.alloc(0);
      const certificateBlob = blob(key.line);
      const keyBlob = blob(host.key("tty1").line);
      const signer = agentSigner({ socket, keyBlob, certificateBlob });
      expect((await seat.raw(envelope, [await signer.sign(envelope, COMMAND_NAMESPACE)])).said).toBe("done");
      const other = agentSigner({ socket, keyBlob: blob(host.key("ada").line), certificateBlob });
      await expect(other.sign(envelope, COMMAND_NAMESPACE)).rejects.toMatchObject({ code: "agent-refused" });
      const nobody = agentSigner({ socket: `${socket}.none`, keyBlob, certificateBlob });
      await expect(nobody.sign(envelope, COMMAND_NAMESPACE)).rejects.toMatchObject({ code: "agent-unreachable" });
    } finally {
      agent.kill();
    }
  });

  test("its files are for the screen to read and for nobody else", async () => {
    await unlocked();
    for (const name of ["code", "certificate"]) expect(statSync(join(host.seat, name)).mode & 0o777).toBe(0o640);
    expect(statSync(host.seat).mode & 0o777).toBe(0o750);
  });
});

test("the code of tty1 stands for a second signer, once", async () => {
  expect((await ada.command("host.poweroff")).said).toBe("two-signers");
  expect((await ada.command("host.poweroff", { presence: "AAAA-AAAA" })).said).toBe("presence");
  const presence = code();
  expect((await ada.command("host.poweroff", { presence })).said).toBe("done");
  expect((await ada.command("host.poweroff", { presence })).said).toBe("presence");
});
