// Every state that a host's screens can be in, made from the healthy one: for pictures, tests and the demo.
import type { Controller } from "../../../core/status/controller-facts.ts";
import type { Hop } from "../../../core/status/network-facts.ts";
import type { Parts } from "../../../core/status/snapshot.ts";
import { ctlLine } from "../../host/ctl-line.ts";
import { type HostState, NOTHING_HEARD, type Page, startHost } from "../../host-state/model.ts";
import type { LanguageCode } from "../../text/languages.ts";
import { HOSTILE_TEXTS } from "../states/machines.ts";
import type { Typed } from "../states/state.ts";
import {
  CONTROL,
  CONTROLLERS,
  controller,
  DEMO_MONOTONIC,
  DEMO_NOW,
  DEMO_WALL,
  demoView,
  ENDPOINTS,
  HOST,
  healthyParts,
  live,
  NETWORK,
  polled,
  UNLOCKED,
} from "./view.ts";

export interface HostDemoState {
  /** Together they name the picture: lower case letters, digits and dashes. */
  name: string;
  state: string;
  host: HostState;
  /** What leads there inside the page. */
  keys: readonly Typed[];
}

type More = Partial<Omit<HostState, "view">> & {
  parts?: Partial<Parts>;
  keys?: readonly Typed[];
  view?: HostState["view"];
};

function stateOf(
  name: string,
  state: string,
  { parts = {}, keys = [], view = demoView(parts), ...more }: More = {},
): HostDemoState {
  const language: LanguageCode = "en";
  const begin = startHost({ monotonic: DEMO_MONOTONIC, wall: DEMO_WALL, language, place: "vt", view });
  return { name, state, keys, host: { ...begin, ...more } };
}

const at = (...pages: Page[]): Pick<HostState, "pages"> => ({ pages: [{ name: "status" }, ...pages] });
const read = (what: Extract<Page, { name: "read" }>["what"]): Page => ({ name: "read", what });
const press = (...names: Extract<Typed, { press: unknown }>["press"][]): Typed[] =>
  names.map((name) => ({ press: name }));

const NO_CARRIER: Partial<Hop> = {
  state: "broken",
  trouble: "no-carrier",
  seen: "carrier is 0",
  speed: null,
  addresses: [],
};

/** The cable of the LAN is out, and the gateway of the WAN is silent. */
function brokenNetwork(): Partial<Parts> {
  const roots = NETWORK.roots.map((root): Hop => {
    if (root.network === "lan") return { ...root, ...NO_CARRIER };
    if (root.network !== "wan") return root;
    const next = root.next.map(
      (each): Hop => ({
        ...each,
        ...{
          state: "broken",
          trouble: "gateway-silent",
          seen: "no answer of 203.0.113.1 to 3 ARP requests",
          latencyMs: null,
        },
        next: each.next.map((behind): Hop => ({ ...behind, state: "unknown", latencyMs: null })),
      }),
    );
    return { ...root, next };
  });
  const endpoints = ENDPOINTS.map((each) =>
    each.network === "wan"
      ? { ...each, reach: { state: "silent", target: each.reach.target, latencyMs: null } as const }
      : each,
  );
  return { network: live({ roots }), endpoints: polled(endpoints, 2) };
}

const FAILED: Controller = controller("lab", "failed", {
  os: "Fedora 43",
  reason: {
    text: "The checksum of the image at /var/lib/multiverse/lab.qcow2 does not match.",
    at: DEMO_WALL - 300_000,
  },
  console: [
    "[   12.1] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
    "[   12.1] ---[ end ]---",
  ],
});

const SILENT: Controller = controller("mail", "silent", {
  heartbeat: { at: DEMO_NOW - 94_000, by: "guest-agent" },
  reason: { text: "No heartbeat for 94 s, and its console says nothing.", at: DEMO_WALL - 90_000 },
});

const failing = [CONTROLLERS[0], FAILED, SILENT, ...CONTROLLERS.slice(1)].filter((each) => each !== undefined);

function many(count: number): Controller[] {
  const states = ["running", "running", "off", "starting", "silent", "failed"] as const;
  return Array.from({ length: count }, (_, index) =>
    controller(`node-${String(index).padStart(3, "0")}`, states[index % states.length] ?? "off", {
      heartbeat: index % 6 < 2 ? { at: DEMO_NOW - (index % 9) * 1000, by: "guest-agent" } : null,
      reason: index % 6 === 5 ? { text: "It was killed from outside (signal 9).", at: DEMO_WALL - index * 1000 } : null,
    }),
  );
}

/** Every source hangs; some have answered before. */
function slow(): Partial<Parts> {
  const hung = "virsh did not answer within 10 s";
  const parts = healthyParts();
  const waiting = { at: null, value: null, failure: null, live: false };
  return {
    controllers: { ...parts.controllers, at: DEMO_NOW - 31_000, failure: hung },
    pools: { ...parts.pools, at: DEMO_NOW - 31_000, failure: "zpool did not answer within 10 s" },
    network: waiting,
    endpoints: { ...waiting, failure: "ping did not answer within 5 s" },
    units: waiting,
    disks: waiting,
    update: { ...waiting, failure: "apt-get did not answer within 60 s" },
  };
}

/** Names as guests and devices may really have them. */
function hostile(): Partial<Parts> {
  const [text = "", other = ""] = HOSTILE_TEXTS;
  const nasty = HOSTILE_TEXTS.map((name, index) =>
    controller(`${name}${index}`, index % 2 === 0 ? "failed" : "running", {
      os: name,
      reason: { text: name, at: DEMO_WALL },
      console: [...HOSTILE_TEXTS],
    }),
  );
  const roots = NETWORK.roots.map(
    (root): Hop => ({ ...root, name: text, driver: other, state: "broken", seen: other }),
  );
  return {
    host: live({ ...HOST, name: `h${text}`, version: other, kernel: text, machine: { vendor: text, model: other } }),
    controllers: live(nasty),
    network: live({ roots }),
    endpoints: polled(ENDPOINTS.map((each) => ({ ...each, region: text, interface: other }))),
    units: live({ state: "degraded", failed: HOSTILE_TEXTS.map((unit) => ({ unit, description: unit, since: null })) }),
    control: live({
      ...CONTROL,
      admins: [...HOSTILE_TEXTS],
      audit: { ...CONTROL.audit, state: "broken", why: text },
      inDoubt: [{ id: "x", op: text, by: other, at: DEMO_WALL }],
    }),
  };
}

const SICK: Partial<Parts> = {
  pools: live(
    (healthyParts().pools.value ?? []).map((pool) => ({
      ...{ ...pool, state: "DEGRADED", errors: 3, trouble: [{ device: "nvme1n1p2", state: "UNAVAIL" }] },
      advice: "One or more devices could not be opened. Attach the missing device and online it.",
    })),
  ),
  disks: polled(
    (healthyParts().disks.value ?? []).map((disk, index) =>
      index === 1 ? { ...disk, state: "failing", why: "it says itself that it fails", celsius: 71 } : disk,
    ),
    40,
  ),
  units: live({
    state: "degraded",
    failed: [{ unit: "libvirtd.service", description: "libvirt daemon", since: DEMO_WALL - 600_000 }],
  }),
  unfinished: polled([{ disk: "WDC WD40EFRX WD-WCC4E8K", host: "saturn" }]),
  control: live({
    ...CONTROL,
    audit: { state: "broken", why: "entry 212 does not follow from entry 211", entries: 214, anchor: "file" },
    inDoubt: [{ id: "d1", op: "vm.stop", by: "ada", at: DEMO_WALL - 5_000_000 }],
    pending: [{ id: "p1", op: "netchain.apply", revertsAt: DEMO_WALL + 42_000 }],
  }),
};

const unlocked = { control: live(UNLOCKED) };
const LINE = ctlLine(HOST.name, "vm.kill", { name: "work" });
const GRANT = ctlLine(HOST.name, "seat.grant", { code: "4821-7730" });
const lost = demoView({}, { state: "lost", why: "connect ECONNREFUSED /run/multiverse/status.sock" });
const fellBack = live({
  ...HOST,
  root: {
    ...HOST.root,
    release: "672f10aa",
    safe: "672f10aa",
    fellBack: { from: "6740a1b2", why: "it did not come up twice" },
  },
});

/** In the order in which the documentation speaks of them. */
export function allHostStates(): HostDemoState[] {
  return [
    stateOf("status", "healthy", { parts: unlocked }),
    stateOf("status", "locked"),
    stateOf("status", "broken-cable", { parts: { ...brokenNetwork(), ...unlocked } }),
    stateOf("status", "broken-cable-locked", { parts: brokenNetwork(), panel: "network" }),
    stateOf("status", "failed-controller", { parts: { controllers: live(failing) }, chosen: "lab" }),
    stateOf("status", "many-controllers", { parts: { controllers: live(many(200)) }, chosen: "node-100" }),
    stateOf("status", "sick", { parts: SICK, panel: "health" }),
    stateOf("status", "lost", {
      ...{ view: lost, lostAt: DEMO_MONOTONIC, monotonic: DEMO_MONOTONIC + 12_000, wall: DEMO_WALL + 12_000 },
    }),
    stateOf("status", "slow", { parts: slow() }),
    stateOf("status", "fell-back", { parts: { host: fellBack } }),
    stateOf("status", "on-trial", {
      parts: { host: live({ ...HOST, root: { ...HOST.root, safe: "672f10aa", trial: { tries: 1 } } }) },
    }),
    stateOf("status", "no-controllers", { parts: { controllers: live([]) } }),
    stateOf("status", "nothing-yet", { view: NOTHING_HEARD }),
    stateOf("status", "no-daemon", {
      view: { ...NOTHING_HEARD, why: "/run/multiverse/status.sock: there is no such file" },
      lostAt: DEMO_MONOTONIC - 31_000,
    }),
    stateOf("status", "hostile", { parts: hostile() }),
    stateOf("status", "host-page", { panel: "host" }),
    stateOf("status", "sent", {
      parts: unlocked,
      toast: { key: "host.toast.done", values: { op: "vm.start", name: "games", text: "" }, tone: "good" },
    }),
    stateOf("controller", "running", { ...at({ name: "controller", controller: "work" }), parts: unlocked }),
    stateOf("controller", "failed", {
      ...at({ name: "controller", controller: "lab" }),
      parts: { controllers: live(failing) },
    }),
    stateOf("controller", "gone", at({ name: "controller", controller: "nobody" })),
    stateOf("controller", "hostile", {
      ...at({ name: "controller", controller: `${HOSTILE_TEXTS[0]}0` }),
      parts: hostile(),
    }),
    stateOf("menu", "locked", at({ name: "menu" })),
    stateOf("menu", "unlocked", { ...at({ name: "menu" }), parts: unlocked }),
    stateOf("menu", "end", { ...at({ name: "menu" }), keys: press("end") }),
    stateOf("host-controllers", "many", {
      ...at(read("controllers")),
      parts: { controllers: live(many(200)) },
      chosen: "node-005",
    }),
    stateOf("host-controllers", "none", { ...at(read("controllers")), parts: { controllers: live([]) } }),
    stateOf("host-network", "broken", { ...at(read("network")), parts: { ...brokenNetwork(), ...unlocked } }),
    stateOf("host-network", "locked", at(read("network"))),
    stateOf("host-health", "good", at(read("health"))),
    stateOf("host-health", "sick", { ...at(read("health")), parts: SICK }),
    stateOf("host-health", "slow", { ...at(read("health")), parts: slow() }),
    stateOf("generations", "fell-back", { ...at(read("generations")), parts: { host: fellBack } }),
    stateOf("keys", "unlocked", { ...at(read("keys")), parts: unlocked }),
    stateOf("keys", "nobody", { ...at(read("keys")), parts: { control: live({ ...CONTROL, admins: [] }) } }),
    stateOf("commands", "in-doubt", {
      ...{ ...at(read("commands")), parts: SICK },
      sent: [
        {
          command: { op: "vm.start", args: { name: "games" } },
          at: DEMO_WALL - 60_000,
          outcome: "failed",
          text: "no memory",
        },
      ],
    }),
    stateOf("logs", "vt", at(read("logs"))),
    stateOf("shell", "remote", { ...at(read("shell")), place: "remote" }),
    stateOf("confirm", "kill", {
      ...at({ name: "confirm", command: { op: "vm.kill", args: { name: "work" } }, type: "work" }),
      keys: [{ type: "wo" }],
    }),
    stateOf(
      "confirm",
      "poweroff",
      at({ name: "confirm", command: { op: "host.poweroff", args: {} }, type: HOST.name }),
    ),
    stateOf(
      "signature",
      "kill",
      at({ name: "signature", command: { op: "vm.kill", args: { name: "work" } }, line: LINE }),
    ),
    stateOf(
      "signature",
      "start",
      at({
        name: "signature",
        command: { op: "vm.start", args: { name: "games" } },
        line: ctlLine(HOST.name, "vm.start", { name: "games" }),
      }),
    ),
    stateOf("unlock", "code", at({ name: "unlock", code: { state: "known", code: "4821-7730", line: GRANT } })),
    stateOf("unlock", "elsewhere", at({ name: "unlock", code: { state: "none" } })),
  ];
}

/** The host at one of its states, by the state's name. */
export function hostStateNamed(state: string): HostDemoState {
  const found = allHostStates().find((each) => each.name === "status" && each.state === state);
  if (found === undefined) throw new Error(`the demo has no state ${state}`);
  return found;
}
