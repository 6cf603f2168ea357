// The status screen in the place of tty1's login: what it shows is what other tools say, and it has no rights.
import type { HostFacts } from "../../core/status/host-facts.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { type Ask, asker } from "./ask-host.ts";
import { bootHost, shutDown } from "./boot-host.ts";
import { type ConsoleScreen, vtScreen, waitForScreen } from "./console-screen.ts";
import { EXPECTED } from "./host-spec.ts";
import type { Context, Scenario } from "./scenario.ts";
import { partOf, wholeStatus } from "./status-json.ts";

const SCREEN = "multiverse-screen@tty1.service";
const MIB = 1024 ** 2;

export const scenario: Scenario = {
  name: "login-tty1",
  title: "an installed host shows its status on tty1 instead of a login; every figure agrees with another tool",
  ci: true,
  needs: ["live"],
  async run(context) {
    const host = await context.installedHost("hypervisor");
    const booted = await bootHost(context, { name: "host", ...host });
    const { shell, machine } = booted;
    const ask = asker(context, shell, "");
    await ask.is("systemd has started everything", "systemctl is-system-running --wait", "running");
    await ask.is("no unit has failed", "systemctl list-units --failed --plain --no-legend", "");
    const screen = await vtScreen(machine, shell);
    await context.timed("the status stands on tty1", () => waitForScreen(screen, /saturn +ONLINE/));
    // The host's own part is read once a minute: until then the release that has just been found good is on trial.
    await context.timed("the release counts as good", () => waitForScreen(screen, /g3 . [0-9a-f]+ current/));
    await machine.picture("status");
    await checkFigures(context, shell, ask, screen);
    await checkPrivacy(context, ask, screen);
    await checkRights(context, ask);
    await checkSet(context, ask);
    await checkKeys(context, screen, (name) => machine.picture(name));
    await checkConsoles(context, ask, shell, screen, (...keys) => machine.press(...keys));
    await checkNews(context, shell, screen, (name) => machine.picture(name));
    await shutDown(context, booted);
  },
};

/** The daemon's figures against what other programs say at the same time, and the screen against the daemon. */
async function checkFigures(context: Context, shell: GuestShell, ask: Ask, screen: ConsoleScreen): Promise<void> {
  const snapshot = await wholeStatus(shell);
  const facts = partOf(snapshot, "host");
  const rows = (await screen.read()).join("\n");
  const shows = (what: string, text: string) => context.check(`tty1 shows ${what}`, rows.includes(text), rows);
  await ask.is("the host's name is hostname's", "hostname", facts.name);
  shows("the name", EXPECTED.host);
  await ask.is("the kernel is uname's", "uname -r", facts.kernel);
  await checkRelease(context, ask, facts);
  // The dot between the two is another character in the font than here.
  const current = new RegExp(`g3 . ${facts.root.release} current`);
  context.check("tty1 shows the release as the current one", current.test(rows), rows);
  await ask.is("the firmware is the kernel's", "test -d /sys/firmware/efi && echo uefi", facts.firmware.kind);
  const secure = "cat /sys/firmware/efi/efivars/SecureBoot-* | od -An -tu1 -j4 -N1 | tr -d ' '";
  await ask.is("Secure Boot is the firmware's variable", secure, facts.firmware.secureBoot === "on" ? "1" : "0");
  const key = "ssh-keygen -lf /etc/ssh/host-keys/ssh_host_ed25519_key.pub | cut -d' ' -f2";
  await ask.is("the host key is ssh-keygen's", key, facts.hostKey?.sha256 ?? "none");
  shows("the host key", facts.hostKey?.sha256 ?? "none");
  shows("the host key in words", facts.hostKey?.words.join(" ") ?? "none");
  const booted = Number(await ask.get("awk '/^btime/ {print $2}' /proc/stat"));
  const apart = Math.abs(facts.bootedAt / 1000 - booted);
  context.check("it was started when the kernel says, to two seconds", apart <= 2, `${apart} s apart`);

  const [pool] = partOf(snapshot, "pools");
  const zpool = "zpool list -Hpo name,guid,health,size,capacity | tr '\\t' ' '";
  const told = pool && [pool.name, pool.guid, pool.state, pool.size, pool.capacityPercent].join(" ");
  await ask.is("the pool is zpool's", zpool, told ?? "none");
  await ask.is("the failed units are systemctl's", "systemctl is-system-running", partOf(snapshot, "units").state);
  const memory = partOf(snapshot, "load").memory.total;
  await ask.is("the memory is free's", "free -b | awk '/^Mem/ {print $2}'", String(memory));
  await ask.is("the processors are nproc's", "nproc", String(partOf(snapshot, "load").cores));
  const disks = partOf(snapshot, "disks").map(({ kname, bytes }) => `${kname} ${bytes}`);
  await ask.is("the disks are lsblk's", "lsblk -dbno NAME,SIZE -e 7,11 | awk '{print $1, $2}'", disks.join("\n"));
  await ask.is(
    "the controllers are virsh's",
    "virsh list --all --name | grep -c .",
    String(partOf(snapshot, "controllers").length),
  );
  const nics = partOf(snapshot, "network").roots.filter(({ kind }) => kind === "nic");
  await ask.is(
    "the adapter is ip's",
    'ip -j link | grep -o \'"ifname":"e[^"]*"\' | cut -d\'"\' -f4',
    nics.map(({ name }) => name).join("\n"),
  );
  const addresses = nics
    .flatMap((nic) => nic.addresses.filter(({ family }) => family === 4))
    .map(({ address }) => address);
  await ask.is(
    "its address is ip's",
    "ip -4 -o address show scope global | awk '{print $4}' | cut -d/ -f1",
    addresses.join("\n"),
  );
  for (const nic of nics) shows("the adapter", nic.name);
  const { admins, audit } = partOf(snapshot, "control");
  context.same("the spec's admin commands it", admins.join(" "), EXPECTED.admin);
  context.same("the audit log is whole", `${audit.state} ${audit.why ?? ""}`.trim(), "whole");
}

async function checkRelease(context: Context, ask: Ask, { root }: HostFacts): Promise<void> {
  const g3 = `${EXPECTED.pool}/${EXPECTED.system}/os/g3`;
  context.same("generation g3 runs", root.generation, "g3");
  await ask.is("its release is the data set's", `zfs get -Hpo value multiverse:release ${g3}`, root.release ?? "none");
  const booted = `zfs get -Hpo value multiverse:booted ${EXPECTED.pool}/${EXPECTED.system}/os/g2@${root.release}`;
  await ask.is("which is marked as booted", booted, "yes");
}

/** A passer-by reads names and states, and no address. */
async function checkPrivacy(context: Context, ask: Ask, screen: ConsoleScreen): Promise<void> {
  const addresses = (await ask.get("ip -o address show scope global | awk '{print $4}' | cut -d/ -f1")).split("\n");
  const rows = (await screen.read()).join("\n");
  const seen = addresses.filter((address) => rows.includes(address));
  context.check(
    "no address of the host is on tty1",
    addresses.length > 0 && seen.length === 0,
    `${addresses}: ${seen}`,
  );
}

async function checkRights(context: Context, ask: Ask): Promise<void> {
  const pid = await ask.get(`systemctl show -P MainPID ${SCREEN}`);
  const status = (name: string) => `awk '$1 == "${name}:" {print $2}' /proc/${pid}/status`;
  await ask.is("the screen is another user's", `stat -c %U /proc/${pid}`, "multiverse-screen");
  for (const set of ["CapEff", "CapPrm", "CapBnd", "CapAmb"]) {
    await ask.is(`it has no capability (${set})`, status(set), "0000000000000000");
  }
  await ask.is("it can get none", status("NoNewPrivs"), "1");
  await ask.is("what it may ask of the kernel is filtered", status("Seccomp"), "2");
  await ask.is("its memory is limited", `systemctl show -P MemoryMax ${SCREEN}`, String(160 * MIB));
  const forbidden = ["/var/lib/multiverse/control", "/etc/ssh/host-keys/ssh_host_ed25519_key", "/etc/shadow"];
  for (const path of forbidden) {
    await ask.is(
      `its user cannot read ${path}`,
      `runuser -u multiverse-screen -- ls ${path}/ 2>&1 >/dev/null | grep -c . ; runuser -u multiverse-screen -- cat ${path} 2>/dev/null | wc -c`,
      "1\n0",
    );
  }
  const rss = Number(await ask.get(`awk '/^VmRSS/ {print $2}' /proc/${pid}/status`)) * 1024;
  const daemon = await ask.get("systemctl show -P MainPID multiversed.service");
  const daemonRss = Number(await ask.get(`awk '/^VmRSS/ {print $2}' /proc/${daemon}/status`)) * 1024;
  context.log(`RSS: screen ${(rss / 1e6).toFixed(1)} MB, daemon ${(daemonRss / 1e6).toFixed(1)} MB`);
  context.check("the screen holds at most 100 MB", rss > 0 && rss <= 100e6, `${rss} bytes`);
  context.check("the daemon holds at most 90 MB", daemonRss > 0 && daemonRss <= 90e6, `${daemonRss} bytes`);
}

/** What the package set hypervisor brought. */
async function checkSet(context: Context, ask: Ask): Promise<void> {
  // Not `virsh version`: what it asks of QEMU takes an emulated machine minutes.
  await ask.is("libvirt answers", "virsh -r -c qemu:///system list --all --name | grep -c .", "0");
  await ask.matches("QEMU is there", "qemu-system-x86_64 --version", /QEMU emulator version/);
  await ask.is(
    "OVMF, swtpm, nft and wg are there",
    "ls /usr/share/OVMF/OVMF_CODE_4M.fd >/dev/null && for name in swtpm nft wg; do command -v $name; done | wc -l",
    "3",
  );
  await ask.is("usbguard stays away", "systemctl is-enabled usbguard.service", "masked");
  const initrd = "ls /boot/efi/EFI/multiverse/*/*/*/initrd";
  const first = await ask.get(`cpio --quiet -t <$(${initrd}) | grep microcode/ | sort | tr '\\n' ' '`);
  context.same(
    "microcode is the first thing in the initramfs",
    first,
    "kernel/x86/microcode/AuthenticAMD.bin kernel/x86/microcode/GenuineIntel.bin",
  );
  for (const place of ["/etc/libvirt", "/var/lib/libvirt"]) {
    await ask.matches(`${place} outlives a boot`, `findmnt -no SOURCE ${place}`, /\/data\//);
  }
}

type Picture = (name: string) => Promise<string>;

/** Each way in and back, with the words that say what cannot be done here. */
async function checkKeys(context: Context, screen: ConsoleScreen, picture: Picture): Promise<void> {
  const goes = async (title: string, key: string, pattern: RegExp) => {
    if (key === "escape") await screen.press("escape");
    else await screen.type(key);
    const rows = await waitForScreen(screen, pattern);
    context.check(title, true, rows.join("\n"));
  };
  await goes("? brings the help", "?", /Keys/);
  await picture("help");
  await goes("Esc goes back", "escape", /saturn +ONLINE/);
  await goes("m brings the menu", "m", /New controller/);
  await picture("menu");
  const menu = (await screen.read()).join("\n");
  context.check("it says what only the rescue system does", /rescue/i.test(menu), menu);
  await goes("Esc goes back from it", "escape", /saturn +ONLINE/);
  await goes("l says how to unlock", "l", /seat\.grant/);
  await picture("unlock");
  await goes("Esc goes back from there, too", "escape", /saturn +ONLINE/);
}

/** A login on another terminal, nothing painted over this one. */
async function checkConsoles(
  context: Context,
  ask: Ask,
  shell: GuestShell,
  screen: ConsoleScreen,
  press: (...keys: string[]) => Promise<void>,
): Promise<void> {
  await ask.is("there is no login on tty1", "systemctl show -P LoadState getty@tty1.service", "masked");
  await press("alt", "f2");
  const look =
    "n=0; until grep -aq 'jupiter login:' /dev/vcs2; do n=$((n + 1)); [ $n -lt 600 ] || exit 1; sleep 0.2; done";
  context.same("Alt-F2 is a login", String((await shell.run(look)).exit), "0");
  await press("alt", "f1");
  // The shell that looks on has turned the kernel down by itself; the screen's start makes the consoles quiet anew.
  await shell.output(`dmesg -n 7; systemctl restart ${SCREEN}`);
  await waitForScreen(screen, /saturn +ONLINE/);
  await shell.output(`echo "<1>kernel words" >/dev/kmsg`);
  await ask.is("the kernel's words are in its log", `dmesg | grep -c "kernel words"`, "1");
  const rows = (await screen.read()).join("\n");
  context.check("and not on the screen", /saturn +ONLINE/.test(rows) && !/kernel words/.test(rows), rows);
  await shell.output("dmesg -n 1");
}

/** What happens is on the screen without anybody asking. */
async function checkNews(context: Context, shell: GuestShell, screen: ConsoleScreen, picture: Picture): Promise<void> {
  await shell.run("systemd-run --unit=broken-thing --no-block false");
  await context.timed("a unit that fails is on the screen", () => waitForScreen(screen, /broken-thing/));
  await picture("unit-failed");
  context.check("a unit that fails is on the screen", true);
  await shell.output("systemctl reset-failed broken-thing");
  await waitForScreen(screen, /all running/);
  context.check("and gone when it is seen to", true);
}
