// What the running system says of itself, for a spec that would install it again. Everything is only read.
import { type Answer, ask, outputOf } from "../inventory/ask-program.ts";
import type { Inventory } from "../inventory/inventory.ts";
import { probe } from "../inventory/probe.ts";
import type { Argv, Run } from "../tools/run.ts";

/** dpkg-query(1), --showformat. */
const FIELDS = ["db:Status-Abbrev", "Priority", "Package"].map((name) => `\${${name}}`);

export const HOST_COMMANDS = {
  hostname: ["cat", "/etc/hostname"],
  localtime: ["readlink", "/etc/localtime"],
  locale: ["grep", "-hs", "^LANG=", "/etc/locale.conf", "/etc/default/locale"],
  keyboard: ["grep", "-hsE", "^XKB(LAYOUT|VARIANT)=", "/etc/default/keyboard", "/etc/vconsole.conf"],
  passwd: ["getent", "passwd"],
  groups: ["getent", "group"],
  root: ["findmnt", "-n", "-o", "SOURCE,FSTYPE", "/"],
  cmdline: ["cat", "/proc/cmdline"],
  routes: ["ip", "-j", "route", "show", "default"],
  addresses: ["ip", "-j", "addr"],
  resolvers: ["grep", "-hs", "^nameserver", "/run/systemd/resolve/resolv.conf", "/etc/resolv.conf"],
  packages: ["dpkg-query", "-W", "-f", `${FIELDS.join(" ")}\\n`],
  manual: ["apt-mark", "showmanual"],
  sources: ["grep", "-hsE", "^(URIs: |deb )", "/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"],
  proxy: ["apt-config", "dump", "Acquire::http::Proxy"],
  ntp: ["grep", "-rhs", "^NTP=", "/etc/systemd/timesyncd.conf", "/etc/systemd/timesyncd.conf.d"],
  menu: ["cat", "/boot/efi/EFI/refind/refind.conf"],
  signers: ["cat", "/etc/multiverse/control/allowed_signers"],
  policy: ["cat", "/etc/multiverse/control/policy.yml"],
} as const satisfies Record<string, Argv>;

/** Members of a pool by their names under /dev/disk/by-partuuid or as they are. */
export function poolLayout(pool: string): Argv {
  return ["zpool", "status", "-P", pool];
}

export function poolDataSets(pool: string): Argv {
  const wanted = "encryption,keyformat,mountpoint,quota,reservation";
  return ["zfs", "get", "-Hp", "-r", "-t", "filesystem", "-o", "name,property,value", wanted, pool];
}

export function wirelessLink(name: string): Argv {
  return ["iw", "dev", name, "link"];
}

/** Only for whoever asks for the hashes, and is root. */
export const SHADOW: Argv = ["getent", "shadow"];

export interface HostFacts {
  inventory: Inventory;
  answers: Readonly<Record<keyof typeof HOST_COMMANDS, string>>;
  /** Null where the root is no ZFS. */
  pool: { name: string; status: string; dataSets: string } | null;
  /** "" of whoever has none, or may not be looked at. */
  keys: ReadonlyMap<string, string>;
  /** Who may tell the host what: "all" or operations by name; null where there is no policy that can be read. */
  principals: ReadonlyMap<string, "all" | ReadonlySet<string>> | null;
  /** Null: not asked for. */
  shadow: string | null;
  /** What iw says, by adapter. */
  wireless: ReadonlyMap<string, string>;
}

export async function readHostFacts(
  run: Run,
  { hashes }: { hashes: boolean },
  signal?: AbortSignal,
): Promise<HostFacts> {
  const say = async (argv: Argv): Promise<Answer> => await ask(run, argv, signal);
  const names = Object.keys(HOST_COMMANDS) as (keyof typeof HOST_COMMANDS)[];
  const [inventory, ...said] = await Promise.all([
    probe(run, signal),
    // grep ends with 2 when one of its files is not there, and has said what is in the others.
    ...names.map(async (name) => (await say(HOST_COMMANDS[name])).stdout),
  ]);
  const answers = Object.fromEntries(names.map((name, at) => [name, said[at] ?? ""])) as HostFacts["answers"];
  const [source = "", type = ""] = answers.root.trim().split(/\s+/);
  const name = source.split("/")[0] ?? "";
  const pool =
    type !== "zfs" || name === ""
      ? null
      : {
          ...{ name, status: outputOf(await say(poolLayout(name))) },
          dataSets: outputOf(await say(poolDataSets(name))),
        };
  const keys = new Map<string, string>();
  for (const { user, home } of people(answers.passwd))
    keys.set(user, outputOf(await say(["cat", `${home}/.ssh/authorized_keys`])));
  const wireless = new Map<string, string>();
  for (const nic of inventory.nics.filter((one) => one.wireless && one.physical))
    wireless.set(nic.name, outputOf(await say(wirelessLink(nic.name))));
  const principals = await readPolicy(answers.policy);
  return { inventory, answers, pool, keys, principals, wireless, shadow: hashes ? outputOf(await say(SHADOW)) : null };
}

async function readPolicy(text: string): Promise<HostFacts["principals"]> {
  if (text.trim() === "") return null;
  // Loaded where it is needed: it brings YAML, which the daemon has no room for.
  const { parsePolicy } = await import("../control/policy-file.ts");
  try {
    return parsePolicy(text).principals;
  } catch {
    return null;
  }
}

/** root, and those that useradd(8) makes for people. */
export function people(passwd: string): { user: string; home: string; shell: string }[] {
  return passwd.split("\n").flatMap((line) => {
    const [user = "", , uid = "", , , home = "", shell = ""] = line.split(":");
    const number = Number(uid);
    const person = /^[a-z_][a-z0-9_-]{0,31}$/.test(user) && home.startsWith("/") && uid !== "";
    return person && (number === 0 || (number >= 1000 && number < 60_000)) ? [{ user, home, shell }] : [];
  });
}
