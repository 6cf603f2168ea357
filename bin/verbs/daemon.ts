// `multiverse daemon`: multiversed, which tells how the host is and does what signed commands ask for.
import { resolve } from "node:path";
import { EXIT } from "../../core/errors.ts";
import type { Verb } from "../verb.ts";

export const daemonVerb: Verb = {
  name: "daemon",
  summary: "multiversed: tell how this host is, and do what signed commands ask for",
  usage: "daemon [--run-folder DIR] [--state-folder DIR] [--etc-folder DIR]",
  about: [
    "The service multiversed.service runs this as root. It reads the host's pools, disks, network and controllers, each",
    "on its own, and tells of them on status.sock in its run folder; whoever may open that can follow it. It runs until",
    "it gets SIGTERM.",
  ],
  options: {
    "run-folder": { value: "DIR", says: "where its sockets are; default /run/multiverse", default: "/run/multiverse" },
    "state-folder": {
      value: "DIR",
      says: "accepted commands and the audit log; default /var/lib/multiverse/control",
      default: "/var/lib/multiverse/control",
    },
    "etc-folder": {
      value: "DIR",
      says: "who may command what; default /etc/multiverse/control",
      default: "/etc/multiverse/control",
    },
  },
  examples: [
    { line: "multiverse daemon", does: "as the service does, in the foreground" },
    { line: "multiverse daemon --run-folder /tmp/mv", does: "beside a service that runs, to try it" },
  ],
  words: [0, 0],
  async run(context, args) {
    const folder = (name: string) => resolve(args.value(name) ?? "");
    const { runDaemon } = await import("../run-daemon.ts");
    await runDaemon(context, {
      runFolder: folder("run-folder"),
      stateFolder: folder("state-folder"),
      etcFolder: folder("etc-folder"),
    });
    return EXIT.done;
  },
};
