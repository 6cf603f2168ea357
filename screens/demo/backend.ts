// The demo's backend: a made-up machine, real questions and a real plan, and an install that only pretends, under a banner that says so.
import { setTimeout as delay } from "node:timers/promises";
import type { InstallEvent } from "../../core/execute/events.ts";
import { planDraft } from "../../core/install.ts";
import type { Inventory } from "../../core/inventory/inventory.ts";
import type { Plan } from "../../core/plan/step.ts";
import { setValues } from "../../core/spec/answers.ts";
import type { Backend } from "../backend/backend.ts";
import { describeKey } from "../backend/describe-key.ts";
import { fetchSpec } from "../backend/fetch-spec.ts";
import { previewDisk } from "../backend/preview-disk.ts";
import { DEMO_MACHINE } from "./machine.ts";

/** A fixed time, so that the same answers give the same pictures. */
const CIRCUMSTANCES = { now: 1_767_225_600, saveTo: "/run/multiverse/state" };
const MIB = 1024 ** 2;

export interface DemoOptions {
  machine?: Inventory;
  /** How the pretended install waits; a test does not. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** What a test puts in the place of the demo's own. */
  instead?: Partial<Backend>;
}

export function demoBackend(options: DemoOptions = {}): Backend {
  const { machine = DEMO_MACHINE, wait = (ms, signal) => delay(ms, undefined, { signal }), instead } = options;
  return {
    probe: async () => machine,
    judge: (draft, inventory) => planDraft(draft, inventory, CIRCUMSTANCES),
    preview: async (draft, inventory, disk, among) => ({
      ...(await previewDisk(draft, inventory, { disk, among }, CIRCUMSTANCES)),
      health: { passed: true, temperature: 38, hours: 8760 },
    }),
    says: async (path) => describeKey(path),
    write: async (text, answers) => setValues(text, answers),
    specs: async () => [
      { path: "/demo/jupiter.yml", name: "jupiter.yml", says: "Everything but the disk is said.", from: "profile" },
    ],
    open: async ({ path, from }) => ({ name: path, text: SAMPLE, from, file: null }),
    fetchSpec,
    wifi: async () => [
      { ssid: "Café", label: "Café", signal: -48, security: "psk", channel: 6, unusable: [] },
      { ssid: "Gäste", label: "Gäste", signal: -61, security: "open", channel: 11, unusable: [] },
      {
        ...{ ssid: "eduroam", label: "eduroam", signal: -70, security: "enterprise", channel: 36 },
        unusable: ["a login of one's own is not supported yet"],
      },
    ],
    // Not a password's hash: the demo keeps nothing that anyone types.
    hashPassword: async () => `$6$demo$${"x".repeat(86)}`,
    adminKey: async () => null,
    applyKeyboard: async () => {},
    unfinished: async () => [],
    watch: async () => false,
    async install({ draft }, onEvent, signal) {
      const { plan } = await planDraft(draft, machine, CIRCUMSTANCES);
      if (plan === null) throw new Error("the demo has no plan");
      await pretend(plan, onEvent, (ms) => wait(ms, signal));
      return plan;
    },
    planOf: async () => null,
    save: async (what) => `/demo/multiverse.${what}`,
    saveReport: async () => "/demo/report.txt",
    essentials: async ({ failure, plan }) =>
      `multiverse demo; plan ${plan?.hash.slice(0, 12) ?? "none"}; ${failure.code}`,
    anotherSource: async () => null,
    durable: async () => true,
    reboot: async () => {},
    powerOff: async () => {},
    ...instead,
  };
}

const SAMPLE = `# Everything but the disk is said.
version: 1
host: { name: jupiter.example.net, timezone: Europe/Berlin, keyboard: de }
root: { encryption: none }
users: [{ name: ada, groups: [sudo], password: "$6$demo$${"x".repeat(86)}" }]
`;

/** Goes through the plan's steps as fast as a person can follow; nothing is done. */
async function pretend(
  plan: Plan,
  onEvent: (event: InstallEvent) => void,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  const of = plan.steps.length;
  onEvent({ event: "plan", hash: plan.hash, steps: of, host: plan.host });
  onEvent({ event: "journal", where: CIRCUMSTANCES.saveTo, durable: true });
  for (const [at, { id, title }] of plan.steps.entries()) {
    const step = { event: "step", index: at + 1, of, id, title } as const;
    onEvent({ ...step, state: "start" });
    const total = id === "copy-system" ? 775 * MIB : 0;
    for (let bytes = 0; bytes < total; bytes += 31 * MIB) {
      const left = Math.round((total - bytes) / (93 * MIB));
      const rate = String(93 * MIB);
      onEvent({ event: "progress", index: at + 1, bytes: String(bytes), total: String(total), rate, left });
      await wait(330);
    }
    await wait(600);
    onEvent({ ...step, state: "done", ms: 600 });
  }
  onEvent({ event: "done", hash: plan.hash, ms: of * 600, peakRss: "0" });
}
