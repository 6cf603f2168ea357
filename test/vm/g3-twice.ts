// Two boots of one host: each gets a fresh g3, the former is kept, and only data outlives the boot.
import { bootHost, followBoot, shutDown } from "./boot-host.ts";
import { checkHost, OS } from "./host-checks.ts";
import type { Scenario } from "./scenario.ts";

/** Names and GUIDs of the runtime generation and its former ones, newest name last. */
const GENERATIONS = `zfs list -Hpo name,guid -d 1 -t filesystem ${OS} | grep '/g3' | LC_ALL=C sort`;

export const scenario: Scenario = {
  name: "g3-twice",
  title: "boots a host twice: g3 is made anew each time, the former g3 is kept, data stays",
  ci: true,
  needs: ["live"],
  after: ["zfs-plain"],
  async run(context) {
    const host = await context.installedHost("zfs-plain");
    const boot = { name: "host", ...host };
    const { machine, shell } = await bootHost(context, boot);
    const first = parse(await shell.output(GENERATIONS));
    context.same("the first boot made one g3", [...first.keys()].join(" "), `${OS}/g3`);
    await shell.output("echo gone >/etc/in-g3; echo stays >/home/in-data; echo stays >/var/log/in-data; sync");
    shell.serial.send("systemctl reboot\n");
    const again = await followBoot(context, machine, { ...boot, name: "second boot" });
    const second = parse(await again.output(GENERATIONS));
    const fresh = second.get(`${OS}/g3`);
    const former = [...second].filter(([name]) => name.startsWith(`${OS}/g3.prev-`));
    context.check(
      "the second boot made another g3",
      fresh !== undefined && fresh !== first.get(`${OS}/g3`),
      text(second),
    );
    context.same("the former g3 is kept", former.map(([, guid]) => guid).join(" "), first.get(`${OS}/g3`) ?? "");
    context.same("what was written in g3 is gone", (await again.run("cat /etc/in-g3 2>/dev/null")).output, "");
    const kept = await again.run("cat /home/in-data /var/log/in-data");
    context.same("what was written in data stays", kept.output, "stays\nstays\n");
    const prev = former[0]?.[0] ?? "";
    const found = await again.run(
      `mkdir -p /run/prev && mount -t zfs -o ro,zfsutil ${prev} /run/prev && cat /run/prev/etc/in-g3`,
    );
    context.same("the former g3 still holds what was written in it", found.output, "gone\n");
    await again.run("umount /run/prev");
    await checkHost(context, again, { prefix: "second boot: ", secrets: host.secrets, encryption: "none" });
    await shutDown(context, { machine, shell: again });
  },
};

function parse(output: string): Map<string, string> {
  return new Map(
    output
      .trim()
      .split("\n")
      .map((line) => line.split("\t") as [string, string]),
  );
}

function text(generations: Map<string, string>): string {
  return [...generations].map((pair) => pair.join(" ")).join("\n");
}
