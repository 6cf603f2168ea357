// AF_VSOCK for tests, whose machine has none: Perl's own calls are replaced by ones to Unix sockets, and say what they were told.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";

const PROXY = new URL("../../rescue/root/host/usr/lib/multiverse-control/vsock-proxy", import.meta.url).pathname;

/** What a played connection leads to: a socket's path, or the number of the error that it ends with. */
export type Leads = string | number;

export interface PlayedPerl {
  /** To be put first on PATH. */
  bin: string;
  /** A file with a line "FAMILY CID:PORT" for each connection that was asked for. */
  called: string;
  leads(to: Leads): void;
}

/** A `perl` whose vsock connections lead elsewhere; whatever program it is given runs as it is. */
export function playPerl(folder: string): PlayedPerl {
  const [bin, called] = [join(folder, "played-bin"), join(folder, "vsock-called")];
  mkdirSync(bin);
  const perl = join(bin, "perl");
  writeFileSync(perl, `#!/bin/sh\nexec /usr/bin/perl -I '${bin}' -MPlay "$@"\n`);
  chmodSync(perl, 0o755);
  return {
    ...{ bin, called },
    leads: (to) =>
      writeFileSync(
        join(bin, "Play.pm"),
        `package Play;
my $family;
*CORE::GLOBAL::socket = sub (*$$$) { $family = $_[1]; CORE::socket($_[0], 1, $_[2], $_[3]) };
*CORE::GLOBAL::connect = sub (*$) {
  my (undef, undef, $port, $cid) = unpack "S S L L", $_[1];
  open my $called, ">>", "${called}"; print $called "$family $cid:$port\\n"; close $called;
  ${typeof to === "number" ? `$! = ${to}; return 0;` : `CORE::connect($_[0], pack "S a*", 1, "${to}\\0");`}
};
1;
`,
      ),
  };
}

export interface PlayedProxy {
  /** Where it listens in place of a vsock port. */
  path: string;
  /** From now on whoever comes is the guest with this CID. */
  guest(cid: number): void;
  /** A connection of the guest with this CID; whoever uses it waits for what comes, or for its end. */
  connect(cid: number): Promise<Socket>;
  /** What it wrote to standard error. */
  said(): string;
  end(): Promise<void>;
}

/** As the proxy's, with its timeout for a guest that takes nothing as a shorter one. */
const HARNESS = `
use POSIX ();
use Socket;
my ($program, $listen, $cids);
BEGIN {
  ($program, $listen, $cids) = splice @ARGV, 0, 3;
  *CORE::GLOBAL::accept = sub (**) {
    CORE::accept($_[0], $_[1]) or return;
    open my $file, "<", $cids; my $cid = <$file>;
    return pack "S S L L L", 40, 0, 5000, $cid, 0;
  };
  *CORE::GLOBAL::setsockopt = sub (*$$$) {
    my ($seconds) = unpack "l!", $_[3];
    die "not ten seconds" unless $_[2] == SO_SNDTIMEO && $seconds == 10;
    CORE::setsockopt($_[0], $_[1], $_[2], pack "l! l!", 0, 50_000);
  };
}
socket my $door, AF_UNIX, SOCK_STREAM, 0;
bind $door, pack_sockaddr_un($listen);
listen $door, 64;
POSIX::dup2(fileno $door, 3) unless fileno $door == 3;
print "up\\n"; close STDOUT;
do $program; die $@;
`;

/** The proxy in front of a daemon's socket. @param words connections in all, and of one guest */
export async function playProxy(
  folder: string,
  control: string,
  words: readonly [number, number],
): Promise<PlayedProxy> {
  const [listen, cids] = [join(folder, "vsock.sock"), join(folder, "cid")];
  const child: ChildProcess = spawn(
    "/usr/bin/perl",
    ["-e", HARNESS, PROXY, listen, cids, control, ...words.map(String)],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stderr?.on("data", (text: Buffer) => {
    said += text.toString();
  });
  if (child.stdout !== null) await once(child.stdout, "data");
  const guest = (cid: number) => writeFileSync(cids, String(cid));
  return {
    ...{ path: listen, guest },
    async connect(cid) {
      guest(cid);
      const socket = createConnection({ path: listen, allowHalfOpen: true });
      socket.on("error", () => {});
      await once(socket, "connect");
      return socket;
    },
    said: () => said,
    async end() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
