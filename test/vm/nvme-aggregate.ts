// All NVMe disks of a machine in one pool by a selector, special and cache devices beside them; the disk that is not named stays.
import { createHash, randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { VmDisk } from "../../core/vm/machine-options.ts";
import { bootTiny, stopTiny } from "./boot-tiny.ts";
import { EXPECTED } from "./host-spec.ts";
import { checkEsps, checkTiny, poolStates } from "./layout-checks.ts";
import { blankDisk, installLayout, stepsOf } from "./layout-install.ts";
import { layoutSpec } from "./layout-spec.ts";
import type { Context, Scenario } from "./scenario.ts";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const NVME = { bus: "nvme" } as const;

export const scenario: Scenario = {
  name: "nvme-aggregate",
  title: "three NVMe disks in one raidz1 by a selector, with special and cache devices; another disk stays as it is",
  ci: false,
  needs: ["live", "tiny"],
  async run(context) {
    const nvme = [
      await blankDisk(context, "nvme1", 6 * GIB, NVME),
      await blankDisk(context, "nvme2", 6 * GIB, NVME),
      await blankDisk(context, "nvme3", 6 * GIB + 64 * MIB, NVME),
    ];
    const special = [await blankDisk(context, "fast1", 2 * GIB), await blankDisk(context, "fast2", 2 * GIB)];
    const cache = await blankDisk(context, "cache", GIB);
    const stranger = await strangerDisk(context);
    const before = await hashOf(stranger);
    const disks = [...nvme, ...special, cache, stranger];
    const { plan, nvram } = await installLayout(context, {
      disks,
      spec: (secrets) =>
        layoutSpec(secrets, {
          disks: [
            "{system: {match: {bus: nvme, size: '>= 6 GiB'}, count: 3}",
            "fast: {match: {bus: virtio, size: '= 2 GiB'}, count: 2}",
            "flash: virtio-MVCACHE}",
          ].join(", "),
          root: `pool: ${EXPECTED.pool}, layout: raidz1, encryption: none, special: {on: fast, layout: mirror}, cache: flash`,
        }),
      after: async ({ shell }, made) => checkEsps(context, shell, made),
    });
    context.same("six disks are erased", String(plan.erases.length), "6");
    context.same("ESPs are on the three members only", String(stepsOf(plan, "make-esp").length), "3");
    context.check(
      "the other disk is named as not touched",
      plan.untouched.some(({ id }) => id === "virtio-MVOTHER"),
    );
    context.same("the other disk holds what it held, byte for byte", await hashOf(stranger), before);

    const all = await bootTiny(context, { name: "all", disks, nvram });
    checkTiny(context, plan, all.report, { boot: "all" });
    const { state, devices } = poolStates(all.report);
    const joined = devices.map(([name]) => name).filter((name) => /^(raidz1|mirror)-/.test(name));
    context.same("all: the pool", `${state}: ${joined.join(" ")}`, "ONLINE: raidz1-0 mirror-1");
    const status = all.report.zpool ?? "";
    context.check(
      "all: it has special and cache devices",
      /^\tspecial\b/m.test(status) && /^\tcache\b/m.test(status),
      status,
    );
    await stopTiny(context, all);

    const [, second, third] = nvme;
    if (second === undefined || third === undefined) throw new Error("three NVMe disks");
    const without = await bootTiny(context, {
      name: "without-first",
      disks: [second, third, ...special],
      thrownAway: true,
    });
    const table = stepsOf(plan, "partition")[0]?.partitions ?? [];
    const swap = table.find(({ role }) => role === "swap")?.partuuid;
    checkTiny(context, plan, without.report, {
      boot: "without the first",
      missing: ["/boot/efi", `swap PARTUUID=${swap}`],
    });
    context.same("without the first: the pool", poolStates(without.report).state, "DEGRADED");
    await stopTiny(context, without);
  },
};

/** A disk full of what nobody else has. */
async function strangerDisk(context: Context): Promise<VmDisk> {
  const file = join(context.work, "other.img");
  const handle = await open(file, "w");
  try {
    for (let at = 0; at < 32; at += 1) await handle.write(randomBytes(MIB));
  } finally {
    await handle.close();
  }
  return { id: "other", file, format: "raw", bus: "virtio", serial: "MVOTHER" };
}

async function hashOf({ file }: VmDisk): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
