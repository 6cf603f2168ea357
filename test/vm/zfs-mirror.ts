// A mirror of two disks of unequal size: each starts the machine alone, degraded and in good order; together again it heals.
import { bootTiny, stopTiny } from "./boot-tiny.ts";
import { EXPECTED } from "./host-spec.ts";
import { checkEsps, checkTiny, poolStates } from "./layout-checks.ts";
import { blankDisk, installLayout } from "./layout-install.ts";
import { layoutSpec } from "./layout-spec.ts";
import { DEADLINE, type Scenario } from "./scenario.ts";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

export const scenario: Scenario = {
  name: "zfs-mirror",
  title: "a mirror of two disks: the same EFI files on both, each boots alone, and it heals",
  ci: true,
  needs: ["live", "tiny"],
  async run(context) {
    const one = await blankDisk(context, "one", 8 * GIB);
    const two = await blankDisk(context, "two", 8 * GIB + 300 * MIB);
    const { plan, nvram } = await installLayout(context, {
      disks: [one, two],
      spec: (secrets) =>
        layoutSpec(secrets, {
          disks: "{system: [virtio-MVONE, virtio-MVTWO]}",
          root: `pool: ${EXPECTED.pool}, layout: mirror, encryption: none`,
        }),
      after: async ({ shell }, made) => checkEsps(context, shell, made),
    });
    context.same("the plan erases both", plan.erases.map(({ id }) => id).join(" "), "virtio-MVONE virtio-MVTWO");
    context.check(
      "and says what stays unused",
      /virtio-MVTWO.*300 MiB/.test(plan.notes?.join() ?? ""),
      plan.notes?.join(),
    );

    const both = await bootTiny(context, { name: "both", disks: [one, two], nvram });
    checkTiny(context, plan, both.report, { boot: "both" });
    const healthy = poolStates(both.report);
    context.same(
      "both: the pool",
      `${healthy.state}: ${healthy.devices.map(([, state]) => state).join(" ")}`,
      "ONLINE: ONLINE ONLINE ONLINE ONLINE",
    );
    context.same("both: two swaps of equal rank", swaps(both.report.swaps), "10 10");
    await stopTiny(context, both);

    // The other disk is away, and so are the boot entries: the firmware finds the loader by itself.
    const second = await bootTiny(context, { name: "second-alone", disks: [two], thrownAway: true });
    checkTiny(context, plan, second.report, { boot: "second alone", missing: gone(plan, 1) });
    context.same("second alone: the pool", poolStates(second.report).state, "DEGRADED");
    await stopTiny(context, second);

    const first = await bootTiny(context, { name: "first-alone", disks: [one], nvram });
    checkTiny(context, plan, first.report, { boot: "first alone", missing: gone(plan, 2) });
    context.same("first alone: the pool", poolStates(first.report).state, "DEGRADED");
    await first.shell.output("echo written while degraded >/home/note; sync; zpool sync");
    await stopTiny(context, first);

    const again = await bootTiny(context, { name: "again", disks: [one, two], nvram });
    checkTiny(context, plan, again.report, { boot: "again" });
    await again.shell.output(`zpool wait -t resilver ${EXPECTED.pool}`, { deadlineMs: DEADLINE.command });
    const healed = await again.shell.output(`zpool status -x ${EXPECTED.pool}; cat /home/note`);
    context.same(
      "again: healed, with what was written meanwhile",
      healed.trim(),
      `pool '${EXPECTED.pool}' is healthy\nwritten while degraded`,
    );
    await stopTiny(context, again);
  },
};

/** The places in fstab that the ESP and the swap of the first or second disk have. */
function gone(plan: Parameters<typeof checkTiny>[1], disk: 1 | 2): string[] {
  const table = plan.steps.flatMap(({ data }) => (data.kind === "partition" ? [data.partitions] : []))[disk - 1] ?? [];
  const swap = table.find(({ role }) => role === "swap")?.partuuid;
  return [disk === 1 ? "/boot/efi" : "/boot/efi2", `swap PARTUUID=${swap}`];
}

function swaps(text = ""): string {
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/).at(-1))
    .join(" ");
}
