// The steps that make the machine start from its disks: kernel, menu and loader on every ESP, entries in the firmware.
import { makeHostArchive } from "../boot/host-archive.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import { withPartition } from "./layout/disk-layout.ts";
import type { Layout } from "./layout/layout.ts";
import { step, stepOf } from "./planned-step.ts";
import type { RootBoot } from "./root-boot.ts";
import type { BootFiles, Step } from "./step.ts";

export interface BootOf extends RootBoot {
  hostid: string;
}

export function bootSteps(spec: ResolvedSpec, { disks }: Layout, boot: BootOf): Step[] {
  const files: BootFiles = {
    directory: `/EFI/multiverse/${spec.host.name}/${spec.root.system}`,
    archive: hostArchive(spec, boot).toString("base64"),
    ...(spec.packages.set === "hypervisor" ? { microcode: true as const } : {}),
    keyboard: spec.host.keyboard,
  };
  const esps = withPartition(disks, "esp");
  const many = esps.length > 1;
  const count = many ? { esps: esps.length } : {};
  const where = many ? "every EFI partition" : "the EFI partition";
  return [
    step(`copy kernel and initramfs to ${where}`, "writes", { kind: "boot-files", boot: files, ...count }),
    step("write the boot menu", "writes", {
      ...{ kind: "boot-menu", boot: files, timeout: spec.boot.timeout, entries: menuEntries(spec, boot), ...count },
    }),
    // A new entry goes to the front of the firmware's order: the first disk's, made last, is tried first.
    ...esps
      .map(({ disk: { target }, partition }, index) => {
        const label = `Multiverse ${spec.host.name}`;
        return stepOf(index + 1, many ? `tell the firmware of ${target.id}` : "tell the firmware", "writes", {
          ...{ kind: "nvram", target, partition: partition.number },
          label: index === 0 ? label : `${label} (disk ${index + 1})`,
          loader: "\\EFI\\refind\\refind_x64.efi",
        });
      })
      .reverse(),
  ];
}

function menuEntries(spec: ResolvedSpec, { root }: RootBoot): { title: string; options: string }[] {
  // Without a speed the kernel sets a serial line to 9600 baud.
  const consoles = spec.boot.consoles.map((name) => `console=${name}${name.startsWith("ttyS") ? ",115200" : ""}`);
  const options = ["boot=multiverse", `root=${root}`, "quiet", ...consoles, spec.boot.options].filter(
    (word) => word !== "",
  );
  return [{ title: spec.host.name, options: options.join(" ") }];
}

function hostArchive(spec: ResolvedSpec, { settings, hostid }: BootOf): Buffer {
  const lines = [
    "# This host's part of the initramfs; read by /scripts/multiverse.",
    `MULTIVERSE_HOST='${spec.host.name}'`,
    ...Object.entries(settings).map(([name, value]) => `MULTIVERSE_${name}='${value}'`),
    "",
  ].join("\n");
  // /etc/hostid is the number in the machine's own byte order (spl(4)): little endian on every machine we run on.
  const id = Buffer.alloc(4);
  id.writeUInt32LE(Number.parseInt(hostid, 16));
  return makeHostArchive([
    { path: "etc/hostid", content: id },
    { path: "etc/multiverse/host.conf", content: Buffer.from(lines) },
  ]);
}
