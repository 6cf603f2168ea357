// What a command needs before it goes out: nothing, a name that is typed, a signature from elsewhere, or it makes no sense now.
import type { ControllerState } from "../../core/status/controller-facts.ts";
import { type Command, type HostState, isUnlocked, type Toast } from "./model.ts";

export type Verdict =
  | { go: "send" }
  | { go: "confirm"; type: string }
  | { go: "sign" }
  | { go: "refuse"; toast: Toast };

/** What cannot be taken back is confirmed by typing a name: the controller's, or the host's. */
const TYPED: ReadonlySet<string> = new Set(["vm.kill", "host.reboot", "host.poweroff"]);

const RUNNING: ReadonlySet<ControllerState> = new Set(["starting", "running", "silent", "paused"]);

export function subjectOf({ args }: Command): string {
  return typeof args.name === "string" ? args.name : "";
}

/** `confirmed`: the name has been typed. */
export function judgeCommand(state: HostState, command: Command, confirmed = false): Verdict {
  const refuse = (key: Toast["key"], values: Toast["values"] = {}): Verdict => ({
    go: "refuse",
    toast: { key, values, tone: "warning" },
  });
  if (state.sending !== null) return refuse("host.toast.one-at-a-time");
  if (state.view.state !== "connected") return refuse("host.toast.no-daemon");
  const { parts } = state.view;
  const name = subjectOf(command);
  if (command.op.startsWith("vm.")) {
    const controller = parts.controllers?.value?.find((each) => each.name === name);
    if (controller === undefined) return refuse("host.toast.no-controller");
    const runs = RUNNING.has(controller.state);
    if (command.op === "vm.start" && runs) return refuse("host.toast.runs", { name });
    if (command.op !== "vm.start" && command.op !== "vm.console" && !runs) return refuse("host.toast.off", { name });
  }
  if (TYPED.has(command.op) && !confirmed) {
    const type = command.op.startsWith("vm.") ? name : (parts.host?.value?.name ?? "");
    return type === "" ? refuse("host.toast.no-name") : { go: "confirm", type };
  }
  const seat = parts.control?.value?.seat;
  return isUnlocked(state) && seat?.operations.includes(command.op) === true ? { go: "send" } : { go: "sign" };
}
