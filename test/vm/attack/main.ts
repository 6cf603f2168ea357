// Runs on the host that is attacked, by its own Node, as a user without rights: one kind of attack, a line for each thing seen.
import { garbage, gibibyte, idleConnections, slowWriters } from "./floods.ts";
import { clockSetBack, forgeries, policyUnreadable, replays, revoked, sequences, twoPeople } from "./forgeries.ts";
import { asSeat } from "./seat.ts";
import { crowdByVsock, floodsByVsock } from "./vsock.ts";
import { person, rightCommand, told } from "./wire.ts";

const [kind = "", ...words] = process.argv.slice(2);
const [grace, henry, mallory] = [() => person("grace"), () => person("henry"), () => person("mallory")];

const KINDS: Readonly<Record<string, () => Promise<void>>> = {
  forgeries: () => forgeries(grace(), mallory()),
  replays: () => replays(grace()),
  sequences: () => sequences(grace(), henry()),
  "two-people": () => twoPeople(grace(), henry(), mallory()),
  revoked: () => revoked(henry()),
  "policy-unreadable": () => policyUnreadable(grace()),
  "clock-set-back": () => clockSetBack(grace()),
  gibibyte: () => gibibyte(),
  "slow-writers": () => slowWriters(grace()),
  "idle-connections": () => idleConnections(grace()),
  garbage: () => garbage(grace(), Number(words[0]), Number(words[1])),
  "vsock-floods": () => floodsByVsock(grace()),
  "vsock-crowd": () => crowdByVsock(grace()),
  right: async () => told({ title: words[0] ?? "", seen: await rightCommand(grace()), expected: "done signed" }),
  acknowledge: async () =>
    told({ title: words[0] ?? "", seen: await rightCommand(grace(), "audit.acknowledge"), expected: "done signed" }),
  // title, expected, certificate, operation, name
  seat: async () =>
    told({
      title: words[0] ?? "",
      expected: words[1] ?? "",
      seen: await asSeat(words[2] ?? "", words[3] ?? "", words[4]),
    }),
};

const run = KINDS[kind];
if (run === undefined) throw new Error(`there is no attack ${kind}`);
await run();
