// What zpool-create(8) is told of a pool and of its first data set: our defaults, and what the spec says instead.
import type { PoolOptions as Stated } from "../spec/resolved.ts";
import type { PoolOptions } from "./step.ts";

/** zpoolprops(7) and zfsprops(7). */
const POOL = { ashift: "12", autotrim: "on" } as const;
const FIRST_SET = {
  ...{ acltype: "posixacl", xattr: "sa", dnodesize: "auto", compression: "lz4" },
  ...{ relatime: "on", canmount: "off", mountpoint: "none" },
} as const;

/** The sector size that 2^12 stands for: what a pool writes at least, unless the spec says otherwise. */
export const ashiftOf = ({ ashift }: Stated): number => ashift ?? Number(POOL.ashift);

/** The options that the spec states, as ZFS names them; null where it states none. */
export function statedOptions(stated: Stated): PoolOptions | null {
  const onOff = (value: boolean | undefined) => (value === undefined ? undefined : value ? "on" : "off");
  const said = (all: Record<string, string | number | undefined>) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    );
  const pool = said({ ashift: stated.ashift, autotrim: onOff(stated.autotrim), compatibility: stated.compatibility });
  const firstSet = said({
    ...{ compression: stated.compression, recordsize: stated.recordSize, atime: onOff(stated.atime) },
  });
  return Object.keys({ ...pool, ...firstSet }).length === 0 ? null : { pool, firstSet };
}

/** Words of zpool-create(8): `-o` of the pool, `-O` of its first data set. */
export function optionWords(options: PoolOptions = { pool: {}, firstSet: {} }): string[] {
  const words = (flag: string, all: Record<string, string>) =>
    Object.entries(all).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    ...words("-o", { ...POOL, ...options.pool, cachefile: "none" }),
    ...words("-O", { ...FIRST_SET, ...options.firstSet }),
  ];
}
