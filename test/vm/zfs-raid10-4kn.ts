// Pairs of mirrors on disks with sectors of 4096 bytes, one of 512 among them; data sets, pool options and swap on a volume.
import { bootTiny, stopTiny } from "./boot-tiny.ts";
import { EXPECTED } from "./host-spec.ts";
import { checkEsps, checkTiny, poolStates } from "./layout-checks.ts";
import { blankDisk, installLayout, stepsOf } from "./layout-install.ts";
import { layoutSpec } from "./layout-spec.ts";
import type { Scenario } from "./scenario.ts";

const GIB = 1024 ** 3;
const { pool, system } = EXPECTED;
const LARGE = { sector: 4096, physicalSector: 4096 } as const;

export const scenario: Scenario = {
  name: "zfs-raid10-4kn",
  title: "pairs of mirrors on 4Kn disks and one 512e, with data sets, pool options and swap on a volume",
  ci: false,
  needs: ["live", "tiny"],
  async run(context) {
    const one = await blankDisk(context, "one", 6 * GIB, LARGE);
    const two = await blankDisk(context, "two", 6 * GIB, LARGE);
    const three = await blankDisk(context, "three", 6 * GIB, LARGE);
    const four = await blankDisk(context, "four", 6 * GIB, { sector: 512, physicalSector: 4096 });
    const { plan, nvram } = await installLayout(context, {
      disks: [one, two, three, four],
      spec: (secrets) =>
        layoutSpec(secrets, {
          disks: "{system: [virtio-MVONE, virtio-MVTWO, virtio-MVTHREE, virtio-MVFOUR]}",
          root: [
            `pool: ${pool}, layout: raid10, encryption: none`,
            "datasets: {home: {quota: 1 GiB}, media: {mountpoint: /srv/media, record-size: 1 MiB, atime: false}}",
            "pool-options: {compression: zstd, autotrim: false}",
          ].join(", "),
          swap: "{kind: zvol, size: 128 MiB}",
        }),
      after: async ({ shell }, made) => checkEsps(context, shell, made),
    });
    const [{ sectorSize } = { sectorSize: 0 }] = stepsOf(plan, "partition");
    context.same("the first disk has large sectors", String(sectorSize), "4096");
    context.check(
      "the plan warns of swap on a volume",
      /openzfs #7734/.test(plan.notes?.join() ?? ""),
      plan.notes?.join(),
    );

    const all = await bootTiny(context, { name: "all", disks: [one, two, three, four], nvram });
    checkTiny(context, plan, all.report, { boot: "all" });
    const { state, devices } = poolStates(all.report);
    const mirrors = devices.filter(([name]) => /^mirror-/.test(name)).length;
    context.same("all: the pool", `${state}, ${mirrors} mirrors`, "ONLINE, 2 mirrors");
    context.check("all: swap is on a volume", /^\/dev\/zd/m.test(all.report.swaps ?? ""), all.report.swaps);
    const asked = await all.shell.output(
      [
        `zfs get -Hpo value quota ${pool}/${system}/data/home`,
        `zfs get -Hpo value recordsize,atime ${pool}/${system}/data/media`,
        `zfs get -Hpo value compression ${pool}`,
        `zpool get -Hpo value autotrim,ashift ${pool}`,
        "findmnt -no SOURCE /srv/media",
      ].join("\n"),
    );
    const wanted = [GIB, 1024 ** 2, "off", "zstd", "off", 12, `${pool}/${system}/data/media`];
    context.same("all: quota, record size, compression, ashift, mount", asked.trim(), wanted.join("\n"));
    await stopTiny(context, all);

    const half = await bootTiny(context, { name: "half", disks: [two, three], thrownAway: true });
    checkTiny(context, plan, half.report, { boot: "one of each pair", missing: ["/boot/efi", "/boot/efi4"] });
    context.same("one of each pair: the pool", poolStates(half.report).state, "DEGRADED");
    await stopTiny(context, half);
  },
};
