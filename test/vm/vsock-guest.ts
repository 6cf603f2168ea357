// A controller with a vsock device inside a host under test: a Linux that has no key, and sends what somebody has signed.
import { vsockPipe } from "../../bin/ctl/vsock-pipe.ts";
import { decodeReply, FrameReader, REPLY_FRAME_LIMIT, type Reply } from "../../core/control/frames.ts";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { DEADLINE } from "./scenario.ts";
import { domain, FOLDER, KERNEL_LINE } from "./tiny-controllers.ts";

const NAME = "asker";
export const CID = 42;
const CONSOLE = `/var/log/libvirt/qemu/${NAME}-console.log`;
const LAST = "that was all";
/** In the order in which they need each other (modules.dep); the virtio bus is a part of the kernel. */
const MODULES = ["vsock", "vmw_vsock_virtio_transport_common", "vmw_vsock_virtio_transport"];
/** What `multiverse ctl` itself connects with. */
const [, , PROGRAM = ""] = vsockPipe({ kind: "vsock", name: "", cid: 2, port: 1023 });

/**
 * What is sent comes from a file, so that this side is closed before the host answers. Four connections are held while a
 * fifth is tried; a port on which nothing listens is tried, too.
 */
const INIT = `#!/bin/busybox sh
busybox mount -t devtmpfs none /dev
${MODULES.map((name) => `busybox insmod /${name}.ko`).join("\n")}
patient() { n=0; until "$@"; do n=$((n + 1)); [ $n -lt 300 ] || return 1; busybox sleep 1; done; }
send() { perl /pipe.pl 2 "$1" <"/$2" >/reply 2>/error; }
admitted() { send 1023 hello && [ -s /reply ]; }
ask() { send "$2" "$3"; echo "ASKED $1 $? $(busybox base64 -w 0 /reply) $(busybox cat /error)"; }
for held in 1 2 3 4; do
  { busybox cat /hello; busybox sleep 100000; } | perl /pipe.pl 2 1023 >/reply-$held &
  patient [ -s /reply-$held ]
done
ask fifth 1023 hello
busybox killall perl
patient admitted
ask nothing 1022 hello
ask forged 1023 forged
ask right 1023 right
echo "${LAST}"
busybox sleep 100000
`;

const XML = domain(
  NAME,
  160,
  `<kernel>${FOLDER}/vmlinuz</kernel><initrd>${FOLDER}/asker-initrd</initrd><cmdline>${KERNEL_LINE}</cmdline>`,
  `<vsock model='virtio'><cid auto='no' address='${CID}'/></vsock>`,
);

/** A shell script: the host's own kernel, busybox, Perl and modules. `signed` is a file that `ctl --offline` has written. */
const makeFiles = (signed: string) => `set -eu
mkdir -p ${FOLDER}/asker
cd ${FOLDER}/asker
mkdir -p bin dev
for program in busybox perl; do
  cp /usr/bin/$program bin/
  for file in $(ldd bin/$program | grep -o '/[^ ]*'); do mkdir -p ".$(dirname "$file")"; cp -L "$file" ".$file"; done
done
for module in ${MODULES.join(" ")}; do
  busybox unxz -c "/usr/lib/modules/$(uname -r)/kernel/net/vmw_vsock/$module.ko.xz" >$module.ko
done
cat >pipe.pl <<'END'
${PROGRAM}
END
printf '\\0\\0\\0\\1\\1' >hello
perl -e 'local $/; my $body = <STDIN>; print pack("N", 1 + length $body), "\\x02", $body' <${signed} >right
sed 's/"work"/"walk"/' right >forged
cat >init <<'END'
${INIT}END
chmod 755 init
find . | cpio --quiet -o -H newc >../asker-initrd
cd ..
rm -r asker
cp "/boot/vmlinuz-$(uname -r)" vmlinuz
cat >asker.xml <<'END'
${XML}END
virsh -q define asker.xml
`;

export interface Asked {
  /** How the program that connects ended, and what it said. */
  exit: number;
  error: string;
  /** Null where the connection was ended without a word. */
  reply: Reply | null;
}

/** Starts it, and gives what came of each thing that it asked, by name. Root's shell on the host. */
export async function askFromGuest(shell: GuestShell, signed: string): Promise<Map<string, Asked>> {
  await shell.output(makeFiles(signed), { deadlineMs: DEADLINE.command, what: "the guest's files" });
  await shell.output(`virsh -q start ${NAME}`, { deadlineMs: DEADLINE.command });
  const text = await shell.output(
    `n=0; until grep -q '${LAST}' ${CONSOLE}; do n=$((n + 1)); [ $n -lt 800 ] || { cat ${CONSOLE}; exit 1; }; sleep 1; done; cat ${CONSOLE}`,
    { deadlineMs: DEADLINE.boot, what: "the guest to ask by vsock" },
  );
  const lines = [...text.matchAll(/^ASKED (\w+) (\d+) (\S*) ?(.*?)\r?$/gm)];
  return new Map(
    lines.map(([, name = "", exit, reply = "", error = ""]) => {
      const [frame] = new FrameReader(REPLY_FRAME_LIMIT).push(Buffer.from(reply, "base64"));
      return [name, { exit: Number(exit), error, reply: frame === undefined ? null : decodeReply(frame.body) }];
    }),
  );
}
