// A machine that differs from its hardware template is refused before a byte is written; then the right template, and the host file made of it.
import { join } from "node:path";
import { createDisk } from "../../core/vm/disk-image.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { bootRescue, powerOff } from "./boot-rescue.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec, TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDiskWith, onStateDisk, SPEC_PATH, targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";
import { checkStacks } from "./stacks-of-tools.ts";

const GIB = 1024 ** 3;
const HOST_FILE = "/run/jupiter.example.net.yml";
const OVER = "/run/over.yml";
const SPARE = ["MVSPARE01", "MVSPARE02", "MVSPARE03"] as const;

/** The right machine by name, and five things in it that are otherwise. */
const WRONG = `version: 1
template: rack_of_ours
system: {vendor: QEMU, model: "Standard PC (Q35*"}
cpu: [{caps: [aes, no_such_flag]}]
ram: {size: ">= 64 GiB"}
peripherals:
  network: [{kind: sfp+, count: 2}]
  storage:
    fast: {kind: nvme, disks: 2}
    virtio: {disks: [{size: 12 GiB}, {size: 4 TB}, {size: 4 TB}, {size: 4 TB}]}
  usb: [{id: "1050:0407", name: a security key}]
`;

export const scenario: Scenario = {
  name: "template-differs",
  title:
    "hardware that differs from its template: exit 8, each difference named, no byte written; then a host file that fits",
  ci: false,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const at = (name: string) => join(context.work, name);
    await createDisk(run, at("target.qcow2"), TARGET_BYTES);
    for (const serial of SPARE) await createDisk(run, at(`${serial}.qcow2`), GIB);
    const state = await makeStateDiskWith(context, {
      "multiverse.yml": hostSpec(secrets, { unlock: "none", disk: TARGET_ID }),
      "wrong.yml": WRONG,
    });
    const target = targetDisk(at("target.qcow2"), TARGET_SERIAL);
    const spare = SPARE.map((serial, index) => targetDisk(at(`${serial}.qcow2`), serial, `spare${index}`));
    const rescue = await bootRescue(context, {
      ...{ name: "rescue", nvram: at("nvram.fd"), state, disks: [target, ...spare] },
    });
    const { shell, machine } = rescue;
    await refusals(context, shell);
    await hostFile(context, shell);
    await sections(context, shell);
    const last = spare.at(-1);
    if (last === undefined) throw new Error("no spare disk");
    await machine.detach(last);
    await shell.output(`until [ ! -e /dev/disk/by-id/virtio-${last.serial} ]; do udevadm settle; done`);
    await tryOut(context, shell, {
      title: "a disk that was pulled since",
      command: `multiverse profile host --template ${HOST_FILE}`,
      ...{ exit: 8, says: [/disk 4 of virtio: the template says .*MVSPARE03.*the machine has none/] },
    });
    await checkStacks(context, shell, [SPARE[0], SPARE[1]]);
    await powerOff(context, rescue);
  },
};

interface Try {
  title: string;
  command: string;
  yaml?: string;
  exit: number;
  says: readonly RegExp[];
}

const INSTALL = `multiverse install ${SPEC_PATH} ${OVER} --headless`;

/** Sectors written to each disk, as the kernel counts them (Documentation/block/stat.rst, field 7). */
const WRITTEN = `for d in ${[TARGET_SERIAL, ...SPARE].join(" ")}; do
  node=$(readlink -f "/dev/disk/by-id/virtio-$d")
  [ ! -b "$node" ] || awk '{print $7}' "/sys/block/$(basename "$node")/stat"
done`;

/** Runs a command and judges exit code, words and what was written; gives its output. */
async function tryOut(context: Context, shell: GuestShell, each: Try): Promise<string> {
  await shell.output(`cat >${OVER} <<'END'\n${each.yaml ?? "version: 1\n"}END\nsync`);
  const before = await shell.output(WRITTEN);
  const { exit, output } = await shell.run(`${each.command} 2>&1`, { deadlineMs: DEADLINE.command });
  context.same(`${each.title}: exit code`, String(exit), String(each.exit));
  for (const words of each.says) context.check(`${each.title}: says ${words.source}`, words.test(output), output);
  context.check(`${each.title}: no stack trace`, !/^\s+at /m.test(output), output);
  context.same(`${each.title}: no byte written`, await shell.output(`sync; ${WRITTEN}`), before);
  return output;
}

async function refusals(context: Context, shell: GuestShell): Promise<void> {
  await tryOut(context, shell, {
    ...{ title: "another machine's template", command: INSTALL, yaml: "hardware: metal_dell_r630\n", exit: 8 },
    says: [
      /metal_dell_r630\.yml:\d+:\d+: the maker: the template says Dell\*, the machine has QEMU/,
      /the model: the template says PowerEdge R630, the machine has Standard PC \(Q35/,
      /the number of memory slots: the template says 24, the machine has 1\b/,
      /the bus front: the template says a sas bus, the machine has none/,
      /nothing was written/,
    ],
  });
  await tryOut(context, shell, {
    ...{ title: "the right model, other parts", command: INSTALL, exit: 8 },
    yaml: `hardware: ${onStateDisk("wrong.yml")}\n`,
    says: [
      /wrong\.yml:4:\d+: the processor: the template says aes, no_such_flag, the machine has none of no_such_flag/,
      /wrong\.yml:5:\d+: the memory: the template says >= 64 GiB/,
      /wrong\.yml:7:\d+: the network: the template says 2 × sfp\+, the machine has 0 \(all ports: 1 × virtual virtio_net\)/,
      /wrong\.yml:9:\d+: the bus fast: the template says a nvme bus with 2 disks, the machine has none/,
      /disk 2 of virtio: the template says 4 TB, the machine has 1 GiB/,
      /the USB device a security key \(1050:0407\): the template says one, the machine has none/,
    ],
  });
  await tryOut(context, shell, {
    ...{ title: "a plan", command: `multiverse plan ${SPEC_PATH} ${OVER}`, yaml: "hardware: metal_dell_r930\n" },
    ...{ exit: 8, says: [/differs from the template metal_dell_r930/] },
  });
  await tryOut(context, shell, {
    ...{ title: "a template that does not exist", command: INSTALL, yaml: "hardware: metal_del_r630\n", exit: 2 },
    says: [/did you mean `metal_dell_r630`/],
  });
}

async function hostFile(context: Context, shell: GuestShell): Promise<void> {
  await tryOut(context, shell, {
    ...{ title: "the scores", command: "multiverse profile host", exit: 0 },
    says: [/^(\d+)\/\1 vm_qemu_q35$/m, /metal_dell_r930: the maker/, /This is vm_qemu_q35/],
  });
  await tryOut(context, shell, {
    title: "auto picks the template and makes a host file",
    command: `multiverse profile host --template auto --output ${HOST_FILE}`,
    ...{ exit: 0, says: [/auto: vm_qemu_q35/, /written to /] },
  });
  const text = await shell.output(`cat ${HOST_FILE}`);
  context.check(
    "the host file names the host and its disks, and not the medium",
    /^host: jupiter\.example\.net$/m.test(text) && text.includes(TARGET_ID) && !/multiverse-(live|state)/.test(text),
    text,
  );
  await tryOut(context, shell, {
    title: "the host file verifies with full marks",
    command: `multiverse profile host --template ${HOST_FILE}`,
    ...{ exit: 0, says: [/^vm_qemu_q35: (\d+)\/\1$/m] },
  });
  await tryOut(context, shell, {
    ...{ title: "a plan against the host file", command: `multiverse plan ${SPEC_PATH} ${OVER}`, exit: 0 },
    ...{ yaml: `hardware: ${HOST_FILE}\n`, says: [/virtio-MVTARGET01/] },
  });
  await tryOut(context, shell, {
    title: "a host file that is there already is not replaced",
    command: `cp ${HOST_FILE} /run/other.yml && echo '# mine' >>/run/other.yml && multiverse profile host --template auto --output /run/other.yml`,
    ...{ exit: 4, says: [/is there already/] },
  });
}

async function sections(context: Context, shell: GuestShell): Promise<void> {
  const pci = await shell.output("multiverse profile pci | tail -n +2 | grep -c '^[0-9a-f]*:'; lspci -D | wc -l");
  const [ours, theirs] = pci.trim().split("\n");
  context.same("as many PCI devices as lspci lists", ours ?? "", theirs ?? "");
  const usb = await shell.output("multiverse profile usb | tail -n +2 | wc -l; lsusb | wc -l");
  const [oursUsb, theirsUsb] = usb.trim().split("\n");
  context.same("as many USB devices as lsusb lists", oursUsb ?? "", theirsUsb ?? "");
  await tryOut(context, shell, {
    title: "measuring a disk only reads from it",
    command: `multiverse profile storage --benchmark /dev/disk/by-id/${TARGET_ID}`,
    ...{ exit: 0, says: [/100 % read/, /\d+ MB\/s/] },
  });
  // What a copied system is asked for drivers with, on the modules of the running one.
  const needs = await shell.output(
    `multiverse probe --format json | tr -d '\\n' | grep -o '"modalias": "[^"]*"' | cut -d'"' -f4 | while read -r alias; do
       modprobe --resolve-alias --dirname / --set-version "$(uname -r)" "$alias" | head -n 1
     done`,
  );
  context.check(
    "every adapter's driver is found in the modules",
    ["virtio_net", "virtio_blk", "virtio_scsi", "xhci_pci"].every((name) => needs.split(/\s+/).includes(name)),
    needs,
  );
  const none = await shell.run("modprobe --resolve-alias --dirname / pci:v0000FFFFd0000FFFEsv0sd0bc02sc00i00 2>&1");
  context.check("... and that of an adapter without one is not", none.exit !== 0, none.output);
  const running = await shell.output("multiverse spec from-host --hashes --format json 2>/dev/null | head -c 4000");
  context.check(
    "the spec of the running system names it and its network",
    /"name": "multiverse-rescue"/.test(running) && /"mac": "52:54:00/.test(running),
    running,
  );
  const times = await shell.output(
    "for i in 1 2 3; do s=$(date +%s%N); multiverse probe >/dev/null; e=$(date +%s%N); echo $(( (e - s) / 1000000 )); done",
  );
  context.log(`probe: ${times.trim().split("\n").join(", ")} ms`);
}
