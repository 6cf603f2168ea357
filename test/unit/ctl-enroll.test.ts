// Who may command a host: the texts that the install writes, read by what reads them, the real ssh-keygen among them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Admin, allowedSigners, policyText } from "../../core/control/enroll.ts";
import { mayRun } from "../../core/control/policy.ts";
import { parsePolicy } from "../../core/control/policy-file.ts";
import { agentSigner } from "../../core/control/signers/agent-signer.ts";
import { keyFileSigner } from "../../core/control/signers/ssh-keygen-signer.ts";
import { parseKeyLine } from "../../core/control/ssh-key.ts";
import { COMMAND_NAMESPACE } from "../../core/control/ssh-tool.ts";
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

const folder = sampleFolder();
const run = createRun();
const MESSAGE = Buffer.from("{}");
let ada: SampleKey;
let bob: SampleKey;
let seat: SampleKey;
let agent: SampleAgent;
let admins: Admin[];

beforeAll(async () => {
  [ada, bob, seat] = [makeKey(folder.path, "ada"), makeKey(folder.path, "bob"), makeKey(folder.path, "seat")];
  agent = await startAgent(folder.path);
  agent.add(seat);
  admins = [
    { name: "ada", key: ada.line },
    { name: "bob", key: bob.line, operations: ["vm.start", "host.reboot"] },
  ];
});
afterAll(async () => {
  await agent.end();
  folder.remove();
});

describe("is refused", () => {
  const one = (more: Partial<Admin>): Admin[] => [{ name: "ada", key: ada.line, ...more }];
  test.each<[string, () => Admin[], string]>([
    ["a name with a space, which would be two fields", () => one({ name: "ada bob" }), "cannot be enrolled"],
    ["a name that is a pattern", () => one({ name: "*" }), "cannot be enrolled"],
    ["a name that is a list", () => one({ name: "ada,bob" }), "cannot be enrolled"],
    ["a name with a line in it", () => one({ name: "ada\nbob" }), "cannot be enrolled"],
    ["the seat as a person", () => one({ name: "seat" }), "cannot be enrolled"],
    ["no key", () => one({ key: "" }), "no public key"],
    ["two lines for a key", () => one({ key: `${ada.line}\n* ${bob.line}` }), "no public key"],
    ["a line with options before the key", () => one({ key: `cert-authority ${ada.line}` }), "no public key"],
    ["a certificate for a key", () => one({ key: certify(folder.path, ada, seat, "-n", "seat") }), "no public key"],
    ["an operation that there is not", () => one({ operations: ["vm.strat"] }), "cannot be given"],
    ["a name twice", () => [...one({}), ...one({ key: bob.line })], "enrolled twice"],
    ["a key twice", () => [...one({}), ...one({ name: "bob" })], "same key"],
  ])("%s", (_what, make, why) => {
    expect(() => allowedSigners(make())).toThrow(why);
    expect(() => policyText(make())).toThrow(why);
  });
});

describe("allowed_signers", () => {
  const check = async (file: string, principal: string, namespace = COMMAND_NAMESPACE) => {
    const signer = await keyFileSigner({ run, file, terminal: true, say: () => {} });
    const armoured = await signer.sign(MESSAGE, namespace);
    return verifyFor(folder.path, allowedSigners(admins), principal, namespace, MESSAGE, armoured).ok;
  };
  const checkSeat = (authority: SampleKey) => {
    const line = certify(folder.path, authority, seat, "-n", "seat", "-V", "-5m:+8h");
    const certificateBlob = parseKeyLine(line)?.blob ?? Buffer.alloc(0);
    const signer = agentSigner({ socket: agent.socket, keyBlob: seat.blob, certificateBlob });
    return async (principal: string) => {
      const armoured = await signer.sign(MESSAGE, COMMAND_NAMESPACE);
      return verifyFor(folder.path, allowedSigners(admins), principal, COMMAND_NAMESPACE, MESSAGE, armoured).ok;
    };
  };

  test("is empty for nobody", () => {
    expect(allowedSigners([])).toBe("");
  });

  test("takes each person's own key, for commands only, and for nobody else", async () => {
    expect(await check(ada.file, "ada")).toBe(true);
    expect(await check(bob.file, "bob")).toBe(true);
    expect(await check(ada.file, "bob")).toBe(false);
    expect(await check(seat.file, "seat")).toBe(false);
    expect(await check(ada.file, "ada", "file")).toBe(false);
  });

  test("takes no plain signature of a person as the seat's: only a certificate is", async () => {
    expect(await check(ada.file, "seat")).toBe(false);
    expect(await checkSeat(ada)("seat")).toBe(true);
    expect(await checkSeat(ada)("ada")).toBe(false);
  });

  test("takes no certificate of somebody who may not unlock the seat", async () => {
    expect(await checkSeat(bob)("seat")).toBe(false);
  });
});

describe("policy.yml", () => {
  test("says what it was made of, whatever the names look like", () => {
    const names = ["on", "1", "null", "a.b@c-d"];
    const some = names.map((name, index) => ({
      name,
      key: index === 0 ? ada.line : makeKey(folder.path, `k${index}`).line,
    }));
    expect(new Set(parsePolicy(policyText(some)).principals.keys())).toEqual(new Set([...names, "seat"]));
  });

  test("lets an admin do everything, one with a list that, and the seat nothing that destroys", () => {
    const policy = parsePolicy(policyText(admins));
    const may = (principal: string, op: "vm.start" | "vm.kill" | "seat.drop") => {
      const key = { fingerprint: principal, blob: principal, certificate: null };
      try {
        mayRun(policy, { op, signers: [{ principal, key }], presence: false });
        return true;
      } catch {
        return false;
      }
    };
    expect([may("ada", "vm.kill"), may("bob", "vm.start"), may("seat", "vm.start"), may("seat", "seat.drop")]).toEqual([
      ...[true, true, true, true],
    ]);
    expect([may("bob", "vm.kill"), may("seat", "vm.kill"), may("eve", "vm.start")]).toEqual([false, false, false]);
  });
});
