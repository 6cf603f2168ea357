// What one guest may do by vsock, from the host's own loopback (CID 1): too much, too slow, too many.
import type { Duplex } from "node:stream";
import { connect } from "../../../bin/ctl/connect.ts";
import { placeOf } from "../../../bin/ctl/place.ts";
import { decodeReply, encodeFrame, FrameReader, KIND, REPLY_FRAME_LIMIT } from "../../../core/control/frames.ts";
import { converse } from "../../../core/tools/run-real.ts";
import { ended, gibibyte, slowWriters, type Way } from "./floods.ts";
import { inWords, type Person, rightCommand, told } from "./wire.ts";

/** multiversed-vsock.service: connections of one guest. */
const OF_ONE = 4;
const HELLO = encodeFrame(KIND.hello, new Uint8Array());

const open = async (): Promise<Duplex> => (await connect(placeOf("vsock://1", undefined), converse)).stream;
const BY_VSOCK: Way = { words: "by vsock: ", open };

export async function floodsByVsock(grace: Person): Promise<void> {
  await gibibyte(BY_VSOCK);
  await slowWriters(grace, BY_VSOCK, OF_ONE - 1);
}

/** Until a reply has come, or the end. */
function reply(stream: Duplex): Promise<string> {
  const reader = new FrameReader(REPLY_FRAME_LIMIT);
  return new Promise((resolve) => {
    const take = (piece: Buffer) => {
      for (const { body } of reader.push(piece)) {
        stream.off("data", take);
        resolve(inWords(decodeReply(body), ""));
      }
    };
    stream.on("data", take);
    void ended(stream).then(() => resolve("closed"));
  });
}

const greet = (stream: Duplex): Promise<string> => {
  const said = reply(stream);
  stream.write(HELLO);
  return said;
};

export async function crowdByVsock(grace: Person): Promise<void> {
  const tell = (title: string, seen: string, expected: string) => told({ title: `by vsock: ${title}`, seen, expected });
  const half = await open();
  const said = reply(half);
  half.end(HELLO);
  tell("who has closed its own side gets its reply", await said, "hello unsigned");
  half.destroy();
  const held = await Promise.all(Array.from({ length: OF_ONE }, admitted));
  tell(`a guest has ${OF_ONE} connections, and not one more`, await greet(await open()), "closed");
  tell("others are served by the socket meanwhile", await rightCommand(grace), "done signed");
  const again = await Promise.all(held.map(greet));
  tell("the first ones are served, too", again.join(", "), held.map(() => "hello unsigned").join(", "));
  const ends = held.map(ended);
  await Promise.all(ends);
  tell("silent ones are cut off", `${held.filter(({ destroyed }) => destroyed).length}`, `${OF_ONE}`);
  const next = await admitted();
  tell("then there is room again", await greet(next), "hello unsigned");
  next.destroy();
}

/** One that is let in: what an earlier one used may still be ending. */
async function admitted(): Promise<Duplex> {
  for (;;) {
    const stream = await open();
    if ((await greet(stream)) === "hello unsigned") return stream;
    stream.destroy();
  }
}
