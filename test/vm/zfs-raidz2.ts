// Four disks of which two may fail, encrypted, made by the exported script: any two start the machine, by any of their ESPs.
import type { Machine } from "../../core/vm/machine.ts";
import { BOOT_FAILED } from "./boot-host.ts";
import { bootTiny, stopTiny } from "./boot-tiny.ts";
import { EXPECTED } from "./host-spec.ts";
import { checkEsps, checkTiny, poolStates } from "./layout-checks.ts";
import { blankDisk, installLayout } from "./layout-install.ts";
import { layoutSpec } from "./layout-spec.ts";
import { DEADLINE, type Scenario } from "./scenario.ts";
import { linesOf } from "./tiny-report.ts";

const GIB = 1024 ** 3;
const NAMES = ["one", "two", "three", "four"] as const;

export const scenario: Scenario = {
  name: "zfs-raidz2",
  title: "raidz2 of four disks, encrypted, by the exported script: boots with any two of them",
  ci: false,
  needs: ["live", "tiny"],
  async run(context) {
    const disks = await Promise.all(NAMES.map((name) => blankDisk(context, name, 6 * GIB)));
    const [one, two, three, four] = disks;
    if (one === undefined || two === undefined || three === undefined || four === undefined)
      throw new Error("four disks");
    const { plan, nvram, secrets } = await installLayout(context, {
      ...{ disks, byScript: true, encrypted: true },
      spec: (made) =>
        layoutSpec(made, {
          disks: "{system: {match: {bus: virtio, size: '= 6 GiB'}, count: 4}}",
          root: `pool: ${EXPECTED.pool}, layout: raidz2, encryption: passphrase`,
        }),
      after: async ({ shell }, made) => checkEsps(context, shell, made),
    });
    // A selector's disks are in the order of their identities.
    const order = plan.erases.map(({ id }) => id);
    context.same(
      "the four disks, by identity",
      order.join(" "),
      "virtio-MVFOUR virtio-MVONE virtio-MVTHREE virtio-MVTWO",
    );
    const place = (id: string) => order.indexOf(`virtio-MV${id.toUpperCase()}`) + 1;
    const gone = (...names: string[]) =>
      names
        .map(place)
        .flatMap((at) => [`/boot/efi${at === 1 ? "" : at}`, `swap /dev/mapper/swap${at === 1 ? "" : at}`]);
    const unlock = (machine: Machine) => typePassphrase(machine, secrets.passphrase);

    const all = await bootTiny(context, { name: "all", disks, nvram, unlock });
    checkTiny(context, plan, all.report, { boot: "all" });
    context.same("all: the pool", poolStates(all.report).state, "ONLINE");
    context.same("all: four swaps, each with a key of its own", String(linesOf(all.report, "swaps").length - 1), "4");
    await stopTiny(context, all);

    const left = [
      { name: "two-and-three", disks: [two, three], missing: gone("one", "four") },
      // The firmware tries the last disk first: its loader and its files are as good.
      { name: "three-and-four", disks: [three, { ...four, bootIndex: 1 }], missing: gone("one", "two") },
    ];
    for (const { name, missing, ...machine } of left) {
      const booted = await bootTiny(context, { name, ...machine, thrownAway: true, unlock });
      checkTiny(context, plan, booted.report, { boot: name, missing });
      context.same(`${name}: the pool`, poolStates(booted.report).state, "DEGRADED");
      await stopTiny(context, booted);
    }
  },
};

async function typePassphrase({ serial }: Machine, passphrase: string): Promise<void> {
  const what = "the question for the passphrase";
  await serial.waitFor(/Passphrase: ?$/, { deadlineMs: DEADLINE.boot, what, unless: BOOT_FAILED });
  serial.send(`${passphrase}\n`);
}
