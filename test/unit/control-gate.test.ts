// The gate: what must not come through, then what does. Real keys, real ssh-keygen.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeEnvelope, verifyReply } from "../../core/control/client.ts";
import { encodeCommand } from "../../core/control/frames.ts";
import type { Gate } from "../../core/control/gate.ts";
import type { Handler } from "../../core/control/handlers.ts";
import { Refusal } from "../../core/control/refusal.ts";
import type { ResultReply } from "../../core/control/reply.ts";
import { ProgramError } from "../../core/errors.ts";
import type { Argv, Run } from "../../core/tools/run.ts";
import { type Commander, commander, type Sent, sign, type TestHost, testHost } from "./control-host.ts";

const POLICY = `version: 1
principals:
  ada: {operations: all}
  bob: {operations: [vm.start, host.poweroff]}
two-signers: [host.poweroff, key.rotate]
`;
const WORK = { args: { name: "work" } };

let host: TestHost;
let gate: Gate;
let ada: Commander;
let done: string[];
/** How often ssh-keygen was asked whether a signature is good. */
let verified: number;
let counting: Run;

const handlers = {
  "vm.start": async ({ name }: { name?: unknown }) => {
    done.push(`vm.start ${name}`);
    return { text: `${name} runs.` };
  },
  "host.poweroff": async () => {
    done.push("host.poweroff");
    return { text: null };
  },
};

beforeEach(async () => {
  host = testHost();
  done = [];
  verified = 0;
  counting = Object.assign(
    ((argv, options) => {
      if (argv.includes("verify")) verified += 1;
      return host.run(argv, options);
    }) as Run,
    { pipe: host.run.pipe },
  );
  host.enroll([`ada ${host.key("ada").line}`, `bob ${host.key("bob").line}`], POLICY);
  gate = await host.gate({ handlers, run: counting });
  ada = commander(host, gate, "ada", host.key("ada"));
});

afterEach(async () => {
  await gate.close();
  host.remove();
});

const now = () => Math.floor(host.clock.wall() / 1000);

/** Not run, and not signed: whoever sent it proved nothing. */
function refusedUnsigned(sent: Sent, code: string): void {
  expect(sent.said).toBe(code);
  expect(sent.reply.signature).toBe("");
  expect(done).toEqual([]);
}

describe("without a good signature nothing is run, and no signature is spent", () => {
  test("a key that nobody enrolled", async () => {
    const eve = commander(host, gate, "ada", host.key("eve"));
    refusedUnsigned(await eve.command("vm.start", WORK), "signature-refused");
  });

  test("the key of another principal", async () => {
    const bob = commander(host, gate, "ada", host.key("bob"));
    refusedUnsigned(await bob.command("vm.start", WORK), "signature-refused");
  });

  test("a changed byte", async () => {
    const envelope = ada.envelope("vm.start", WORK);
    const changed = Buffer.from(Buffer.from(envelope).toString().replace("work", "worm"));
    refusedUnsigned(await ada.raw(changed, [sign(host.key("ada"), envelope)]), "signature-refused");
  });

  test("another namespace", async () => {
    const envelope = ada.envelope("vm.start", WORK);
    refusedUnsigned(await ada.raw(envelope, [sign(host.key("ada"), envelope, "file")]), "signature-namespace");
    expect(verified).toBe(0);
  });

  test("another key than the envelope says", async () => {
    const envelope = ada.envelope("vm.start", WORK);
    refusedUnsigned(await ada.raw(envelope, [sign(host.key("eve"), envelope)]), "signature-key");
    expect(verified).toBe(0);
  });

  test("a revoked key, from the moment it is in the file", async () => {
    expect((await ada.command("vm.start", WORK)).said).toBe("done");
    done = [];
    writeFileSync(join(host.enrolled, "revoked_keys"), `${host.key("ada").line}\n`);
    refusedUnsigned(await ada.command("vm.start", WORK), "signature-refused");
  });

  test("a key revoked by a KRL", async () => {
    const krl = join(host.enrolled, "revoked_keys");
    execFileSync("ssh-keygen", ["-q", "-k", "-f", krl, `${host.key("ada").file}.pub`]);
    refusedUnsigned(await ada.command("vm.start", WORK), "signature-refused");
  });

  test("no list of revoked keys: then nobody's signature is good", async () => {
    execFileSync("rm", [join(host.enrolled, "revoked_keys")]);
    refusedUnsigned(await ada.command("vm.start", WORK), "signature-refused");
  });

  test("a key whose time in allowed_signers is over", async () => {
    host.enroll([`ada valid-before="20200101" ${host.key("ada").line}`], POLICY);
    refusedUnsigned(await ada.command("vm.start", WORK), "signature-refused");
  });

  test("a key that allowed_signers takes for other namespaces only", async () => {
    host.enroll([`ada namespaces="file" ${host.key("ada").line}`], POLICY);
    refusedUnsigned(await ada.command("vm.start", WORK), "signature-refused");
  });

  test("ssh-keygen that does not answer", async () => {
    const silent = async (argv: Argv) => {
      throw new ProgramError(argv, "timeout", null, "");
    };
    const broken: Run = Object.assign(silent, { pipe: host.run.pipe });
    await gate.close();
    gate = await host.gate({ handlers, run: broken });
    refusedUnsigned(await commander(host, gate, "ada", host.key("ada")).command("vm.start", WORK), "signature-refused");
  });

  test("what is no frame, no envelope, no signature", async () => {
    const connection = {};
    for (const [body, code] of [
      [new Uint8Array(), "frame"],
      [encodeCommand({ signatures: [], envelope: Buffer.from("{}") }), "frame"],
      [encodeCommand({ signatures: ["x"], envelope: Buffer.from("{}") }), "envelope-field"],
      [encodeCommand({ signatures: ["x"], envelope: Buffer.alloc(16_385, 0x20) }), "envelope-too-long"],
    ] as const) {
      expect(JSON.parse((await gate.command(body, connection)).json)).toMatchObject({ type: "refused", code });
    }
    refusedUnsigned(
      await ada.raw(ada.envelope("vm.start", WORK), ["-----BEGIN SSH SIGNATURE-----"]),
      "signature-format",
    );
    expect(verified).toBe(0);
  });
});

describe("what is not of now or not for us is refused before a program is started", () => {
  test.each([
    ["another host", () => ({ host: host.key("eve").fingerprint }), "wrong-host"],
    ["an operation that is not there", () => ({ op: "vm.destroy" }), "unknown-operation"],
    ["expired", () => ({ iat: now() - 100, exp: now() - 1 }), "expired"],
    ["issued in the far future", () => ({ iat: now() + 3600, exp: now() + 3700 }), "issued-in-future"],
    ["good for more than a day", () => ({ exp: now() + 86_401 }), "lifetime"],
    ["good for no time", () => ({ iat: now() + 60, exp: now() + 60 }), "lifetime"],
    ["another challenge", () => ({ challenge: Buffer.alloc(32).toString("base64url") }), "challenge"],
  ])("%s", async (_, fields, code) => {
    refusedUnsigned(await ada.command("vm.start", { ...WORK, ...fields() }), code);
    expect(verified).toBe(0);
  });

  test("a challenge of another connection", async () => {
    const envelope = ada.envelope("vm.start", WORK);
    const other = commander(host, gate, "ada", host.key("ada"));
    refusedUnsigned(await other.raw(envelope, [sign(host.key("ada"), envelope)]), "challenge");
  });

  test("a challenge of 60 seconds ago, whatever the wall clock says", async () => {
    const envelope = ada.envelope("vm.start", { ...WORK, exp: now() + 3600 });
    host.clock.pass(60);
    host.clock.set(-60);
    refusedUnsigned(await ada.raw(envelope, [sign(host.key("ada"), envelope)]), "challenge");
  });

  test("a challenge that was used for a command that was refused", async () => {
    const envelope = ada.envelope("vm.start", WORK);
    expect((await ada.raw(envelope, [sign(host.key("eve"), envelope)])).said).toBe("signature-key");
    refusedUnsigned(await ada.raw(envelope, [sign(host.key("ada"), envelope)]), "challenge");
  });

  test("the clock set back behind the last command", async () => {
    expect((await ada.command("vm.start", WORK)).said).toBe("done");
    done = [];
    host.clock.set(-301);
    refusedUnsigned(await ada.command("vm.start", WORK), "clock-set-back");
    await gate.close();
    gate = await host.gate({ handlers });
    refusedUnsigned(await commander(host, gate, "ada", host.key("ada")).command("vm.start", WORK), "clock-set-back");
  });

  test("a clock from before this program was made", async () => {
    await gate.close();
    gate = await host.gate({ handlers, built: host.clock.wall() + 86_400_000 });
    refusedUnsigned(await commander(host, gate, "ada", host.key("ada")).command("vm.start", WORK), "clock-set-back");
  });
});

describe("signed beforehand", () => {
  test("a number that is not above the last one, even after a restart", async () => {
    expect((await ada.command("vm.start", { ...WORK, seq: 7 })).said).toBe("done");
    done = [];
    refusedUnsigned(await ada.command("vm.start", { ...WORK, seq: 7 }), "sequence");
    await gate.close();
    gate = await host.gate({ handlers });
    const again = commander(host, gate, "ada", host.key("ada"));
    refusedUnsigned(await again.command("vm.start", { ...WORK, seq: 6 }), "sequence");
    expect((await again.command("vm.start", { ...WORK, seq: 8 })).said).toBe("done");
  });

  test("a forged envelope moves no counter, and the highest number locks out that key alone", async () => {
    const last = Number.MAX_SAFE_INTEGER - 1;
    const eve = commander(host, gate, "ada", { ...host.key("eve"), fingerprint: host.key("ada").fingerprint });
    refusedUnsigned(await eve.command("vm.start", { ...WORK, seq: last }), "signature-key");
    expect((await ada.command("vm.start", { ...WORK, seq: last })).said).toBe("done");
    expect((await ada.command("vm.start", { ...WORK, seq: last })).said).toBe("sequence");
    expect((await ada.command("vm.start", { ...WORK, seq: last + 1 })).said).toBe("envelope-field");
    const bob = commander(host, gate, "bob", host.key("bob"));
    expect((await bob.command("vm.start", { ...WORK, seq: 1 })).said).toBe("done");
    expect((await ada.command("vm.start", WORK)).said).toBe("done");
  });

  test("a command that the policy refuses has used its number", async () => {
    host.enroll([`ada ${host.key("ada").line}`], "version: 1\nprincipals: {ada: {operations: []}}\n");
    const sent = await ada.command("vm.start", { ...WORK, seq: 1 });
    expect(sent.said).toBe("policy");
    host.enroll([`ada ${host.key("ada").line}`], POLICY);
    refusedUnsigned(await ada.raw(sent.envelope, [sign(host.key("ada"), sent.envelope)]), "sequence");
  });

  test("a counter that is damaged lets nothing of that key pass", async () => {
    await ada.command("vm.start", { ...WORK, seq: 7 });
    execFileSync("sh", ["-c", `for f in ${host.state}/counters/*; do echo '{' >"$f"; done`]);
    expect((await ada.command("vm.start", { ...WORK, seq: 8 })).said).toBe("sequence");
    expect((await ada.command("vm.start", WORK)).said).toBe("done");
  });
});

describe("who may do what", () => {
  const signed = async (sent: Sent, code: string) => {
    expect(sent.said).toBe(code);
    expect(done).toEqual([]);
    const { id } = sent.message as { id: string };
    const { run, folder } = host;
    const proof = await verifyReply({ run, reply: sent.reply, hostKeyLine: host.host.line, folder, id });
    expect(proof.signed).toBe(true);
  };

  test("what the policy does not say", async () => {
    const bob = commander(host, gate, "bob", host.key("bob"));
    await signed(await bob.command("vm.kill", WORK), "not-yet");
    await signed(await bob.command("seat.drop"), "policy");
  });

  test("a name that the policy does not know", async () => {
    host.enroll([`carl ${host.key("carl").line}`], POLICY);
    await signed(await commander(host, gate, "carl", host.key("carl")).command("vm.start", WORK), "policy");
  });

  test.each([
    ["no policy", null],
    ["no YAML", "version: [1"],
    ["a key twice", `${POLICY}version: 1\n`],
    ["an operation that is not there", "version: 1\nprincipals: {ada: {operations: [vm.strat]}}\n"],
    ["an unknown key", `${POLICY}extra: 1\n`],
  ])("%s: then nobody may do anything", async (_, policy) => {
    if (policy === null) execFileSync("rm", [join(host.enrolled, "policy.yml")]);
    else host.enroll([`ada ${host.key("ada").line}`], policy);
    await signed(await ada.command("vm.start", WORK), "policy-unreadable");
  });

  test("wrong arguments and states", async () => {
    for (const args of [{}, { name: "../x" }, { name: "-x" }, { name: 1 }, { name: "work", more: 1 }] as const) {
      await signed(await ada.command("vm.start", { args: args as never }), "arguments");
    }
    await signed(await ada.command("vm.start", { ...WORK, ifState: "gone" }), "arguments");
    await signed(await ada.command("host.poweroff", { ifState: "off" }), "arguments");
  });

  test("what does not exist yet", async () => {
    for (const op of ["vm.create", "pci.assign", "key.rotate", "host.reboot"]) {
      await signed(await ada.command(op), "not-yet");
    }
  });
});

describe("two signers", () => {
  const both = (second: string, keys: readonly [string, string]) => {
    const envelope = ada.envelope("host.poweroff", { second, key: host.key(keys[0]).fingerprint });
    return ada.raw(
      envelope,
      keys.map((key) => sign(host.key(key), envelope)),
    );
  };

  test("one is not enough", async () => {
    expect((await ada.command("host.poweroff")).said).toBe("two-signers");
    expect(done).toEqual([]);
  });

  test("the same signer twice, by name or by key", async () => {
    refusedUnsigned(await both("ada", ["ada", "ada"]), "two-signers");
    refusedUnsigned(await both("bob", ["ada", "ada"]), "two-signers");
    host.enroll([`ada,bob ${host.key("ada").line}`], POLICY);
    refusedUnsigned(await both("bob", ["ada", "ada"]), "two-signers");
  });

  test("two keys of one person, one of which also counts as another's", async () => {
    host.enroll([`ada ${host.key("ada").line}`, `ada,bob ${host.key("spare").line}`], POLICY);
    refusedUnsigned(await both("bob", ["ada", "spare"]), "two-signers");
    refusedUnsigned(await both("bob", ["spare", "ada"]), "signature-refused");
  });

  test("a second signature that is not the named one's", async () => {
    refusedUnsigned(await both("bob", ["ada", "eve"]), "signature-refused");
  });

  test("a second signature without its name, a name without its signature", async () => {
    const alone = ada.envelope("host.poweroff", { second: "bob" });
    refusedUnsigned(await ada.raw(alone, [sign(host.key("ada"), alone)]), "two-signers");
    const unnamed = ada.envelope("host.poweroff");
    const signatures = [sign(host.key("ada"), unnamed), sign(host.key("bob"), unnamed)];
    refusedUnsigned(await ada.raw(unnamed, signatures), "two-signers");
  });

  test("a second signer who may not do it", async () => {
    host.enroll(
      [`ada ${host.key("ada").line}`, `bob ${host.key("bob").line}`],
      POLICY.replace(", host.poweroff]}", "]}"),
    );
    expect((await both("bob", ["ada", "bob"])).said).toBe("policy");
    expect(done).toEqual([]);
  });

  test("two people are enough", async () => {
    expect((await both("bob", ["ada", "bob"])).said).toBe("done");
    expect(done).toEqual(["host.poweroff"]);
  });
});

describe("a good command", () => {
  test("is run once; sent again it gives the stored result, even after its time and a restart", async () => {
    const sent = await ada.command("vm.start", WORK);
    expect(sent.message).toMatchObject({ outcome: "done", text: "work runs.", repeated: false });
    const signatures = [sign(host.key("ada"), sent.envelope)];
    host.clock.pass(600);
    expect((await ada.raw(sent.envelope, signatures)).message).toMatchObject({ outcome: "done", repeated: true });
    await gate.close();
    gate = await host.gate({ handlers });
    const again = commander(host, gate, "ada", host.key("ada"));
    expect((await again.raw(sent.envelope, signatures)).message).toMatchObject({ outcome: "done", repeated: true });
    expect(done).toEqual(["vm.start work"]);
  });

  test("tells its result to nobody who cannot sign it", async () => {
    const sent = await ada.command("vm.start", WORK);
    const asked = await ada.raw(sent.envelope, [sign(host.key("eve"), sent.envelope)]);
    expect([asked.said, asked.reply.signature]).toEqual(["signature-key", ""]);
  });

  test("sent on two connections at once is run once", async () => {
    const bytes = ada.envelope("vm.start", { ...WORK, seq: 1 });
    const signatures = [sign(host.key("ada"), bytes)];
    const other = commander(host, gate, "ada", host.key("ada"));
    await Promise.all([ada.raw(bytes, signatures), other.raw(bytes, signatures)]);
    expect(done).toEqual(["vm.start work"]);
  });

  test("whose handler fails or refuses has failed, with why, scrubbed", async () => {
    await gate.close();
    gate = await host.gate({
      handlers: {
        "vm.start": async () => {
          throw new Error("no such domain \u001b[31mwork");
        },
        "vm.kill": async () => {
          throw new Refusal("state", "work is off.");
        },
      },
    });
    const again = commander(host, gate, "ada", host.key("ada"));
    expect((await again.command("vm.start", WORK)).message).toMatchObject({
      ...{ outcome: "failed", code: "failed", text: "no such domain ?[31mwork" },
    });
    expect((await again.command("vm.kill", WORK)).message).toMatchObject({ outcome: "failed", code: "state" });
  });

  test("that still runs says so to whoever sends it again, and shows what it does", async () => {
    await gate.close();
    let finish = () => {};
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const start: Handler = (_, { progress }) =>
      new Promise((end) => {
        progress("waits for its heartbeat");
        finish = () => end({ text: "work runs." });
        begin();
      });
    gate = await host.gate({ handlers: { "vm.start": start } });
    ada = commander(host, gate, "ada", host.key("ada"));
    const bytes = ada.envelope("vm.start", WORK);
    const signatures = [sign(host.key("ada"), bytes)];
    const running = ada.raw(bytes, signatures);
    await begun;
    expect(gate.facts().recent[0]).toMatchObject({ outcome: "running", text: "waits for its heartbeat" });
    const again = await ada.raw(bytes, signatures);
    expect(again.message).toMatchObject({ outcome: "running", repeated: true, ended: null });
    finish();
    expect(await running).toMatchObject({ said: "done" });
    expect(gate.facts().recent[0]).toMatchObject({ outcome: "done", text: "work runs." });
  });

  test("tells those who listen, and is among the last ten", async () => {
    let told = 0;
    const stop = gate.onChange(() => {
      told += 1;
    });
    const { id } = (await ada.command("vm.start", WORK)).message as ResultReply;
    expect(told).toBeGreaterThan(0);
    stop();
    const before = told;
    for (let seq = 1; seq <= 11; seq += 1) await ada.command("vm.start", { ...WORK, seq });
    expect(told).toBe(before);
    const { recent, admins } = gate.facts();
    expect(admins).toEqual(["ada", "bob"]);
    expect(recent.length).toBe(10);
    expect(recent.map((one) => one.id)).not.toContain(id);
  });
});

describe("replies", () => {
  const proof = (sent: Sent, hostKeyLine: string, id: string) =>
    verifyReply({ run: host.run, reply: sent.reply, hostKeyLine, folder: host.folder, id });

  test("of another host, of another command, changed, or not signed are not believed", async () => {
    const sent = await ada.command("vm.start", WORK);
    const { id } = sent.message as ResultReply;
    expect(await proof(sent, host.host.line, id)).toMatchObject({ signed: true, message: { outcome: "done" } });
    await expect(proof(sent, host.key("eve").line, id)).rejects.toMatchObject({ code: "reply-forged" });
    await expect(proof(sent, host.host.line, "0".repeat(64))).rejects.toMatchObject({ code: "reply-forged" });
    const changed = { ...sent, reply: { ...sent.reply, json: sent.reply.json.replace("done", "fail") } };
    await expect(proof(changed, host.host.line, id)).rejects.toMatchObject({ code: "reply-forged" });
    const unsigned = { ...sent, reply: { ...sent.reply, signature: "" } };
    await expect(proof(unsigned, host.host.line, id)).rejects.toMatchObject({ code: "reply-forged" });
  });
});

test("too many commands at once are turned away, and the rest are run", async () => {
  const bytes = Array.from({ length: 70 }, (_, index) =>
    makeEnvelope({
      ...{
        host: host.host.fingerprint,
        key: host.key("ada").fingerprint,
        principal: "ada",
        iat: now(),
        exp: now() + 60,
      },
      ...{ seq: index + 1, op: "vm.start", args: { name: "work" } },
    }),
  );
  const forged = sign(host.key("ada"), Buffer.from("something else"));
  const all = await Promise.all(
    bytes.map((envelope) => commander(host, gate, "ada", host.key("ada")).raw(envelope, [forged])),
  );
  const said = (code: string) => all.filter((sent) => sent.said === code).length;
  expect([said("signature-refused"), said("busy")]).toEqual([66, 4]);
  expect(done).toEqual([]);
  expect((await ada.command("vm.start", WORK)).said).toBe("done");
});
