// What must hold on every booted tiny root, and on the EFI partitions that its install has left.
import type { Plan } from "../../core/plan/step.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { EXPECTED } from "./host-spec.ts";
import { stepsOf } from "./layout-install.ts";
import { type Context, DEADLINE } from "./scenario.ts";
import { linesOf, type TinyReport } from "./tiny-report.ts";

export interface LayoutChecks {
  /** Put before each title. */
  boot: string;
  /** fstab's places on disks that are not there; everything else must be mounted. */
  missing?: readonly string[];
}

/** Name, host id, kernel line, and that everything in fstab is mounted. */
export function checkTiny(
  context: Context,
  plan: Plan,
  report: TinyReport,
  { boot, missing = [] }: LayoutChecks,
): void {
  const [configure] = stepsOf(plan, "configure");
  context.same(`${boot}: the host's name`, report.hostname ?? "", EXPECTED.host);
  context.same(`${boot}: the host's id`, report.hostid ?? "", configure?.hostid ?? "");
  context.check(
    `${boot}: the kernel was started by our menu`,
    / boot=multiverse /.test(` ${report.cmdline} `),
    report.cmdline,
  );
  const failed = linesOf(report, "fstab").flatMap((line) => /^fstab FAILED ([^:]*)/.exec(line)?.[1] ?? []);
  context.same(`${boot}: what fstab could not mount`, failed.sort().join("\n"), [...missing].sort().join("\n"));
  context.check(`${boot}: fstab mounted something`, linesOf(report, "fstab").length > failed.length, report.fstab);
}

/** State of the pool and of each of its devices: "ONLINE", "DEGRADED"; by PARTUUID where the name tells it. */
export function poolStates(report: TinyReport): { state: string; errors: string; devices: [string, string][] } {
  const status = report.zpool ?? "";
  const devices = [...status.matchAll(/^\t( *)(\S+) +([A-Z]+) +\d/gm)].map(
    ([, , name = "", state = ""]): [string, string] => [name, state],
  );
  return {
    state: /^ *state: (\S+)/m.exec(status)?.[1] ?? "",
    errors: /^errors: (.*)/m.exec(status)?.[1] ?? "",
    devices,
  };
}

/** Mounts every ESP of a plan read-only and compares all files byte for byte; and that the mark of unfinished is gone. */
export async function checkEsps(context: Context, shell: GuestShell, plan: Plan): Promise<void> {
  const esps = stepsOf(plan, "make-esp").map(({ partuuid }) => partuuid);
  const script = [
    "set -eu",
    ...esps.map(
      (partuuid, at) => `mkdir -p /run/esp/${at}; mount -o ro /dev/disk/by-partuuid/${partuuid} /run/esp/${at}`,
    ),
    "cd /run/esp",
    ...esps.map((_, at) => `(cd ${at}; find . -type f -exec sha256sum {} + | LC_ALL=C sort -k 2 >/run/esp-${at})`),
    ...esps.map((_, at) => `echo "${at} $(wc -l </run/esp-${at}) $(sha256sum </run/esp-${at})"`),
    ...esps.map((partuuid) => `echo "label $(lsblk -no PARTLABEL /dev/disk/by-partuuid/${partuuid})"`),
    ...esps.map((_, at) => `(cd ${at}; find . -type f -print | grep -c multiverse)`),
    "cd /",
    ...esps.map((_, at) => `umount /run/esp/${at}`),
  ].join("\n");
  const output = await shell.output(script, { deadlineMs: DEADLINE.command });
  const sums = [...output.matchAll(/^\d+ (\d+) ([0-9a-f]{64})/gm)];
  context.check(
    `${esps.length} EFI partitions hold files`,
    sums.length === esps.length && sums.every(([, files]) => Number(files) > 20),
    output,
  );
  context.same("all hold the same, byte for byte", String(new Set(sums.map(([, , sum]) => sum)).size), "1");
  const labels = [...output.matchAll(/^label (.*)$/gm)].map(([, label = ""]) => label);
  context.same("none is marked as unfinished", labels.join(", "), esps.map(() => "EFI system partition").join(", "));
}
