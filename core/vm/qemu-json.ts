// JSON as QEMU reads it: a bigint becomes a plain number, because world wide names exceed 2^53.

const MARK = "@bigint:";

/** Like JSON.stringify, with every bigint written as an unquoted decimal number. */
export function qemuJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? `${MARK}${item}` : item));
  return text.replaceAll(/"@bigint:(\d+)"/g, "$1");
}
