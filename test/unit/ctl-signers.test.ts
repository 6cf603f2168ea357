// Keys, signatures and agents: what we make is verified by the real ssh-keygen, what it makes is read by us.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { agentSigner, signerInAgent } from "../../core/control/signers/agent-signer.ts";
import { keyFileSigner } from "../../core/control/signers/ssh-keygen-signer.ts";
import { openAgent } from "../../core/control/ssh-agent.ts";
import { parseCertificate } from "../../core/control/ssh-certificate.ts";
import { fingerprint, needsTouch, parseKeyLine, publicHalf } from "../../core/control/ssh-key.ts";
import { BadBytes, readWire, wireString } from "../../core/control/ssh-wire.ts";
import { armour, HASHES, parseArmoured } from "../../core/control/sshsig-armour.ts";
import { holds } from "../../core/control/sshsig-verify.ts";
import { createRun } from "../../core/tools/run-real.ts";
import {
  certify,
  makeKey,
  type SampleAgent,
  type SampleKey,
  sampleFolder,
  startAgent,
  verifyFor,
} from "./ssh-sample.ts";

const NAMESPACE = "multiversed-command@v1";
const MESSAGE = Buffer.from('{"v": 1}');
const folder = sampleFolder();
const run = createRun();
const silent = { run, terminal: true, say: () => {} };
let ada: SampleKey;
let seat: SampleKey;
let agent: SampleAgent;

beforeAll(async () => {
  ada = makeKey(folder.path, "ada");
  seat = makeKey(folder.path, "seat");
  agent = await startAgent(folder.path);
});
afterAll(async () => {
  await agent.end();
  folder.remove();
});

describe("keys", () => {
  test.each([
    ["nothing", ""],
    ["words", "no key at all"],
    ["a type that is not the blob's", `ssh-rsa ${Buffer.from(wireString("ssh-ed25519")).toString("base64")}`],
    ["an empty blob", "ssh-ed25519 AAAA"],
    ["two lines", "ssh-ed25519 AAAA\nssh-ed25519 AAAA"],
  ])("%s is no key's line", (_what, line) => {
    expect(parseKeyLine(line)).toBeNull();
  });

  test("a private key file cut anywhere has no public half, and never throws", () => {
    const text = readFileSync(ada.file, "utf8");
    for (let length = 0; length < text.length - 1; length += 7) expect(publicHalf(text.slice(0, length))).toBeNull();
  });

  test("the public half of a file with a passphrase is read without it, and its fingerprint is ssh-keygen's", () => {
    const locked = makeKey(folder.path, "locked", "ed25519", "a passphrase");
    const half = publicHalf(readFileSync(locked.file, "utf8"));
    expect(half?.blob.equals(locked.blob)).toBe(true);
    expect(execFileSync("ssh-keygen", ["-l", "-f", locked.file], { encoding: "utf8" })).toContain(
      fingerprint(locked.blob),
    );
  });

  test("keys in a token are known by their type", () => {
    expect(needsTouch("sk-ssh-ed25519@openssh.com")).toBe(true);
    expect(needsTouch("ssh-ed25519")).toBe(false);
  });
});

describe("certificates", () => {
  test("what ssh-keygen made is read as it prints it", () => {
    const line = certify(folder.path, ada, seat, "-n", "seat,other", "-V", "0x65000000:0x65007080", "-z", "7");
    const certificate = parseCertificate(parseKeyLine(line)?.blob ?? Buffer.alloc(0));
    expect(certificate).toMatchObject({ kind: "user", keyId: "sample", principals: ["seat", "other"], serial: 7n });
    expect(certificate).toMatchObject({ validAfter: 0x65000000n, validBefore: 0x65007080n, criticalOptions: [] });
    expect(certificate.keyBlob.equals(seat.blob)).toBe(true);
    expect(certificate.authorityBlob.equals(ada.blob)).toBe(true);
  });

  test("critical options and host certificates are told", () => {
    const line = certify(folder.path, ada, seat, "-h", "-n", "seat", "-O", "critical:reboot@example=1");
    const certificate = parseCertificate(parseKeyLine(line)?.blob ?? Buffer.alloc(0));
    expect(certificate).toMatchObject({ kind: "host", criticalOptions: ["reboot@example"] });
  });

  test.each(["rsa", "ecdsa"])("of %s keys, too", (type) => {
    const key = makeKey(folder.path, `certified-${type}`, type);
    const certificate = parseCertificate(parseKeyLine(certify(folder.path, ada, key, "-n", "seat"))?.blob ?? ada.blob);
    expect(certificate.keyBlob.equals(key.blob)).toBe(true);
  });

  test("cut, lengthened or random bytes are refused as such", () => {
    const blob = parseKeyLine(certify(folder.path, ada, seat, "-n", "seat"))?.blob ?? Buffer.alloc(0);
    for (let length = 0; length < blob.length; length++)
      expect(() => parseCertificate(blob.subarray(0, length))).toThrow(BadBytes);
    expect(() => parseCertificate(Buffer.concat([blob, Buffer.from([0])]))).toThrow(BadBytes);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const behind = Buffer.concat([wireString("ssh-ed25519-cert-v01@openssh.com"), bytes]);
        for (const one of [bytes, behind]) expect(() => parseCertificate(one)).toThrow(BadBytes);
      }),
    );
  });
});

describe("the signature's format", () => {
  test("any text that is no signature is refused as such", () => {
    const inside = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("base64"));
    const framed = inside.map((text) => `-----BEGIN SSH SIGNATURE-----\n${text}\n-----END SSH SIGNATURE-----\n`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), inside, framed), (text) => {
        expect(() => parseArmoured(text)).toThrow(BadBytes);
      }),
    );
  });

  test("what is armoured is read back", () => {
    const bytes = fc.uint8Array({ maxLength: 2_000 }).map((one) => Buffer.from(one));
    fc.assert(
      fc.property(bytes, bytes, fc.constantFrom(...HASHES), (keyBlob, signature, hash) => {
        const sig = { keyBlob, namespace: NAMESPACE, hash, signature };
        expect(parseArmoured(armour(sig))).toEqual(sig);
      }),
    );
  });

  test("a number that says more than there is never makes a buffer of that size", () => {
    expect(() => readWire(Buffer.from("ffffffff", "hex")).bytes()).toThrow(BadBytes);
    expect(() => readWire(Buffer.from("00000005aa", "hex")).bytes()).toThrow(BadBytes);
  });
});

describe.each(["ed25519", "ecdsa", "rsa"])("%s", (type) => {
  let key: SampleKey;
  let signed: string;
  beforeAll(async () => {
    key = makeKey(folder.path, `key-${type}`, type);
    signed = await (await keyFileSigner({ ...silent, file: key.file })).sign(MESSAGE, NAMESPACE);
  });

  test("a changed byte, another namespace, another key or a cut signature does not hold", () => {
    const good = { message: MESSAGE, armoured: signed, namespace: NAMESPACE, keyLine: key.line };
    expect(holds({ ...good, message: Buffer.from('{"v": 2}') })).toBe(false);
    expect(holds({ ...good, namespace: "multiversed-reply@v1" })).toBe(false);
    expect(holds({ ...good, keyLine: ada.line })).toBe(false);
    expect(holds({ ...good, keyLine: "" })).toBe(false);
    expect(holds({ ...good, armoured: signed.slice(0, 200) })).toBe(false);
    const other = parseArmoured(signed);
    for (let at = 0; at < other.signature.length; at++) {
      const signature = Buffer.from(other.signature);
      signature[at] = (signature[at] ?? 0) ^ 1;
      expect(holds({ ...good, armoured: armour({ ...other, signature }) })).toBe(false);
    }
  });

  test("what ssh-keygen signs holds without ssh-keygen", () => {
    expect(holds({ message: MESSAGE, armoured: signed, namespace: NAMESPACE, keyLine: `${key.line}` })).toBe(true);
  });

  test("what the agent signs is good for ssh-keygen", async () => {
    agent.add(key);
    const signer = await signerInAgent(agent.socket, key.fingerprint);
    const armoured = await signer.sign(MESSAGE, NAMESPACE);
    const verdict = verifyFor(folder.path, `ada ${key.line}\n`, "ada", NAMESPACE, MESSAGE, armoured);
    expect(verdict.said).toContain('Good "multiversed-command@v1" signature for ada');
    expect(holds({ message: MESSAGE, armoured, namespace: NAMESPACE, keyLine: key.line })).toBe(true);
  });

  test("the agent's plain key with a certificate in the signature is good for the principal of the certificate", async () => {
    agent.add(key);
    const certificate = parseKeyLine(certify(folder.path, ada, key, "-n", "seat", "-V", "-1m:+8h"))?.blob;
    const signer = agentSigner({
      ...{ socket: agent.socket, keyBlob: key.blob },
      certificateBlob: certificate ?? Buffer.alloc(0),
    });
    const armoured = await signer.sign(MESSAGE, NAMESPACE);
    const lines = `seat cert-authority,namespaces="${NAMESPACE}" ${ada.line}\n`;
    const verify = (text: string, who: string) => verifyFor(folder.path, text, who, NAMESPACE, MESSAGE, armoured);
    expect(verify(lines, "seat").said).toContain("signature for seat");
    expect(verify(lines, "ada").ok).toBe(false);
    expect(verify(lines.replace(ada.line, seat.line), "seat").ok).toBe(false);
    expect(verify(`seat ${ada.line}\n`, "seat").ok).toBe(false);
  });
});

describe("a key file", () => {
  test.each([
    ["is missing", "nowhere"],
    ["is no key", "text"],
    ["is a certificate", "cert"],
  ])("that %s is said so", async (_what, name) => {
    writeFileSync(join(folder.path, "text"), "not a key\n");
    writeFileSync(join(folder.path, "cert"), `${certify(folder.path, ada, seat, "-n", "seat")}\n`);
    await expect(keyFileSigner({ ...silent, file: join(folder.path, name) })).rejects.toMatchObject({
      code: "key-unreadable",
    });
  });

  test("whose passphrase nobody gives signs nothing, and says what ssh-keygen said", async () => {
    const locked = makeKey(folder.path, "locked-too", "ed25519", "another passphrase");
    // Not the terminal that the tests may have been started in: somebody would have to answer there.
    vi.stubEnv("SSH_ASKPASS_REQUIRE", "force");
    vi.stubEnv("SSH_ASKPASS", "/bin/false");
    try {
      const signer = await keyFileSigner({ ...silent, terminal: false, file: locked.file });
      const refused = expect(signer.sign(MESSAGE, NAMESPACE)).rejects;
      await refused.toMatchObject({ code: "not-signed", evidence: [expect.stringContaining("incorrect passphrase")] });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test("given as .pub is signed by the agent that is handed on, and by no other", async () => {
    const kept = makeKey(folder.path, "kept");
    const lonely = join(folder.path, "lonely.pub");
    writeFileSync(lonely, `${kept.line}\n`);
    const without = await keyFileSigner({ ...silent, file: lonely, agent: join(folder.path, "no-agent") });
    await expect(without.sign(MESSAGE, NAMESPACE)).rejects.toMatchObject({ code: "not-signed" });
    agent.add(kept);
    const signer = await keyFileSigner({ ...silent, file: lonely, agent: agent.socket });
    const armoured = await signer.sign(MESSAGE, NAMESPACE);
    expect(signer.fingerprint).toBe(kept.fingerprint);
    expect(holds({ message: MESSAGE, armoured, namespace: NAMESPACE, keyLine: kept.line })).toBe(true);
  });
});

describe("an agent", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  /** Answers each question with these bytes, and closes. */
  const answering = async (name: string, answer: Uint8Array): Promise<string> => {
    const socket = join(folder.path, name);
    const server = createServer((connection) => {
      connection.on("error", () => {});
      connection.once("data", () => connection.end(answer));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    return socket;
  };

  test("that is not there is said so", async () => {
    await expect(openAgent(join(folder.path, "nobody")).list()).rejects.toMatchObject({ code: "agent-unreachable" });
  });

  test.each([
    ["nothing", Buffer.alloc(0), "agent-unreachable"],
    ["half a length", Buffer.from([0, 0]), "agent-unreachable"],
    ["a length beyond all bounds", Buffer.from("7fffffff0c", "hex"), "agent-garbled"],
    ["no message", Buffer.from("00000000", "hex"), "agent-garbled"],
    ["more than it said", Buffer.from("0000000105ff", "hex"), "agent-garbled"],
    ["failure", Buffer.from("0000000105", "hex"), "agent-refused"],
    ["too many keys", Buffer.from("000000050c7fffffff", "hex"), "agent-garbled"],
    ["a cut list", Buffer.from("000000050c00000001", "hex"), "agent-garbled"],
    ["something behind the list", Buffer.from("000000060c00000000ff", "hex"), "agent-garbled"],
  ])("that answers with %s is no trouble", async (what, answer, code) => {
    const socket = await answering(what.replaceAll(" ", "-").slice(0, 20), answer);
    await expect(openAgent(socket).list()).rejects.toMatchObject({ code });
  });

  test("without the key says which ones it has, and asks which of several", async () => {
    const own = await startAgent(folder.path, "own");
    try {
      await expect(signerInAgent(own.socket, undefined)).rejects.toMatchObject({ code: "agent-lacks-key" });
      own.add(ada);
      expect((await signerInAgent(own.socket, undefined)).fingerprint).toBe(ada.fingerprint);
      await expect(signerInAgent(own.socket, seat.fingerprint)).rejects.toMatchObject({
        code: "agent-lacks-key",
        evidence: [expect.stringContaining(ada.fingerprint)],
      });
      own.add(seat);
      await expect(signerInAgent(own.socket, undefined)).rejects.toMatchObject({ code: "which-key" });
      await expect(openAgent(own.socket).sign(makeKey(folder.path, "stranger").blob, MESSAGE)).rejects.toMatchObject({
        code: "agent-refused",
      });
    } finally {
      await own.end();
    }
  });
});
