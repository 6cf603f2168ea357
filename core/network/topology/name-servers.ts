// The name servers in use, from the file that lists them.
import { parseAddress } from "./ip-address.ts";

/** Where they are listed: systemd-resolved's own list (not its stub 127.0.0.53, which stands in /etc), else libc's. */
export const RESOLV_CONF = ["/run/systemd/resolve/resolv.conf", "/etc/resolv.conf"] as const;

/** More are not asked: each costs a question every few seconds. */
const MOST = 6;

/** Addresses, "fe80::1%eth0" included, in the order of the file (resolv.conf(5)); what is no address is left out. */
export function parseNameServers(content: string): string[] {
  const found = [...content.matchAll(/^\s*nameserver[ \t]+([^\s#;]+)/gm)].map((match) => match[1] ?? "");
  const servers = found.filter((one) => parseAddress(one) !== null && /^[0-9a-fA-F.:]+(%[\w.@-]{1,15})?$/.test(one));
  return [...new Set(servers)].slice(0, MOST);
}
