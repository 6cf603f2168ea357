// `multiverse status`: what multiversed knows of this host, once or as it changes, for people and scripts.
import { resolve } from "node:path";
import { ActionableError, EXIT } from "../../core/errors.ts";
import { followStatus } from "../../core/status/client.ts";
import type { PartName } from "../../core/status/snapshot.ts";
import type { StatusView } from "../../core/status/view.ts";
import { showPart, showStatus } from "../show-status.ts";
import type { Verb } from "../verb.ts";

const SOCKET = "/run/multiverse/status.sock";

export const statusVerb: Verb = {
  name: "status",
  summary: "show how this host is: network, controllers, pools, disks, what failed",
  usage: "status [--json] [--follow] [--socket PATH]",
  about: [
    "Reads what multiversed tells; needs no root. Each part says how old it is, and why there is no newer value where the",
    "last reading failed. --json prints the daemon's own messages (docs/formats/status-messages.md).",
  ],
  options: {
    json: { says: "the daemon's message, or with --follow its messages, one JSON object a line" },
    follow: { says: "go on: each part again when it changes" },
    socket: { value: "PATH", says: `multiversed's socket; default ${SOCKET}`, default: SOCKET },
  },
  examples: [
    { line: "multiverse status", does: "everything once, as text" },
    { line: "multiverse status --follow", does: "and then what changes" },
    { line: "multiverse status --json | jq .parts.pools.value", does: "the pools, for a script" },
  ],
  words: [0, 0],
  run({ out, say, signal }, args) {
    const from = resolve(args.value("socket") ?? SOCKET);
    const [json, follow] = [args.has("json"), args.has("follow")];
    return new Promise((done, fail) => {
      let last: StatusView | null = null;
      const stop = (then: () => void) => {
        following.stop();
        signal.removeEventListener("abort", onAbort);
        then();
      };
      const onAbort = () => stop(() => fail(signal.reason));
      const following = followStatus({
        from,
        onStatus(view) {
          if (view.state !== "connected") {
            if (!follow) stop(() => fail(unreachable(from, view.why)));
            else say(`multiverse: ${view.why}\n`);
          } else if (!json)
            out(last?.state === "connected" ? changed(last, view) : showStatus(view, performance.now()));
          last = view;
          if (view.state === "connected" && !follow && !json) stop(() => done(EXIT.done));
        },
        onLine(line) {
          if (json) out(`${line}\n`);
          if (json && !follow) stop(() => done(EXIT.done));
        },
      });
      signal.addEventListener("abort", onAbort, { once: true });
    });
  },
};

function changed(before: StatusView, view: StatusView): string {
  const names = Object.keys(view.parts) as PartName[];
  return names
    .filter((name) => view.parts[name] !== before.parts[name])
    .map((name) => showPart(view, name, performance.now()))
    .join("");
}

function unreachable(socket: string, why: string | null): ActionableError {
  return new ActionableError({
    ...{ code: "no-daemon", exit: EXIT.refused, message: `${why ?? "multiversed does not answer"}.` },
    evidence: [`socket ${socket}`],
    hint: "On a host: systemctl status multiversed",
  });
}
