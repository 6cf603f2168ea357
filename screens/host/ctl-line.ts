// The line that an admin runs elsewhere for what this seat cannot sign.

/** Letters that no shell takes for anything else. */
const PLAIN = /^[\w@%+=:,./-]+$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * "multiverse ctl vm.kill name=work --host ssh://root@jupiter", as bin/verbs/ctl.ts takes it; `host` is null while its
 * name is not known. The code of presence is an option there, and no argument of an operation.
 */
export function ctlLine(host: string | null, op: string, args: Readonly<Record<string, unknown>>): string {
  const { code, ...rest } = args;
  // `:=` before what is no text: ctl takes the rest for JSON then.
  const words = Object.entries(rest).map(([name, value]) =>
    quoted(typeof value === "string" ? `${name}=${value}` : `${name}:=${JSON.stringify(value)}`),
  );
  const proof = code === undefined ? [] : ["--code", quoted(String(code))];
  return ["multiverse", "ctl", op, ...words, "--host", quoted(`ssh://root@${host ?? "HOST"}`), ...proof].join(" ");
}
