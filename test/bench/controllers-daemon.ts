// The daemon's hub and socket with the real source of the controllers, on a libvirt that is made up; the clock can go faster.
import { makeControllersSource } from "../../core/controllers/controllers-source.ts";
import { makeBoard } from "../../core/status/board.ts";
import { startHub } from "../../core/status/hub.ts";
import { monotonicNow } from "../../core/status/monotonic.ts";
import { realPorts } from "../../core/status/real-ports.ts";
import { openStatusSocket } from "../../core/status/socket.ts";
import { manyDomains } from "./many-domains.ts";

const [path = "", count = "200", faster = "1", xml = ""] = process.argv.slice(2);
const speed = Number(faster);
if (speed !== 1) {
  const real = globalThis.setTimeout;
  globalThis.setTimeout = Object.assign((run: () => void, ms = 0) => real(run, ms / speed), {
    __promisify__: real.__promisify__,
  }) as typeof setTimeout;
}
const CONSOLE = "[   12.004217] a line of a console of the usual length\r\n".repeat(300);
let turn = 0;
const run = manyDomains(Number(count), xml, (now) => {
  turn = now;
  process.send?.(turn);
});
const controllers = makeControllersSource({
  // One console in ten has said something since the last reading.
  tail: async (path, _, known) =>
    known !== null && (turn + path.length) % 10 > 0
      ? null
      : { text: `${CONSOLE}${turn}\n`, size: CONSOLE.length + turn, changedAt: turn },
  connectLine: () => ({ onReadable: () => {}, onEnd: () => {}, read: () => null, close: () => {} }),
});
const ports = { ...realPorts(run), monotonic: () => monotonicNow() * speed };
const follow = () => new Promise<never>(() => {});
const board = makeBoard();
await openStatusSocket({ path, board, boot: "bench", monotonic: monotonicNow });
startHub({ sources: [controllers], ports, follow, board });
