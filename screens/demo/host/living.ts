// The demo's host as it is opened: the made-up one, moved to this moment and alive.
import type { StatusView } from "../../../core/status/view.ts";
import type { HostBackend } from "../../host/backend.ts";
import { demoHost } from "./backend.ts";
import { DEMO_NOW, DEMO_WALL, demoView } from "./view.ts";

export function livingHost(): HostBackend {
  const clock = { monotonic: () => performance.now(), wall: () => Date.now() };
  const { parts, ...view } = demoView();
  const offset = DEMO_NOW - clock.monotonic();
  return demoHost({
    view: { ...view, parts: movedBy(clock.wall() - DEMO_WALL, parts) as StatusView["parts"], offset },
    clock,
  });
}

/** Every time of day in it; nothing else in the demo is such a number. */
function movedBy(by: number, value: unknown): unknown {
  if (typeof value === "number") return value > 1.6e12 && value < 2e12 ? value + by : value;
  if (Array.isArray(value)) return value.map((each) => movedBy(by, each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, movedBy(by, each)]));
}
