// `multiverse ctl`: tells a host to do something, signed with a key that never leaves this machine.

import { OPERATION_NAMES } from "../../core/control/operations.ts";
import { EXIT } from "../../core/errors.ts";
import { nearest } from "../../core/spec/suggest.ts";
import { listOperations } from "../ctl/list-operations.ts";
import { CONTROL_SOCKET } from "../ctl/place.ts";
import { usage } from "../parse-arguments.ts";
import type { Verb } from "../verb.ts";

export const ctlVerb: Verb = {
  name: "ctl",
  summary: "tell a host to do something, signed with your key",
  usage: "ctl [OP [name=value…]] [--host PLACE] [--key FILE | --agent SHA256:…] [--principal NAME]",
  about: [
    "Without OP it lists what a host can be told. A command is signed here, by ssh-keygen or your ssh-agent, for one host,",
    "and good once; the host's answer counts only with the signature of the host key that is known here. Who may do what",
    "is decided on the host. Arguments are name=text, or name:=JSON for numbers and truth. docs/commands.md tells all.",
  ],
  options: {
    host: {
      value: "PLACE",
      says: "another host: ssh://USER@HOST[:PORT], or vsock://2 from a controller; default: this one",
    },
    socket: { value: "PATH", says: `another socket of this machine than ${CONTROL_SOCKET}` },
    key: {
      value: "FILE",
      says: "the key that signs, or its .pub if it is in the agent; default: the agent's only key",
    },
    agent: { value: "FINGERPRINT", says: "the agent's key that signs, as ssh-add -l shows it" },
    principal: { value: "NAME", says: "who you are to that host; default: your login name" },
    "second-key": { value: "FILE", says: "the key of a second person, where two are needed" },
    "second-principal": { value: "NAME", says: "who that is" },
    code: { value: "CODE", says: "what tty1 of the host shows: for seat.grant, or in a second signer's place" },
    "if-state": { value: "STATE", says: "only if it is in that state now" },
    "host-key": { value: "LINE", says: "the host's public key, or a file with it; default: what is known here" },
    offline: { value: "FILE", says: "sign only: write the command to a new file, to be sent from elsewhere" },
    hours: { value: "N", says: "with --offline: how long it is good; default 24, at most 24" },
    seq: { value: "N", says: "with --offline: its number, above the last one of this key; default: the time" },
    send: { value: "FILE", says: "send what --offline wrote; a second signature can be added with --second-key" },
    json: { says: "the host's answer as it came, for programs" },
  },
  examples: [
    { line: "multiverse ctl", does: "what a host can be told" },
    { line: "multiverse ctl vm.start name=work", does: "on this host, with the only key of your agent" },
    {
      line: "multiverse ctl host.reboot --host ssh://ada@jupiter --key ~/.ssh/admin",
      does: "another host; the key stays here",
    },
    {
      line: "multiverse ctl vm.switch to=games --host vsock://2 --host-key host.pub",
      does: "from a controller to its host, without a network",
    },
    {
      line: "multiverse ctl seat.grant --code 4821-7730",
      does: "unlocks tty1, which shows that code, for eight hours",
    },
    {
      line: "multiverse ctl vm.stop name=work seconds:=60 --offline stop.cmd --host-key jupiter.pub",
      does: "signs a command on a machine without a network",
    },
    { line: "multiverse ctl --send stop.cmd --host ssh://ada@jupiter", does: "sends it" },
  ],
  words: [0, Number.POSITIVE_INFINITY],
  places: [OPERATION_NAMES],
  async run(context, args) {
    const [op] = args.words;
    if (op === undefined && args.value("send") === undefined) {
      context.out(listOperations());
      return EXIT.done;
    }
    if (op !== undefined && !OPERATION_NAMES.some((name) => name === op)) {
      const guess = nearest(op, OPERATION_NAMES);
      throw usage(ctlVerb, `There is no operation ${op}${guess === undefined ? "." : `; did you mean ${guess}?`}`);
    }
    const { sendCommand } = await import("../ctl/send-command.ts");
    return sendCommand(context, args, (message) => usage(ctlVerb, message));
  },
};
