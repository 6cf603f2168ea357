// Two hundred controllers that do not exist, with figures that are others at each reading.
import type { Controller } from "../../core/status/controller-facts.ts";

const LINES = Array.from(
  { length: 20 },
  (_, at) => `[   ${at}.004217] a line of a console of the usual length, number ${at}`,
);

/** `turn`: which reading it is; without one all are the same. */
export function manyControllers(count: number, turn: number): Controller[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{ name: `controller-${at}`, uuid: `7c1f6d1e-8a44-4a6e-9d1d-${String(at).padStart(12, "0")}`, os: "Debian 13" },
    state: "running",
    ...{ heartbeat: { at: turn, by: "guest-agent" }, reason: null, cpu: { count: 4, percent: (at * 7 + turn) % 400 } },
    memory: { bytes: 8 * 2 ** 30, used: 2 ** 30 + at * turn },
    disks: ["vda", "vdb"].map((target) => ({
      ...{ target, source: `/dev/zvol/tank/host/vm/controller-${at}-${target}`, bytes: 64 * 2 ** 30 },
      ...{ read: turn * 512, written: at * 512 },
    })),
    networks: [
      {
        ...{
          tap: `vnet${at}`,
          bridge: "br0",
          mac: "52:54:00:aa:bb:01",
          addresses: [`192.0.2.${at}`, `2001:db8::${at}`],
        },
        ...{ received: turn * 1500, sent: at },
      },
    ],
    devices: [{ kind: "usb", id: "046d:c31c", name: "Keyboard K120" }],
    console: LINES,
    autostart: at % 2 === 0,
  }));
}
