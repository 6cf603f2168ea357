// `host:` and `boot:` of a running system: name, time, language, proxy, time servers, consoles.

import { server } from "../spec/addresses.ts";
import { hostName, keyboard, locale, proxyUrl, timezone } from "../spec/names.ts";
import { asked, orAsked } from "./asked.ts";
import type { HostFacts } from "./facts.ts";

export function hostOf({ answers, inventory }: HostFacts): Record<string, unknown> {
  const name = answers.hostname.trim() || (inventory.hardware.kernel?.hostname ?? "");
  const zone = /zoneinfo\/(.+)$/.exec(answers.localtime.trim())?.[1] ?? "";
  const language = /^LANG="?([^"\n]+)"?$/m.exec(answers.locale)?.[1] ?? "";
  const word = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, "m").exec(answers.keyboard)?.[1] ?? "";
  const [layout = "", variant = ""] = [word("XKBLAYOUT"), word("XKBVARIANT")].map((text) => text.split(",")[0] ?? "");
  const keys = variant === "" ? layout : `${layout}:${variant}`;
  const passes = (schema: { safeParse(value: unknown): { success: boolean } }, value: string) =>
    schema.safeParse(value).success ? value : null;
  const times = [...answers.ntp.matchAll(/^NTP=(.+)$/gm)].flatMap(([, list = ""]) => list.trim().split(/\s+/));
  return {
    name: orAsked(passes(hostName, name), "The running system's name cannot be a host's name."),
    timezone: orAsked(passes(timezone, zone), "The running system does not say in which time zone it is."),
    locale: orAsked(
      passes(locale, language.replace(/\.utf8$/i, ".UTF-8")),
      "The running system's language is no UTF-8 locale.",
    ),
    keyboard: orAsked(passes(keyboard, keys), "The running system does not say which keyboard it has."),
    ...proxyOf(answers.proxy),
    ...(times.length > 0 && times.every((one) => server.safeParse(one).success) ? { ntp: times } : {}),
  };
}

function proxyOf(dump: string): Record<string, unknown> {
  const url = /^Acquire::http::Proxy "([^"]+)";$/m.exec(dump)?.[1]?.replace(/\/$/, "");
  if (url === undefined || url === "" || url === "DIRECT") return {};
  // A login in it would stand in clear text.
  if (!proxyUrl.safeParse(url).success)
    return { proxy: asked("The running system uses a proxy that cannot stand in a spec.") };
  return { proxy: url };
}

/** What the boot menu gives the kernel besides what the installer writes itself. */
const OURS = /^(BOOT_IMAGE|boot|root|rootflags|initrd|console|ro|rw|quiet|splash|resume)(=|$)/;

/** A login within an address, and words that are called like a secret. */
const SECRET = /:\/\/[^/]*@|(pass(word|phrase|wd)?|secret|token|psk|key)[^=]*=/i;

export function bootOf({ answers }: HostFacts): Record<string, unknown> {
  // Behind "--" are the words for init.
  const words = answers.cmdline
    .replace(/ -- .*$/s, "")
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  const consoles = words.flatMap((word) => /^console=((?:tty|ttyS|ttyAMA|hvc)[0-9]{1,3})(,|$)/.exec(word)?.[1] ?? []);
  const timeout = /^timeout (-1|[0-9]{1,3})$/m.exec(answers.menu)?.[1];
  return {
    ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
    ...(consoles.length === 0 ? {} : { consoles }),
    ...optionsOf(words.filter((word) => !OURS.test(word))),
  };
}

function optionsOf(words: readonly string[]): Record<string, unknown> {
  if (words.length === 0) return {};
  if (words.some((word) => SECRET.test(word)))
    return { options: asked("The running kernel's command line has words that may be secret.") };
  const options = words.join(" ");
  // The boot menu is plain ASCII, and has quotes around them.
  if (/"|[^\u0020-\u007e]/.test(options))
    return { options: asked("The running kernel's command line has characters that a boot menu cannot hold.") };
  return { options };
}
