// Bad input and interruptions in a real rescue system: the message, the exit code, and that no byte was written or nothing is lost.
import { join } from "node:path";
import { createDisk, createFatDisk } from "../../core/vm/disk-image.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { bootRescue, powerOff } from "./boot-rescue.ts";
import { makeHostSecrets } from "./host-secrets.ts";
import { hostSpec, TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDisk, SPEC_PATH, targetDisk } from "./rescue-machine.ts";
import { type Context, DEADLINE, type Scenario } from "./scenario.ts";

interface Case {
  title: string;
  /** Shell that brings the machine into the state; must succeed. */
  before?: string;
  /** YAML that wins over the good spec. */
  yaml?: string;
  /** The command; default the install of both files. */
  command?: string;
  exit: number;
  says: RegExp;
  after?: string;
}

const OVER = "/run/over.yml";
const INSTALL = `multiverse install ${SPEC_PATH} ${OVER} --headless`;
const GIB = 1024 ** 3;
const disk = (name: string) => `/dev/disk/by-id/virtio-${name}`;
const aim = (name: string) => `disks: {system: ${disk(name)}}\nconfirm: {erase: [virtio-${name}]}\n`;

const CASES: readonly Case[] = [
  { title: "invalid YAML", yaml: "host: {name: [\n", exit: 2, says: /over\.yml:\d+:\d+/ },
  { title: "a misspelt key", yaml: "hots: {name: x}\n", exit: 2, says: /over\.yml:1:1.*host/s },
  {
    title: "a key of a later part",
    yaml: "hooks: {after-install: ./site.sh}\n",
    exit: 4,
    says: /not supported yet[\s\S]*hooks/,
  },
  { title: "a file that is not there", command: "multiverse install /nowhere.yml", exit: 2, says: /no such file/ },
  { title: "a selector that matches nothing", yaml: "disks: {system: {match: {bus: nvme}}}\n", exit: 4, says: /nvme/ },
  {
    title: "a selector that matches two",
    yaml: "disks: {system: {match: {bus: virtio}}}\n",
    exit: 4,
    says: /MVTARGET01[\s\S]*MVSMALL01|MVSMALL01[\s\S]*MVTARGET01/,
  },
  {
    title: "a disk too small, with the arithmetic",
    yaml: aim("MVSMALL01"),
    exit: 4,
    says: /too small[\s\S]*- EFI[\s\S]*at least 3 GiB/,
  },
  { title: "the live medium", yaml: aim("multiverse-live"), exit: 4, says: /live medium/ },
  {
    title: "a mounted disk",
    before: `mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 ${disk("MVUSED01")} && mkdir -p /run/used && mount -o ro ${disk("MVUSED01")} /run/used`,
    ...{ yaml: aim("MVUSED01"), exit: 4, says: /mounted at \/run\/used/, after: "umount /run/used" },
  },
  {
    title: "swap in use",
    before: `wipefs -qa ${disk("MVUSED01")} && mkswap -q ${disk("MVUSED01")} && swapon ${disk("MVUSED01")}`,
    ...{ yaml: aim("MVUSED01"), exit: 4, says: /swap/, after: `swapoff ${disk("MVUSED01")}` },
  },
  {
    title: "a member of an imported pool",
    before: `wipefs -qa ${disk("MVUSED01")} && modprobe zfs && zpool create -f tank ${disk("MVUSED01")} && udevadm settle`,
    ...{
      yaml: aim("MVUSED01"),
      exit: 4,
      says: /member of imported pool tank|imported pool tank/,
      after: "zpool destroy tank",
    },
  },
  {
    title: "what is erased is not confirmed",
    yaml: "confirm: {erase: []}\n",
    exit: 4,
    says: /does not confirm[\s\S]*virtio-MVTARGET01/,
  },
  {
    title: "another plan than the expected one",
    command: `${INSTALL} --expect-plan 00`,
    exit: 4,
    says: /not the one that was expected/,
  },
  {
    title: "a disk that changed since its plan was exported",
    before: `multiverse plan ${SPEC_PATH} --format sh >/run/old.sh && echo 'label: gpt' | sfdisk -q ${disk("MVTARGET01")} && udevadm settle`,
    command: "sh /run/old.sh --erase virtio-MVTARGET01 </dev/null",
    exit: 5,
    says: /not the one that was confirmed/,
    after: `wipefs -qa ${disk("MVTARGET01")}`,
  },
  {
    title: "somebody who is not root",
    command: `cd / && su nobody -s /bin/sh -c 'multiverse install ${SPEC_PATH}'`,
    exit: 4,
    says: /root/,
  },
  {
    title: "a program missing",
    before: "mv /usr/sbin/zgenhostid /usr/sbin/zgenhostid.away",
    exit: 4,
    says: /zgenhostid: package zfsutils-linux/,
    after: "mv /usr/sbin/zgenhostid.away /usr/sbin/zgenhostid",
  },
  {
    title: "a passphrase missing",
    yaml: "root: {encryption: {unlock: passphrase}}\n",
    exit: 3,
    says: /passphrase is missing|passphrase/,
  },
  {
    title: "two specs, one of them on another medium",
    command: "multiverse install --unattended-medium",
    exit: 4,
    says: /More than one spec[\s\S]*multiverse\.yml on \/dev\//,
  },
  { title: "nothing to resume", command: "multiverse install --resume", exit: 4, says: /no unfinished install/ },
];

export const scenario: Scenario = {
  name: "bad-input",
  title: "wrong specs, wrong disks and interruptions: a clear message each, no byte written, nothing lost",
  ci: false,
  needs: ["live"],
  async run(context) {
    const { run } = context.tools;
    const secrets = await makeHostSecrets(run);
    const at = (name: string) => join(context.work, name);
    await createDisk(run, at("target.qcow2"), TARGET_BYTES);
    await createDisk(run, at("small.qcow2"), 3 * GIB);
    await createDisk(run, at("used.qcow2"), GIB);
    await createFatDisk(run, at("second.img"), "MULTIVERSE", { "multiverse.yml": "version: 1\n" });
    const state = await makeStateDisk(context, hostSpec(secrets, { unlock: "none", disk: TARGET_ID }));
    const rescue = await bootRescue(context, {
      ...{ name: "rescue", nvram: at("nvram.fd"), state },
      disks: [
        targetDisk(at("target.qcow2"), TARGET_SERIAL),
        targetDisk(at("small.qcow2"), "MVSMALL01", "small"),
        targetDisk(at("used.qcow2"), "MVUSED01", "used"),
        { ...targetDisk(at("second.img"), "MVSECOND01", "second"), format: "raw" },
      ],
    });
    for (const each of CASES) await tryCase(context, rescue.shell, each);
    await interruptions(context, rescue.shell);
    await powerOff(context, rescue);
  },
};

/** Sectors written to every disk but the state disk, as the kernel counts them (Documentation/block/stat.rst, field 7). */
const WRITTEN = `for d in MVTARGET01 MVSMALL01 MVUSED01 multiverse-live; do
  awk '{print $7}' "/sys/block/$(basename "$(readlink -f "/dev/disk/by-id/virtio-$d")")/stat"
done`;

async function tryCase(context: Context, shell: GuestShell, each: Case): Promise<void> {
  await shell.output(`cat >${OVER} <<'END'\n${each.yaml ?? "version: 1\n"}END\n${each.before ?? ":"}\nsync`);
  const before = await shell.output(WRITTEN);
  const { exit, output } = await shell.run(`${each.command ?? INSTALL} 2>&1`, { deadlineMs: DEADLINE.command });
  const after = await shell.output(`sync; ${WRITTEN}`);
  context.same(`${each.title}: exit code`, String(exit), String(each.exit));
  context.check(`${each.title}: the message`, each.says.test(output) && !/^\s+at /m.test(output), output);
  context.same(`${each.title}: no byte written`, after, before);
  if (each.after !== undefined) await shell.output(each.after);
}

const GO = `multiverse install ${SPEC_PATH} --headless --progress json`;

/** Starts an install, waits for a step of it, does something to it and gives how it ended. */
async function during(shell: GuestShell, command: string, step: string, action: string): Promise<string> {
  const seen = step === "copy-system" ? '"bytes"' : `"state":"start".*"id":"${step}"`;
  const script = `${command} >/run/install.out 2>&1 &
pid=$!
until grep -q '${seen}' /run/install.out; do
  kill -0 $pid || break
  sleep 0.2
done
${action}
wait $pid; echo "exit=$?"; tail -n 12 /run/install.out`;
  return shell.output(script, { deadlineMs: DEADLINE.install, what: `an install interrupted in ${step}` });
}

async function interruptions(context: Context, shell: GuestShell): Promise<void> {
  const second = await during(
    shell,
    GO,
    "copy-system",
    `${GO} >/run/second.out 2>&1; echo "second=$?"; kill -INT $pid`,
  );
  context.check("a second installer at once is refused", second.includes("second=4"), second);
  context.check("... and says who holds the lock", /Another installer/.test(await shell.output("cat /run/second.out")));
  context.check(
    "Ctrl-C in the copy is exit 6 and tells of --resume",
    second.includes("exit=6") && second.includes("--resume"),
    second,
  );
  await nothingLeft(context, shell, "Ctrl-C");
  const plain = await shell.run(`${GO} 2>&1`, { deadlineMs: DEADLINE.command });
  context.check(
    "a plain install then asks: resume or restart",
    plain.exit === 4 && /--resume[\s\S]*--restart/.test(plain.output),
    plain.output,
  );
  const short = await during(
    shell,
    `mount --bind /etc /run/multiverse/live/host; multiverse install --resume --progress json`,
    "none",
    ":",
  );
  context.check(
    "a source that ends early is told, exit 5",
    short.includes("exit=5") && /ended before all of it was read/.test(short),
    short,
  );
  await shell.output("umount /run/multiverse/live/host");
  const term = await during(shell, "multiverse install --resume --progress json", "copy-maintained", "kill -TERM $pid");
  context.check("SIGTERM in the second copy is exit 6", term.includes("exit=6"), term);
  await nothingLeft(context, shell, "SIGTERM");
  const last = await shell.run("multiverse install --resume 2>&1", { deadlineMs: DEADLINE.install });
  context.check("--resume finishes", last.exit === 0, last.output);
}

async function nothingLeft(context: Context, shell: GuestShell, after: string): Promise<void> {
  const left = await shell.output("zpool list -H; findmnt -rno TARGET /mnt /run/multiverse/esp || true");
  context.same(`nothing stays mounted or imported after ${after}`, left.trim(), "");
}
