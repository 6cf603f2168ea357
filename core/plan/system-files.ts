// The configuration files of an installed root, as text.
import type { ResolvedSpec } from "../spec/resolved.ts";
import { controlFiles } from "./control-files.ts";
import { HOST_KEYS } from "./data-sets.ts";
import { deriveHex } from "./derive.ts";
import type { Layout } from "./layout/layout.ts";
import { fstab } from "./mount-files.ts";
import { networkFiles, networkLinks } from "./network-files.ts";
import type { FileToWrite, Link } from "./step.ts";
import { crypttab, zramFiles } from "./swap.ts";
import { textFile as file } from "./text-file.ts";

/** Files that both g1 and g2 have: who this host is and how it talks. */
export function identityFiles(spec: ResolvedSpec, layout: Layout): FileToWrite[] {
  const { name, locale, timezone, keyboard } = spec.host;
  const short = name.split(".")[0] ?? name;
  const [keys = "us", variant = ""] = keyboard.split(":");
  return [
    file("/etc/hostname", [name]),
    file("/etc/hosts", [
      "127.0.0.1 localhost",
      `127.0.1.1 ${short === name ? name : `${name} ${short}`}`,
      "::1 localhost ip6-localhost ip6-loopback",
    ]),
    file("/etc/machine-id", [deriveHex(spec.salt, "machine-id", 32)], "0444"),
    file("/etc/locale.conf", [`LANG=${locale}`]),
    file("/etc/default/locale", [`LANG=${locale}`]),
    file("/etc/timezone", [timezone]),
    file("/etc/default/keyboard", [
      'XKBMODEL="pc105"',
      `XKBLAYOUT="${keys}"`,
      `XKBVARIANT="${variant}"`,
      'XKBOPTIONS=""',
      'BACKSPACE="guess"',
    ]),
    file("/etc/vconsole.conf", ["XKBMODEL=pc105", `XKBLAYOUT=${keys}`, `XKBVARIANT=${variant}`, `KEYMAP=${keys}`]),
    file("/etc/ssh/sshd_config.d/10-multiverse.conf", [`HostKey ${HOST_KEYS}/ssh_host_ed25519_key`]),
    ...networkFiles(spec),
    ...aptSources(spec),
    file("/etc/fstab", fstab(spec, layout, false)),
    ...crypttab(spec, layout),
    ...zramFiles(spec),
  ];
}

export function identityLinks(spec: ResolvedSpec): Link[] {
  return [
    { path: "/etc/localtime", to: `/usr/share/zoneinfo/${spec.host.timezone}` },
    { path: "/etc/resolv.conf", to: "../run/systemd/resolve/stub-resolv.conf" },
    ...networkLinks(spec),
  ];
}

/** Files of g2 alone: its mounts, data sets included, and who commands it. */
export function maintainedFiles(spec: ResolvedSpec, layout: Layout): FileToWrite[] {
  return [file("/etc/fstab", fstab(spec, layout, true)), ...controlFiles(spec)];
}

function aptSources(spec: ResolvedSpec): FileToWrite[] {
  const { mirror } = spec.packages;
  if (mirror === null) return [];
  return [
    file("/etc/apt/sources.list.d/debian.sources", [
      "Types: deb",
      `URIs: ${mirror}`,
      "Suites: trixie trixie-updates",
      "Components: main contrib non-free-firmware",
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
    ]),
  ];
}
