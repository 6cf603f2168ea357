// Where an address is, from the file of measured hosts: a host's own name or address, and the region beside it.
import { inPrefix, parseAddress } from "./topology/ip-address.ts";
import { type Fields, object, text } from "./topology/json-fields.ts";

export const REGIONS_FILE = "/etc/multiverse/regions.yml";
export const HOSTS_FILE = "/etc/hosts";

export type RegionOf = (address: string) => string | null;

export const NO_REGIONS: RegionOf = () => null;

/**
 * The regions of a parsed file (`{version: 1, hosts: {NAME: {region: …}}}`; docs/formats/measured-hosts.md). NAME is an
 * address, a prefix, or a name that `hosts` (the text of /etc/hosts) gives an address to; no name server is asked. The
 * longest prefix wins. A file of another version, or that is no such file, says nothing.
 */
export function regionsOf(file: unknown, hosts: string): RegionOf {
  if (typeof file !== "object" || file === null) return NO_REGIONS;
  const fields = file as Fields;
  if (fields.version !== 1) return NO_REGIONS;
  const named = object(fields, "hosts");
  const known = Object.keys(named).flatMap((name) => {
    const region = text(object(named, name), "region");
    return region === null ? [] : prefixesOf(name, hosts).map((prefix) => ({ prefix, region }));
  });
  const length = (prefix: string) => Number(prefix.split("/")[1] ?? 128);
  known.sort((one, other) => length(other.prefix) - length(one.prefix));
  return (address) => known.find(({ prefix }) => inPrefix(address, prefix))?.region ?? null;
}

function prefixesOf(name: string, hosts: string): string[] {
  if (parseAddress(name.split("/")[0] ?? "") !== null) return [name];
  return hosts.split("\n").flatMap((line) => {
    const [address, ...names] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    // Debian gives the host's own name 127.0.1.1: no place where anybody is.
    return address !== undefined && names.includes(name) && !address.startsWith("127.") ? [address] : [];
  });
}
