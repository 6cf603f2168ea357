// Which host is commanded: this one by its socket, another over ssh, or the one that a controller runs on by vsock.
import { ActionableError, EXIT } from "../../core/errors.ts";

export const CONTROL_SOCKET = "/run/multiverse/control.sock";
/** systemd/host/multiversed-vsock.socket. */
const VSOCK_PORT = 1023;

export type Place =
  | { kind: "local"; socket: string }
  /** What stands before the command on ssh's command line: options, then `--` and the host. */
  | { kind: "ssh"; name: string; argv: readonly string[] }
  | { kind: "vsock"; name: string; cid: number; port: number };

/** @throws ActionableError `usage` */
export function placeOf(host: string | undefined, socket: string | undefined): Place {
  if (host === undefined) return { kind: "local", socket: socket ?? CONTROL_SOCKET };
  if (socket !== undefined) throw wrong("--host and --socket are two places.", "Give one of them.");
  if (host.startsWith("vsock:")) return vsockPlace(host);
  const url = URL.parse(host.includes("://") ? host : `ssh://${host}`);
  // A password has no place on a command line; a path means nothing here.
  const fits = url?.protocol === "ssh:" && url.password === "" && /^\/?$/.test(url.pathname) && url.search === "";
  const name = url?.hostname.replace(/^\[|\]$/g, "") ?? "";
  const user = url?.username ?? "";
  if (!fits || name === "" || name.startsWith("-") || !/^([A-Za-z0-9._][A-Za-z0-9._-]*)?$/.test(user))
    throw wrong(`${host} is no host to reach by ssh.`, "It is ssh://USER@HOST, ssh://USER@HOST:PORT or vsock://CID.");
  const port = url.port === "" ? [] : ["-p", url.port];
  return { kind: "ssh", name, argv: [...port, ...(user === "" ? [] : ["-l", user]), "--", name] };
}

/** 0 is a hypervisor that is no host of ours, and 2^32 - 1 stands for any (vsock(7)). */
const HIGHEST = 2 ** 32 - 2;

function vsockPlace(host: string): Place {
  const [, cid = "", port] = /^vsock:\/\/([1-9]\d{0,9})(?::([1-9]\d{0,9}))?\/?$/.exec(host) ?? [];
  const numbers = { cid: Number(cid), port: port === undefined ? VSOCK_PORT : Number(port) };
  if (cid === "" || numbers.cid > HIGHEST || numbers.port > HIGHEST)
    throw wrong(
      `${host} is no host to reach by vsock.`,
      "It is vsock://CID or vsock://CID:PORT. From a controller its host is vsock://2; vsock://1 is this machine.",
    );
  return { kind: "vsock", name: host, ...numbers };
}

function wrong(message: string, hint: string): ActionableError {
  return new ActionableError({ code: "usage", exit: EXIT.usage, message, hint });
}
