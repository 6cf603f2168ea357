// The daemon's hub and socket with made-up sources; the clock can go faster, so that a day of readings takes a minute.
import { makeBoard } from "../../core/status/board.ts";
import { startHub } from "../../core/status/hub.ts";
import { monotonicNow } from "../../core/status/monotonic.ts";
import { realPorts } from "../../core/status/real-ports.ts";
import { openStatusSocket } from "../../core/status/socket.ts";
import type { StatusSource } from "../../core/status/source.ts";
import { createRun, follow } from "../../core/tools/run-real.ts";
import { manyControllers } from "./many-controllers.ts";

const [path = "", count = "200", faster = "1"] = process.argv.slice(2);
const speed = Number(faster);
if (speed !== 1) {
  const real = globalThis.setTimeout;
  globalThis.setTimeout = Object.assign((run: () => void, ms = 0) => real(run, ms / speed), {
    __promisify__: real.__promisify__,
  }) as typeof setTimeout;
}
const ports = { ...realPorts(createRun()), monotonic: () => monotonicNow() * speed };

let turn = 0;
const controllers: StatusSource<"controllers"> = {
  ...{ part: "controllers", every: 5_000, patience: 30_000, triggers: [] },
  async read() {
    turn += 1;
    process.send?.(turn);
    return manyControllers(Number(count), turn);
  },
};
const sensors: StatusSource<"sensors"> = {
  ...{ part: "sensors", every: 5_000, patience: 30_000, triggers: [] },
  read: async () => [{ name: "Package id 0", celsius: 40 + (turn % 3), criticalCelsius: 100 }],
};
/** A source that hangs for good is part of every day. */
const pools: StatusSource<"pools"> = {
  ...{ part: "pools", every: 5_000, patience: 30_000, triggers: [] },
  read: () => new Promise(() => {}),
};

const board = makeBoard();
await openStatusSocket({ path, board, boot: "bench", monotonic: monotonicNow });
startHub({ sources: [controllers, sensors, pools], ports, follow, board });
