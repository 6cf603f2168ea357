// The plainest install: one disk, ZFS without encryption, from the live medium; then it boots by itself.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bootHost, shutDown } from "./boot-host.ts";
import { checkHost } from "./host-checks.ts";
import { makeInstalledHost } from "./installed-host.ts";
import type { Scenario } from "./scenario.ts";
import { keepTreeHash, treeManifest } from "./tree-manifest.ts";

export const scenario: Scenario = {
  name: "zfs-plain",
  title: "installs on one blank disk, boots it and looks at the host from inside and outside",
  ci: true,
  needs: ["live"],
  async run(context) {
    const host = await makeInstalledHost(context, "zfs-plain");
    const booted = await bootHost(context, { name: "host", ...host });
    await checkHost(context, booted.shell, { secrets: host.secrets, encryption: "none" });
    await writeFile(join(context.folder, "vcs1.txt"), await booted.shell.output("cat /dev/vcs1"));
    // The resume scenario compares with this.
    await keepTreeHash(host, await treeManifest(context, booted.shell));
    await shutDown(context, booted);
  },
};
