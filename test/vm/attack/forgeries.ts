// Commands that are not what somebody signed, not for here, not for now, or not for the first time.
import type { ControlClient } from "../../../core/control/client.ts";
import type { HelloReply } from "../../../core/control/reply.ts";
import { REPLY_NAMESPACE } from "../../../core/control/ssh-tool.ts";
import { armour, parseArmoured } from "../../../core/control/sshsig-armour.ts";
import { connect, envelope, type Person, rightCommand, send, sign, told } from "./wire.ts";

const START = "vm.start";
const WORK = { args: { name: "work" } };
const DAY = 86_400;

/** Each on a connection of its own: what was asked for, what was sent, and what must be said to it. */
export async function forgeries(grace: Person, mallory: Person): Promise<void> {
  const attack = attacker();
  const text = (hello: HelloReply) => Buffer.from(envelope(grace, hello, START, WORK)).toString();
  const changed = (hello: HelloReply, from: string, to: string) => {
    const bytes = Buffer.from(text(hello).replace(from, to));
    if (bytes.toString() === text(hello)) throw new Error(`nothing was changed: ${from}`);
    return { bytes, signatures: [sign(grace, bytes)] };
  };
  const signed = (bytes: Uint8Array) => ({ bytes, signatures: [sign(grace, bytes)] });

  await attack("a key that nobody enrolled, under an admin's name", "signature-refused unsigned", (hello) => {
    const bytes = envelope({ ...mallory, name: "grace" }, hello, START, WORK);
    return { bytes, signatures: [sign(mallory, bytes)] };
  });
  await attack("a key that nobody enrolled, said to be the admin's", "signature-key unsigned", (hello) => {
    const bytes = envelope(grace, hello, START, WORK);
    return { bytes, signatures: [sign(mallory, bytes)] };
  });
  await attack("an admin's key under a name that there is not", "signature-refused unsigned", (hello) =>
    signed(envelope({ ...grace, name: "root" }, hello, START, WORK)),
  );
  await attack("an admin's key as the seat", "signature-refused unsigned", (hello) =>
    signed(envelope({ ...grace, name: "seat" }, hello, START, WORK)),
  );
  await attack("a byte of the envelope changed", "signature-refused unsigned", (hello) => {
    const { signatures } = signed(envelope(grace, hello, START, WORK));
    return { bytes: Buffer.from(text(hello).replace('"work"', '"worm"')), signatures };
  });
  await attack("a byte of the signature changed", "signature-refused unsigned", (hello) => {
    const bytes = envelope(grace, hello, START, WORK);
    const parts = parseArmoured(sign(grace, bytes));
    const signature = Buffer.from(parts.signature);
    signature[signature.length - 9] = (signature[signature.length - 9] ?? 0) ^ 1;
    return { bytes, signatures: [armour({ ...parts, signature })] };
  });
  await attack("no signature but words", "signature-format unsigned", (hello) => ({
    bytes: envelope(grace, hello, START, WORK),
    signatures: ["please"],
  }));
  await attack("another host's command", "wrong-host unsigned", (hello) =>
    signed(envelope(grace, { ...hello, host: mallory.fingerprint }, START, WORK)),
  );
  await attack("a signature for another purpose", "signature-namespace unsigned", (hello) => {
    const bytes = envelope(grace, hello, START, WORK);
    return { bytes, signatures: [sign(grace, bytes, REPLY_NAMESPACE)] };
  });
  await attack("a signature for another purpose that says it is for this", "signature-refused unsigned", (hello) => {
    const bytes = envelope(grace, hello, START, WORK);
    const { namespace } = parseArmoured(sign(grace, bytes));
    return { bytes, signatures: [armour({ ...parseArmoured(sign(grace, bytes, "file")), namespace })] };
  });
  await attack("an operation that there is not", "unknown-operation unsigned", (hello) =>
    signed(envelope(grace, hello, "shell.run", { args: { line: "id" } })),
  );
  await attack("expired", "expired unsigned", (hello) =>
    signed(envelope(grace, hello, START, { ...WORK, iat: hello.now - 120, exp: hello.now - 60 })),
  );
  await attack("from the far future", "issued-in-future unsigned", (hello) =>
    signed(envelope(grace, hello, START, { ...WORK, iat: hello.now + 10 * DAY, exp: hello.now + 10 * DAY + 60 })),
  );
  await attack("good for a month", "lifetime unsigned", (hello) =>
    signed(envelope(grace, hello, START, { ...WORK, exp: hello.now + 30 * DAY })),
  );
  await attack("a key of the object twice", "envelope-duplicate-key unsigned", (hello) =>
    changed(hello, '"op":', '"op":"host.poweroff","op":'),
  );
  await attack("a key twice, once written with an escape", "envelope-duplicate-key unsigned", (hello) =>
    changed(hello, '"op":', '"\\u006fp":"host.poweroff","op":'),
  );
  await attack("a key of the arguments twice", "envelope-duplicate-key unsigned", (hello) =>
    changed(hello, '"name":', '"name":"other","name":'),
  );
  await attack("a key that the protocol has not", "envelope-unknown-key unsigned", (hello) =>
    changed(hello, '"op":', '"sudo":true,"op":'),
  );
  await attack("an envelope of 17 KiB", "envelope-too-long unsigned", (hello) =>
    changed(hello, '"work"', `"${"w".repeat(17 * 1024)}"`),
  );
  await attack("an argument that would be an option of virsh", "arguments signed", (hello) =>
    signed(envelope(grace, hello, START, { args: { name: "--help" } })),
  );
  await attack("an operation that is not built", "not-yet signed", (hello) =>
    signed(envelope(grace, hello, "key.rotate")),
  );
}

/** The same bytes, or the same challenge, a second time. */
export async function replays(grace: Person): Promise<void> {
  const [first, second] = [await connect(), await connect()];
  const bytes = envelope(grace, await first.hello(), "seat.drop");
  const signatures = [sign(grace, bytes)];
  const tell = (title: string, seen: string, expected: string) => told({ title, seen, expected });
  tell("replay: the first time it is run", await send(first, bytes, signatures), "done signed");
  tell(
    "replay: on the same connection it gives what came of it",
    await send(first, bytes, signatures),
    "done again signed",
  );
  tell("replay: and on another one", await send(second, bytes, signatures), "done again signed");
  const hello = await first.hello();
  const spent = envelope(grace, hello, "vm.pause", WORK);
  tell("a challenge: used by a command that is refused", await send(first, spent, ["no"]), "signature-format unsigned");
  tell("a challenge: used up by that", await send(first, spent, [sign(grace, spent)]), "challenge unsigned");
  const other = envelope(grace, await first.hello(), START, WORK);
  tell("a challenge: of another connection", await send(second, other, [sign(grace, other)]), "challenge unsigned");
  const invented = envelope(grace, { ...hello, challenge: "A".repeat(43) }, START, WORK);
  tell("a challenge: made up", await send(second, invented, [sign(grace, invented)]), "challenge unsigned");
  first.close();
  second.close();
}

/** Numbers of commands that were signed beforehand: `henry` uses his up, `grace` goes on. */
export async function sequences(grace: Person, henry: Person): Promise<void> {
  const most = Number.MAX_SAFE_INTEGER - 1;
  const drop = (by: Person, seq: number) => rightCommand(by, "seat.drop", { seq });
  const tell = (title: string, seen: string, expected: string) => told({ title, seen, expected });
  tell("sequence: 2^53 - 1 is no number", await drop(henry, most + 1), "envelope-field unsigned");
  tell("sequence: the highest there is", await drop(henry, most), "done signed");
  tell("sequence: nothing comes after it", await drop(henry, most), "sequence unsigned");
  tell("sequence: nor below it", await drop(henry, 1), "sequence unsigned");
  tell("sequence: another key goes on", await drop(grace, 7), "done signed");
  tell("sequence: an older number of that key", await drop(grace, 6), "sequence unsigned");
  tell("sequence: whose number is used up can still use challenges", await rightCommand(henry), "done signed");
}

/** With a policy that wants two people for vm.start, and allows henry no more than that and seat.drop. */
export async function twoPeople(grace: Person, henry: Person, mallory: Person): Promise<void> {
  const attack = attacker();
  const both = (hello: HelloReply, second: string, signers: readonly Person[], op = START) => {
    const bytes = envelope(grace, hello, op, { ...WORK, second });
    return { bytes, signatures: signers.map((signer) => sign(signer, bytes)) };
  };
  await attack("two signers: one alone", "two-signers signed", (hello) => {
    const bytes = envelope(grace, hello, START, WORK);
    return { bytes, signatures: [sign(grace, bytes)] };
  });
  await attack("two signers: the same one twice", "two-signers unsigned", (hello) =>
    both(hello, "grace", [grace, grace]),
  );
  await attack("two signers: the same key under another's name", "two-signers unsigned", (hello) =>
    both(hello, "henry", [grace, grace]),
  );
  await attack("two signers: a second who is not enrolled", "signature-refused unsigned", (hello) =>
    both(hello, "henry", [grace, mallory]),
  );
  await attack("two signers: a second name and one signature", "two-signers unsigned", (hello) =>
    both(hello, "henry", [grace]),
  );
  await attack("two signers: a code that tty1 does not show", "presence signed", (hello) => {
    const bytes = envelope(grace, hello, START, { ...WORK, presence: "0000-0000" });
    return { bytes, signatures: [sign(grace, bytes)] };
  });
  await attack("what the policy does not let henry do", "policy signed", (hello) => {
    const bytes = envelope(henry, hello, "vm.kill", WORK);
    return { bytes, signatures: [sign(henry, bytes)] };
  });
  await attack("two signers: two people", "done signed", (hello) => both(hello, "henry", [grace, henry]));
}

/** The key that was enrolled until now. */
export async function revoked(henry: Person): Promise<void> {
  told({ title: "a revoked key", seen: await rightCommand(henry), expected: "signature-refused unsigned" });
}

/** With a policy that nobody can read. */
export async function policyUnreadable(grace: Person): Promise<void> {
  const expected = "policy-unreadable signed";
  told({ title: "a policy that cannot be read lets nobody do anything", seen: await rightCommand(grace), expected });
}

export async function clockSetBack(grace: Person): Promise<void> {
  told({ title: "the clock set back", seen: await rightCommand(grace), expected: "clock-set-back unsigned" });
}

type Attack = (hello: HelloReply) => { bytes: Uint8Array; signatures: readonly string[] };

function attacker(): (title: string, expected: string, make: Attack) => Promise<void> {
  return async (title, expected, make) => {
    const client: ControlClient = await connect();
    try {
      const { bytes, signatures } = make(await client.hello());
      told({ title, seen: await send(client, bytes, signatures), expected });
    } finally {
      client.close();
    }
  };
}
