// Which host is commanded: this one by its socket, or another over ssh.
import { ActionableError, EXIT } from "../../core/errors.ts";

export const CONTROL_SOCKET = "/run/multiverse/control.sock";

export type Place =
  | { kind: "local"; socket: string }
  /** What stands before the command on ssh's command line: options, then `--` and the host. */
  | { kind: "ssh"; name: string; argv: readonly string[] };

/** @throws ActionableError `usage` */
export function placeOf(host: string | undefined, socket: string | undefined): Place {
  if (host === undefined) return { kind: "local", socket: socket ?? CONTROL_SOCKET };
  if (socket !== undefined) throw wrong("--host and --socket are two places.", "Give one of them.");
  const url = URL.parse(host.includes("://") ? host : `ssh://${host}`);
  // A password has no place on a command line; a path means nothing here.
  const fits = url?.protocol === "ssh:" && url.password === "" && /^\/?$/.test(url.pathname) && url.search === "";
  const name = url?.hostname.replace(/^\[|\]$/g, "") ?? "";
  const user = url?.username ?? "";
  if (!fits || name === "" || name.startsWith("-") || !/^([A-Za-z0-9._][A-Za-z0-9._-]*)?$/.test(user))
    throw wrong(`${host} is no host to reach by ssh.`, "It is ssh://USER@HOST or ssh://USER@HOST:PORT.");
  const port = url.port === "" ? [] : ["-p", url.port];
  return { kind: "ssh", name, argv: [...port, ...(user === "" ? [] : ["-l", user]), "--", name] };
}

function wrong(message: string, hint: string): ActionableError {
  return new ActionableError({ code: "usage", exit: EXIT.usage, message, hint });
}
