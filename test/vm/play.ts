// Runs scripts that are put into /tmp/ex/play in a rescue machine, one after the other.
import { access, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { bootRescue } from "./boot-rescue.ts";
import { blankDisk } from "./layout-install.ts";
import { makeStateDisk } from "./rescue-machine.ts";
import type { Scenario } from "./scenario.ts";

export const scenario: Scenario = {
  name: "play",
  title: "for trying",
  ci: false,
  needs: ["live", "tiny"],
  async run(context) {
    const disks = await Promise.all(["a", "b", "c"].map((id) => blankDisk(context, id, 4 * 1024 ** 3)));
    const nvram = join(context.work, "nvram.fd");
    const state = await makeStateDisk(context, "version: 1\n");
    const { shell } = await bootRescue(context, { name: "rescue", nvram, state, disks, image: "tiny" });
    const folder = "/tmp/ex/play";
    await mkdir(folder, { recursive: true });
    context.log("ready");
    for (;;) {
      if (await access(`${folder}/stop`).then(() => true, () => false)) break;
      for (const name of (await readdir(folder)).filter((each) => each.endsWith(".sh")).sort()) {
        const { exit, output } = await shell.run(await readFile(join(folder, name), "utf8"), { deadlineMs: 900_000 });
        await writeFile(join(folder, `${name}.out`), `${output}\n== ${exit}\n`);
        await rename(join(folder, name), join(folder, `${name}.done`));
      }
      await setTimeout(500);
    }
  },
};
