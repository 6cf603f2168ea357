// The demo's host: a made-up one that lives, under a banner that says so. Commands change it, and nothing else.
import { setTimeout as delay } from "node:timers/promises";
import type { ControlFacts } from "../../../core/status/control-facts.ts";
import type { Controller } from "../../../core/status/controller-facts.ts";
import type { Parts } from "../../../core/status/snapshot.ts";
import type { StatusView } from "../../../core/status/view.ts";
import type { HostBackend, Outcome } from "../../host/backend.ts";
import { ctlLine } from "../../host/ctl-line.ts";
import { CONTROL, controller, UNLOCKED } from "./view.ts";

export interface HostDemoOptions {
  view: StatusView;
  /** Milliseconds of this machine's monotonic clock and since 1970. */
  clock: { monotonic(): number; wall(): number };
  /** Milliseconds between changes; null: nothing changes by itself, for tests. */
  every?: number | null;
  /** How long a command takes; a test waits for nothing. */
  wait?: (ms: number) => Promise<unknown>;
}

const CODE = "4821-7730";

/** The seat is unlocked some seconds after its code was shown, as if an admin had done it. */
const GRANTED_AFTER_MS = 8000;

export function demoHost({ view, clock, every = 1000, wait = (ms) => delay(ms) }: HostDemoOptions): HostBackend {
  let now = view;
  let tell: (view: StatusView) => void = () => {};
  let count = 0;
  const change = (parts: Partial<Parts>) => {
    now = { ...now, parts: { ...now.parts, ...parts } };
    tell(now);
  };
  const at = () => clock.monotonic() + (now.offset ?? 0);
  const beat = () => {
    count += 1;
    const { controllers, load, endpoints } = now.parts;
    change({
      ...(controllers === undefined
        ? {}
        : {
            controllers: { ...controllers, value: controllers.value?.map((each) => alive(each, at(), count)) ?? null },
          }),
      ...(load?.value == null
        ? {}
        : { load: { ...load, at: at(), value: { ...load.value, busyPercent: 8 + (count % 5) } } }),
      ...(endpoints === undefined || count % 5 > 0 ? {} : { endpoints: { ...endpoints, at: at() } }),
    });
  };
  let grant: NodeJS.Timeout | null = null;
  const control = (facts: Partial<ControlFacts>) => {
    const value = { ...(now.parts.control?.value ?? CONTROL), ...facts };
    change({ control: { at: at(), value, failure: null, live: true } });
  };
  return {
    follow(onView) {
      tell = onView;
      onView(now);
      const timer = every === null ? null : setInterval(beat, every);
      return () => {
        tell = () => {};
        if (timer !== null) clearInterval(timer);
      };
    },
    async command(op, args) {
      await wait(700);
      const outcome = carriedOut(op, args, now);
      if (outcome.to !== null) {
        const { to } = outcome;
        const { controllers } = now.parts;
        if (controllers !== undefined)
          change({
            controllers: {
              ...controllers,
              value: controllers.value?.map((each) => (each.name === to.name ? to : each)) ?? null,
            },
          });
      }
      const recent = {
        id: `demo-${clock.wall()}`,
        op,
        by: "seat",
        at: clock.wall(),
        outcome: "done",
        text: null,
      } as const;
      control({ recent: [recent, ...(now.parts.control?.value?.recent ?? [])].slice(0, 10) });
      return outcome.outcome;
    },
    line: (op, args) => ctlLine(now.parts.host?.value?.name ?? null, op, args),
    async seatCode() {
      // It is asked for again and again while it is shown.
      if (every !== null && grant === null) {
        grant = setTimeout(() => {
          grant = null;
          control({ seat: { ...seatOf(), until: clock.wall() + 28_800_000 } });
        }, GRANTED_AFTER_MS);
        grant.unref();
      }
      return CODE;
    },
    async lock() {
      control({ seat: null });
    },
  };
}

function seatOf(): NonNullable<ControlFacts["seat"]> {
  const { seat } = UNLOCKED;
  if (seat === null) throw new Error("the demo's seat has a certificate");
  return seat;
}

function alive(each: Controller, at: number, count: number): Controller {
  if (each.state !== "running") return each;
  const fresh = count % 3 === 0 || each.heartbeat === null;
  return {
    ...each,
    heartbeat: fresh ? { at, by: "guest-agent" } : each.heartbeat,
    cpu: { ...each.cpu, percent: 8 + ((count * 7 + each.name.length) % 23) },
  };
}

function carriedOut(
  op: string,
  args: Readonly<Record<string, unknown>>,
  view: StatusView,
): { outcome: Outcome; to: Controller | null } {
  const each = view.parts.controllers?.value?.find(({ name }) => name === args.name);
  const state = ({ "vm.start": "running", "vm.stop": "off" } as const)[op];
  if (each === undefined || state === undefined)
    return { outcome: { state: "failed", text: "the demo cannot do that" }, to: null };
  const { os, autostart } = each;
  return { outcome: { state: "done", text: null }, to: controller(each.name, state, { os, autostart }) };
}
