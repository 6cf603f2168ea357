// `multiverse control-pipe`: standard input and output stand for this host's control socket, for ctl over ssh.
import { daemonSocket } from "../ctl/connect.ts";
import { CONTROL_SOCKET } from "../ctl/place.ts";
import type { Verb } from "../verb.ts";

export const controlPipeVerb: Verb = {
  name: "control-pipe",
  summary: "connect standard input and output with this host's control socket",
  usage: "control-pipe [--socket PATH]",
  about: [
    "What `multiverse ctl --host` starts on the other side. It needs no rights and knows no key: whoever may connect may",
    'say nothing that is not signed. An ssh key can be limited to it: command="multiverse control-pipe",restrict',
  ],
  options: { socket: { value: "PATH", says: `another socket than ${CONTROL_SOCKET}` } },
  examples: [
    {
      line: "multiverse control-pipe",
      does: "what ctl starts over ssh; by hand, `ssh ada@jupiter multiverse control-pipe` shows what stands in its way",
    },
  ],
  words: [0, 0],
  async run({ signal }, args) {
    const path = args.value("socket") ?? CONTROL_SOCKET;
    const socket = await daemonSocket(path);
    const stop = () => socket.destroy();
    signal.addEventListener("abort", stop, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.once("close", () => resolve());
        process.stdin.pipe(socket).pipe(process.stdout, { end: false });
      });
    } finally {
      signal.removeEventListener("abort", stop);
      // An open standard input would keep the program, though nobody listens any more.
      process.stdin.unpipe(socket).destroy();
    }
    return undefined;
  },
};
