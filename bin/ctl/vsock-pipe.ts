// A vsock connection: Node cannot open one (no AF_VSOCK), so a few lines of Perl, which every Debian has, do and copy bytes.
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { Argv, Talk } from "../../core/tools/run.ts";
import type { Place } from "./place.ts";

type VsockPlace = Extract<Place, { kind: "vsock" }>;

/**
 * Two processes, each copying one way until it ends: neither side's full buffer holds up the other way. Built-in
 * functions only. 40 is AF_VSOCK, and `pack` makes a struct sockaddr_vm (linux/vm_sockets.h): family,
 * reserved, port, CID, flags. It ends with the number of connect(2)'s error.
 */
const PIPE = `
use strict;
my ($cid, $port) = @ARGV;
sub fail { my $code = $! + 0; print STDERR "vsock $cid:$port: $!\\n"; exit $code }
sub copy {
  my ($from, $to) = @_;
  while (sysread $from, my $bytes, 65536) {
    while (length $bytes) { substr $bytes, 0, (syswrite($to, $bytes) // return), "" }
  }
}
socket(my $vsock, 40, 1, 0) or fail;
connect($vsock, pack "S S L L L", 40, 0, $port, $cid, 0) or fail;
my $upwards = fork // fail;
if ($upwards == 0) { copy(*STDIN, $vsock); shutdown $vsock, 1; exit }
copy($vsock, *STDOUT);
kill TERM => $upwards;
`;

export function vsockPipe({ cid, port }: VsockPlace): Argv {
  return ["perl", "-e", PIPE, String(cid), String(port)];
}

/** connect(2) for AF_VSOCK, and what to do: errno numbers of Linux. */
const HINTS: Readonly<Record<number, (cid: number) => string>> = {
  // ENODEV: no transport leads there
  19: (cid) =>
    cid === 1
      ? "CID 1 is this machine itself: modprobe vsock_loopback"
      : "This machine has no vsock device: a controller's libvirt domain needs <vsock>; on a host: modprobe vhost_vsock",
  // EAFNOSUPPORT
  97: () => "This kernel has no vsock: modprobe vsock",
  // ECONNRESET
  104: () => "Nothing listens there. On the host: systemctl status multiversed-vsock.socket",
  // ETIMEDOUT
  110: () => "No machine with that CID answers. From a controller the host is CID 2.",
};

/** What a person should see instead of "the connection was closed". */
export function vsockFailure(
  { name, cid }: VsockPlace,
  { reason, exit, stderr }: Awaited<Talk["ended"]>,
): ActionableError {
  const failed = (message: string, evidence: readonly string[], hint: string) =>
    new ActionableError({ code: "host-unreachable", exit: EXIT.refused, message, evidence, hint });
  if (reason === "missing")
    return failed(
      `${name} cannot be reached.`,
      ["perl is not installed"],
      "It opens the connection, which Node cannot: apt-get install perl-base; on Fedora, dnf install perl-interpreter",
    );
  const said = stderr.split("\n").filter((line) => line.trim() !== "");
  if (exit !== 0)
    return failed(
      `${name} cannot be reached.`,
      said.slice(-3),
      (exit === null ? undefined : HINTS[exit])?.(cid) ?? "On the host: systemctl status multiversed-vsock.socket",
    );
  return failed(
    `${name} was reached, and its daemon was not.`,
    said.slice(-3),
    "It lets 4 connections of one machine in at once. On the host: journalctl -u multiversed-vsock -u multiversed",
  );
}
