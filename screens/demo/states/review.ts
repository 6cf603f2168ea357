// The review: what is erased, every step, every value, and the field that starts it.
import { WHOLE } from "../specs.ts";
import { HOSTILE, NO_SOURCE } from "./machines.ts";
import { type DemoState, press, stateOf, type } from "./state.ts";

const NOT_ENCRYPTED = WHOLE.replace("encryption: passphrase", "encryption: none");
const ON_HOSTILE = NOT_ENCRYPTED.replace(/disks:.*\n/, "disks: { system: nvme-demo_0 }\n");

export async function reviewStates(): Promise<DemoState[]> {
  const answered = ["disks.system", "host.name", "users", "root.encryption"];
  const ready = { answered, secrets: { passphrase: "", recovery: "" } };
  const field = press("tab");
  return Promise.all([
    stateOf("review", "top", { more: ready }),
    stateOf("review", "middle", { more: ready, keys: press("page-down") }),
    stateOf("review", "bottom", { more: ready, keys: press("end") }),
    stateOf("review", "not-encrypted", { text: NOT_ENCRYPTED, more: ready }),
    stateOf("review", "confirm", { more: ready, keys: [...field, type("jupit")] }),
    stateOf("review", "confirm-wrong", { more: ready, keys: [...field, type("saturn"), ...press("enter")] }),
    stateOf("review", "confirm-right", { more: ready, keys: [...field, type("jupiter.example.net")] }),
    stateOf("review", "no-journal", { more: { ...ready, durable: false } }),
    stateOf("review", "no-plan", { machine: NO_SOURCE, more: ready }),
    stateOf("review", "hostile", { text: ON_HOSTILE, machine: HOSTILE, more: ready }),
    stateOf("review", "saved", { more: ready, keys: [type("s")] }),
    stateOf("review", "in-german", { more: { ...ready, language: "de" } }),
    stateOf("review", "in-polish", { more: { ...ready, language: "pl" } }),
    stateOf("review", "help", { more: ready, keys: [type("?")] }),
    stateOf("review", "busy", { more: { ...ready, busy: "answer" } }),
  ]);
}
