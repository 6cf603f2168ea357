// Envelopes and frames byte for byte: the vectors for other implementations, and what no parser should let through.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openControl, verifyReply } from "../../core/control/client.ts";
import { parseEnvelope } from "../../core/control/envelope.ts";
import {
  CLIENT_FRAME_LIMIT,
  decodeCommand,
  decodeReply,
  encodeCommand,
  encodeFrame,
  encodeReply,
  FrameError,
  FrameReader,
  REPLY_FRAME_LIMIT,
} from "../../core/control/frames.ts";
import { isOperation } from "../../core/control/operations.ts";
import { Refusal } from "../../core/control/refusal.ts";
import { readCommandSignature, verifySignature } from "../../core/control/signature.ts";
import { readSshSignature } from "../../core/control/sshsig.ts";
import { readStrictJson } from "../../core/control/strict-json.ts";
import { createRun } from "../../core/tools/run-real.ts";

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/control-v1/${name}.json`, import.meta.url), "utf8"));
const { envelopes }: { envelopes: { name: string; text?: string; hex?: string; code: string | null; id?: string }[] } =
  fixture("envelopes");
const frames = fixture("frames");
const signatures = fixture("signatures");
const passesCheaply = ({ code }: { code: string | null }) => code === null || code === "signature-refused";
const bytesOf = ({ text, hex }: { text?: string; hex?: string }) =>
  text === undefined ? Buffer.from(hex ?? "", "hex") : Buffer.from(text);

/** The code of the refusal; null where there was none. Anything else that is thrown fails the test. */
function refusalOf(attempt: () => unknown): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe("envelopes of version 1", () => {
  test.each(envelopes)("$name: $code", (vector) => {
    expect(refusalOf(() => parseEnvelope(bytesOf(vector)))).toBe(vector.code);
    if (vector.code === null) expect(parseEnvelope(bytesOf(vector)).id).toBe(vector.id);
  });

  test("there are vectors of both kinds", () => {
    expect(envelopes.filter(({ code }) => code === null).length).toBeGreaterThan(8);
    expect(new Set(envelopes.map(({ code }) => code)).size).toBe(9);
  });
});

const good = bytesOf(envelopes[0] ?? {});
const idOf = (bytes: Uint8Array) => parseEnvelope(bytes).id;

test("whatever bytes come, the parser refuses or accepts, and throws nothing else", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        refusalOf(() => parseEnvelope(bytes));
      },
    ),
    { numRuns: 3000 },
  );
});

test("an envelope with some bytes changed, cut out or put in is refused or is another command", () => {
  const change = fc.record({ at: fc.nat(good.length), cut: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let bytes: Uint8Array = good;
      for (const { at, cut, put } of changes) {
        bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
      }
      const same = Buffer.from(bytes).equals(good);
      const code = refusalOf(() => parseEnvelope(bytes));
      if (!same && code === null) expect(idOf(bytes)).not.toBe(idOf(good));
    }),
    { numRuns: 3000 },
  );
});

test("what it accepts, it reads as JSON.parse does", () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false),
      fc.maxSafeInteger().map((number) => (number === 0 ? 0 : number)),
      fc.string({ unit: "grapheme" }),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value, { maxKeys: 4 }), fc.constantFrom(0, 1, "\t"), (object, space) => {
      const text = JSON.stringify(object, null, space);
      // Once more through JSON.stringify: objects without a prototype equal no others, but print the same.
      expect(JSON.stringify(readStrictJson(Buffer.from(text)))).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 2000 },
  );
});

test("what JSON.parse refuses, it refuses", () => {
  const pieces = fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', '"', "\\", "1", "-", "0", ".", "e", "null", " ");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
      const text = `{${parts.join("")}`;
      const accepted = refusalOf(() => readStrictJson(Buffer.from(text))) === null;
      if (accepted) expect(() => JSON.parse(text)).not.toThrow();
    }),
    { numRuns: 5000 },
  );
});

describe("frames of version 1", () => {
  test.each(
    frames.fromClient as { name: string; hex: string; kind: number; signatures?: string[]; envelope: string }[],
  )("from a client: $name", ({ hex, kind, signatures: expected, envelope }) => {
    const [frame, ...more] = new FrameReader(CLIENT_FRAME_LIMIT).push(Buffer.from(hex, "hex"));
    expect(more).toEqual([]);
    expect(frame?.kind).toBe(kind);
    if (frame === undefined || expected === undefined) return;
    const body = decodeCommand(frame.body);
    expect([body.signatures, Buffer.from(body.envelope).toString()]).toEqual([expected, envelope]);
    expect(Buffer.from(encodeFrame(kind, encodeCommand(body))).toString("hex")).toBe(hex);
  });

  test.each(frames.fromDaemon as { name: string; hex: string; json: string; signature: string }[])(
    "from the daemon: $name",
    ({ hex, json, signature }) => {
      const [frame] = new FrameReader(REPLY_FRAME_LIMIT).push(Buffer.from(hex, "hex"));
      expect(decodeReply(frame?.body ?? new Uint8Array())).toEqual({ json, signature });
      expect(Buffer.from(encodeFrame(0x81, encodeReply({ json, signature }))).toString("hex")).toBe(hex);
    },
  );

  test.each(frames.connectionEnds as { name: string; hex: string }[])("the connection ends: $name", ({ hex }) => {
    expect(() => new FrameReader(CLIENT_FRAME_LIMIT).push(Buffer.from(hex, "hex"))).toThrow(FrameError);
  });

  test.each(frames.refused as { name: string; hex: string }[])("refused: $name", ({ hex }) => {
    const [frame] = new FrameReader(CLIENT_FRAME_LIMIT).push(Buffer.from(hex, "hex"));
    if (frame === undefined) throw new Error("the frame is not whole");
    expect(refusalOf(() => decodeCommand(frame.body))).toBe("frame");
  });

  test("come through whole however the bytes are cut", () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.map((body, index) => encodeFrame(index, body)));
        const reader = new FrameReader(CLIENT_FRAME_LIMIT);
        const got: string[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1;
          for (const { body } of reader.push(stream.subarray(at, at + length)))
            got.push(Buffer.from(body).toString("hex"));
          at += length;
        }
        expect(got).toEqual(sent.map((body) => Buffer.from(body).toString("hex")));
        expect(reader.begun).toBe(false);
      }),
    );
  });

  test("with any body are a command or refused, nothing else", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (body) => void refusalOf(() => decodeCommand(body))));
  });
});

test("signatures of version 1: ssh-keygen takes the good one, and the host's reply is proven", async () => {
  const folder = mkdtempSync(join(tmpdir(), "multiverse-vectors-"));
  try {
    const run = createRun();
    const files = { allowedSigners: join(folder, "signers"), revokedKeys: join(folder, "revoked"), folder };
    writeFileSync(files.allowedSigners, signatures.allowedSigners.join("\n"));
    writeFileSync(files.revokedKeys, "");
    const judged: (string | null)[] = [];
    for (const { envelope, principal, signature } of signatures.signatures.filter(passesCheaply)) {
      const bytes = Buffer.from(envelope);
      const key = readCommandSignature(signature, parseEnvelope(bytes).key);
      const refused = await verifySignature({ run, envelope: bytes, armoured: signature, principal, key, files }).then(
        () => null,
        (refusal: Refusal) => refusal.code,
      );
      judged.push(refused);
    }
    expect(judged).toEqual([null, "signature-refused", "signature-refused"]);
    const { reply, host } = signatures;
    const { id } = JSON.parse(reply.json);
    expect(await verifyReply({ run, reply, hostKeyLine: host, folder, id })).toMatchObject({ signed: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("signatures of version 1, as far as they speak for themselves", () => {
  test.each(signatures.signatures as { name: string; envelope: string; signature: string; code: string | null }[])(
    "$name",
    ({ envelope, signature, code }) => {
      const { key } = parseEnvelope(Buffer.from(envelope));
      const cheap = refusalOf(() => readCommandSignature(signature, key));
      expect(cheap).toBe(code === "signature-refused" ? null : code);
    },
  );

  test("whatever is put into one is a signature or refused, nothing else", () => {
    const armoured: string = signatures.signatures[0].signature;
    fc.assert(
      fc.property(fc.nat(armoured.length), fc.nat(4), fc.string({ maxLength: 4 }), (at, cut, put) => {
        refusalOf(() => readSshSignature(armoured.slice(0, at) + put + armoured.slice(at + cut)));
      }),
      { numRuns: 2000 },
    );
    const [begin, ...lines] = armoured.trim().split("\n");
    const blob = Buffer.from(lines.slice(0, -1).join(""), "base64");
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(blob);
        changed[at] = value;
        refusalOf(() => readSshSignature([begin, changed.toString("base64"), lines.at(-1)].join("\n")));
      }),
      { numRuns: 2000 },
    );
  });
});

test("operations are a closed list: what objects inherit is none", () => {
  expect(["constructor", "toString", "__proto__", "vm", "vm.destroy", ""].filter(isOperation)).toEqual([]);
});

test("a client whose connection ends has its request fail with a sentence", async () => {
  const { Duplex } = await import("node:stream");
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const control = await openControl({ connect: async () => stream });
  const asked = control.hello();
  stream.push(null);
  await expect(asked).rejects.toMatchObject({ code: "control-closed" });
  await expect(control.hello()).rejects.toMatchObject({ code: "control-closed" });
});
