// The line that an admin runs elsewhere for what this seat cannot sign.

/** Letters that no shell takes for anything else. */
const PLAIN = /^[\w@%+=:,./-]+$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** "multiverse ctl vm.kill --host ssh://root@jupiter --name work"; `host` is null while its name is not known. */
export function ctlLine(host: string | null, op: string, args: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(args).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, quoted(String(value))],
  );
  return ["multiverse", "ctl", op, "--host", quoted(`ssh://root@${host ?? "HOST"}`), ...words].join(" ");
}
