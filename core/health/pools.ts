// The part `pools`: every imported pool, its room, its errors, its last scrub, and what zpool advises.
import { scrub } from "../inventory/scrub.ts";
import type { PoolHealth } from "../status/health-facts.ts";
import type { MakeSource, Trigger } from "../status/source.ts";
import { briefAsker, whyNoAnswer } from "./ask-briefly.ts";
import { numberOf } from "./text-fields.ts";
import { type PoolStatus, parseZpoolStatus } from "./zpool-status.ts";

const LIST = ["zpool", "list", "-H", "-p", "-o", "name,guid,health,size,free,capacity"] as const;
const STATUS = ["zpool", "status", "-p"] as const;
const ZPOOL_MS = 10_000;

/** Every snapshot is an event, too (history_event), and changes nothing here; that a pool fills up is none. */
const POOLS_CHANGED: Trigger = {
  argv: ["zpool", "events", "-H", "-f"],
  lines: /\.fs\.zfs\.(?!history_event|config_sync)/,
  partial: true,
};

export const makeSourcePools: MakeSource<"pools"> = () => {
  const ask = briefAsker();
  return {
    part: "pools",
    every: 30_000,
    patience: 25_000,
    triggers: [POOLS_CHANGED],
    async read(ports, signal) {
      // One after the other: both take the same lock in the kernel.
      const list = await ask(ports.run, LIST, ZPOOL_MS, signal);
      // Without the module there is no pool; that is no failure.
      if (list.missing || /ZFS modules? (are not|cannot be)/i.test(list.stderr)) return [];
      if (list.exit !== 0) throw new Error(whyNoAnswer("zpool", list));
      const pools = parseZpoolList(list.stdout);
      if (pools.length === 0 && list.stdout.trim() !== "")
        throw new Error("zpool: its output is not what was expected.");
      if (pools.length === 0) return [];
      const status = await ask(ports.run, STATUS, ZPOOL_MS, signal);
      const details = new Map(parseZpoolStatus(status.stdout).map((pool) => [pool.name, pool]));
      if (details.size === 0) throw new Error(whyNoAnswer("zpool", status));
      return pools.map((pool) => withStatus(pool, details.get(pool.name)));
    },
  };
};

type Listed = Pick<PoolHealth, "name" | "guid" | "state" | "size" | "free" | "capacityPercent">;

/** Tab-separated (zpool-list(8)); "-" where a pool cannot say. The sizes and GUIDs stay text: they exceed 2^53. */
export function parseZpoolList(output: string): Listed[] {
  return output.split("\n").flatMap((line) => {
    const [name = "", guid = "", state = "", size = "", free = "", capacity = ""] = line.split("\t");
    if (name === "" || !/^[0-9]+$/.test(guid)) return [];
    const bytes = (text: string) => (/^[0-9]+$/.test(text) ? text : "0");
    return [
      {
        ...{ name: scrub(name), guid, state: scrub(state), size: bytes(size), free: bytes(free) },
        capacityPercent: numberOf(capacity.replace(/%$/, "")) ?? 0,
      },
    ];
  });
}

function withStatus(pool: Listed, status: PoolStatus | undefined): PoolHealth {
  const unknown = { state: "never", what: null, endedAt: null, percent: null, errors: 0 } as const;
  return {
    ...pool,
    // The worse of the two: a pool that was suspended between the questions is told by the second one.
    state: status !== undefined && status.state !== "" && pool.state === "ONLINE" ? status.state : pool.state,
    errors: status?.errors ?? 0,
    scrub: status?.scrub ?? unknown,
    trouble: status?.trouble ?? [],
    advice: status?.advice ?? null,
  };
}
